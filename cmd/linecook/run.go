package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// runOptions are the flags of run.
type runOptions struct {
	print     []string
	format    string
	frames    int64
	record    string
	rows      bool
	watch     bool
	workers   int
	set       []string
	params    []string
	logFormat string
	monitor   monitorOptions
	screen    *topScreen // nil if none shows the engine
}

func newRun() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use: "run PATCH", Short: "Cook a patch live until SIGINT or SIGTERM", Args: cobra.ExactArgs(1),
		Long: `Cook a patch live until SIGINT or SIGTERM; what has arrived by then is cooked and sent, and
everything is closed, within 2 seconds. A second signal ends it at once.

When the patch or a file that it includes changes, and at SIGHUP, it is read again, and the graph becomes
that of the new one between two frames: nodes that did not change are not touched, and those that did keep their
connections unless they have to listen elsewhere. A patch with a mistake is not taken.

The rows of the nodes that --print names go to standard output. Without --print they are those of
the nodes that nothing reads and that do nothing else.`,
		RunE: func(cmd *cobra.Command, args []string) error { return runPatch(cmd, args[0], o) },
	}
	o.flags(cmd.Flags())
	o.runFlags(cmd.Flags())
	return cmd
}

// runFlags are those that record does not have.
func (o *runOptions) runFlags(f *pflag.FlagSet) {
	f.IntVar(&o.workers, "workers", 0, "cook independent branches with at most `N` goroutines; 0 is as many as there are processors")
	f.StringVar(&o.record, "record", "", "keep everything that arrives in a take, `FILE`, which must not exist yet")
}

func (o *runOptions) flags(f *pflag.FlagSet) {
	f.BoolVar(&o.rows, "rows", false, "add the rows of what arrives to the take, as JSON, for Foxglove and other tools")
	f.StringArrayVar(&o.print, "print", nil, "print the rows of `NODE` (may be given again)")
	f.StringVar(&o.format, "format", "jsonl", "how rows are printed: jsonl, csv or table")
	f.Int64Var(&o.frames, "frames", 0, "stop after `N` frames")
	f.StringArrayVar(&o.set, "set", nil, "set a parameter, as `NODE.PARAM=VALUE` (may be given again)")
	f.StringArrayVar(&o.params, "param", nil, "give a parameter that the patch declares a value, as `NAME=VALUE` (may be given again)")
	o.monitor.flags(f)
	f.BoolVar(&o.watch, "watch", true, "follow changes of the patch's files; without it only SIGHUP has them read again")
	f.StringVar(&o.logFormat, "log-format", "", "text or json (text on a terminal, else json)")
}

func (o *runOptions) check() error {
	if rowFormats[o.format] == nil {
		return fmt.Errorf("--format %s is not jsonl, csv or table", o.format)
	}
	if !slices.Contains([]string{"", "text", "json"}, o.logFormat) {
		return fmt.Errorf("--log-format %s is not text or json", o.logFormat)
	}
	if o.frames < 0 {
		return fmt.Errorf("--frames %d is negative", o.frames)
	}
	if o.rows && o.record == "" {
		return errors.New("--rows is for a take; say --record FILE, too")
	}
	if o.workers < 0 {
		return fmt.Errorf("--workers %d is negative", o.workers)
	}
	return o.monitor.check()
}

func runPatch(cmd *cobra.Command, file string, o runOptions) error {
	if err := o.check(); err != nil {
		return &exitError{exitUsage, err}
	}
	src := &source{file: file, set: o.set, params: o.params}
	patch, g, err := src.load()
	if err != nil {
		return err
	}
	nodes, err := printed(g, "print", o.print)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	ctx := untilSignal(cmd.Context())
	log, endLog := newLogger(o.screen.log(cmd.ErrOrStderr()), logFormat(o.logFormat))
	defer endLog()
	ctx, end := context.WithCancel(ctx)
	defer end()
	rows := newRowPrinter(cmd.OutOrStdout(), o.format, log, readerGone(g, log, end))
	seen, err := o.monitor.listen(log)
	if err != nil {
		return &exitError{exitFailure, err}
	}
	config := engineConfig(patch, o, log)
	rec, err := src.record(o, patch, g, nodes, log)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	rec.tap(&config)
	e, err := cook.New(g, config)
	if err != nil {
		return &exitError{exitInput, err}
	}
	prints := &printing{engine: e, rows: rows, silent: o.screen != nil, names: o.print, log: log, stops: map[*graph.Node]func(){}}
	prints.follow()
	rec.observe(e)
	seen.show(e, src.engineInfo(patch), rec)
	o.screen.show(ctx, e, src.engineInfo(patch), rec, log, end)
	r := &reloader{engine: e, log: log, src: src, patch: patch, prints: prints, hungUp: end}
	stopReloading := r.start(ctx, o.watch)
	err = cookAndPrint(ctx, e, rows, rec)
	stopReloading()
	seen.close()
	err = errors.Join(err, o.screen.close())
	s := e.Stats()
	log.Info("ended", slog.Uint64("frames", s.Frames), slog.Uint64("skipped", s.Skipped), slog.Uint64("late", s.Late))
	return err
}

// readerGone returns what to do when nobody can read the rows any more: a patch that has no other effect
// has nothing left to do.
func readerGone(g *graph.Graph, log *slog.Logger, end func()) func() {
	for n := range g.Nodes() {
		if n.IsEffect() {
			return func() { log.Warn("rows are not printed any more: nobody reads standard output") }
		}
	}
	return end
}

func cookAndPrint(ctx context.Context, e *cook.Engine, rows *rowPrinter, rec *recording) error {
	var errs *multierror.Error
	if err := e.Run(ctx); err != nil {
		errs = multierror.Append(errs, err)
	}
	if err := rec.close(); err != nil {
		errs = multierror.Append(errs, err)
	}
	if err := rows.close(timeLeft(ctx)); err != nil {
		errs = multierror.Append(errs, err)
	}
	if errs != nil {
		return &exitError{exitFailure, errs}
	}
	return nil
}

func engineConfig(p *patches.Patch, o runOptions, log *slog.Logger) cook.Config {
	c := cook.Config{FPS: p.Timeline.FPS, Frames: o.frames, Workers: o.workers, Logger: log}
	if p.Timeline.Mode == patches.Arrival {
		c.Mode = cook.ArrivalMode
	}
	return c
}
