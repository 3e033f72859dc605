package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/spool"
	"linecook.dev/linecook/patches"
)

// runOptions are the flags of run.
type runOptions struct {
	print     []string
	format    string
	frames    int64
	set       []string
	logFormat string
}

func newRun() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use: "run PATCH", Short: "Cook a patch live until SIGINT or SIGTERM", Args: cobra.ExactArgs(1),
		Long: `Cook a patch live until SIGINT or SIGTERM; what has arrived by then is cooked and sent, and
everything is closed, within 2 seconds.

The rows of the nodes that --print names go to standard output. Without --print they are those of
the nodes that nothing reads and that do nothing else.`,
		RunE: func(cmd *cobra.Command, args []string) error { return runPatch(cmd, args[0], o) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.print, "print", nil, "print the rows of `NODE` (may be given again)")
	f.StringVar(&o.format, "format", "jsonl", "how rows are printed: jsonl, csv or table")
	f.Int64Var(&o.frames, "frames", 0, "stop after `N` frames")
	f.StringArrayVar(&o.set, "set", nil, "set a parameter, as `NODE.PARAM=VALUE` (may be given again)")
	f.StringVar(&o.logFormat, "log-format", "", "text or json (text on a terminal, else json)")
	return cmd
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
	return nil
}

func runPatch(cmd *cobra.Command, file string, o runOptions) error {
	if err := o.check(); err != nil {
		return &exitError{exitUsage, err}
	}
	patch, g, err := load(file, o.set)
	if err != nil {
		return err
	}
	nodes, err := printed(g, o.print)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	log, closeLog := newLogger(cmd.ErrOrStderr(), logFormat(o.logFormat))
	defer closeLog()
	rows := &rowPrinter{out: spool.New(cmd.OutOrStdout(), printLimit), format: rowFormats[o.format]}
	defer rows.close(log)
	e, err := cook.New(g, engineConfig(patch, o, log))
	if err != nil {
		return &exitError{exitInput, err}
	}
	for _, n := range nodes {
		e.Observe(n, func(frame int64, d table.Delta) { rows.print(n.Path(), frame, d) })
	}
	ctx, stop := untilSignal(cmd.Context())
	defer stop()
	if err := e.Run(ctx); err != nil {
		return &exitError{exitFailure, err}
	}
	return nil
}

// load reads a patch and builds its graph, with parameters set as the command line says.
func load(file string, set []string) (*patches.Patch, *graph.Graph, error) {
	patch, err := patches.Load(file, operators())
	if err != nil {
		return nil, nil, &exitError{exitInput, err}
	}
	var errs *multierror.Error
	for _, s := range set {
		if err := setParam(patch, s); err != nil {
			errs = multierror.Append(errs, fmt.Errorf("--set %s: %w", s, err))
		}
	}
	if errs != nil {
		return nil, nil, &exitError{exitUsage, errs}
	}
	g := graph.New()
	if err := patch.Build(g); err != nil {
		return nil, nil, &exitError{exitInput, err}
	}
	return patch, g, nil
}

// setParam does what one --set says: node.param=value.
func setParam(p *patches.Patch, s string) error {
	target, value, ok := strings.Cut(s, "=")
	dot := strings.LastIndexByte(target, '.')
	if !ok || dot < 0 {
		return fmt.Errorf("it is not NODE.PARAM=VALUE")
	}
	node, name := p.Node(target[:dot]), target[dot+1:]
	if node == nil {
		return fmt.Errorf("no node %q%s", target[:dot], graph.DidYouMean(target[:dot], nodeNames(p)))
	}
	param := node.Type.Param(name)
	if param == nil {
		return fmt.Errorf("%s has no parameter %q%s", node.Type.Name, name, graph.DidYouMean(name, paramNames(node.Type)))
	}
	v, err := param.Parse(value)
	if err != nil {
		return err
	}
	return param.Set(node.Operator, v)
}

func nodeNames(p *patches.Patch) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, n := range p.Nodes {
			if !yield(n.Name) {
				return
			}
		}
	}
}

func paramNames(t *graph.OpType) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, p := range t.Params {
			if !yield(p.Name) {
				return
			}
		}
	}
}

// printed returns the nodes to print: those named, or without names those that nothing reads and
// that have no effect.
func printed(g *graph.Graph, names []string) ([]*graph.Node, error) {
	var out []*graph.Node
	var errs *multierror.Error
	for _, name := range names {
		n := g.Node(name)
		if n == nil {
			errs = multierror.Append(errs, fmt.Errorf("--print: no node %q%s", name, graph.DidYouMean(name, graphNames(g))))
			continue
		}
		out = append(out, n)
	}
	if len(names) > 0 {
		return out, errs.ErrorOrNil()
	}
	read := map[*graph.Node]bool{}
	for n := range g.Nodes() {
		for _, in := range append(n.Inputs(), n.Refs()...) {
			read[in] = true
		}
	}
	for n := range g.Nodes() {
		if !read[n] && !n.IsEffect() {
			out = append(out, n)
		}
	}
	return out, nil
}

func graphNames(g *graph.Graph) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for n := range g.Nodes() {
			if !yield(string(n.Path())) {
				return
			}
		}
	}
}

func engineConfig(p *patches.Patch, o runOptions, log *slog.Logger) cook.Config {
	c := cook.Config{FPS: p.Timeline.FPS, Frames: o.frames, Logger: log}
	if p.Timeline.Mode == patches.Arrival {
		c.Mode = cook.ArrivalMode
	}
	return c
}

// untilSignal returns a context that ends with SIGINT or SIGTERM. A second one ends the program.
func untilSignal(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(exitFailure)
	}()
	return ctx, cancel
}

// logFormat returns what --log-format says, or what fits standard error.
func logFormat(flag string) string {
	if flag != "" {
		return flag
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return "text"
	}
	return "json"
}

// printClose is how long what is printed may take to go out in the end.
const printClose = time.Second

// close writes what waits, and says what was lost.
func (p *rowPrinter) close(log *slog.Logger) {
	err := p.out.Close(printClose)
	if lost, _ := p.out.State(); lost > 0 || err != nil {
		log.Error("rows not printed", "writes", lost, "err", err)
	}
}
