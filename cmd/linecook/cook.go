package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"linecook.dev/linecook/cook/take"
)

// cookOptions are the flags of cook.
type cookOptions struct {
	take      string
	frames    string
	out       string
	format    string
	nodes     []string
	set       []string
	params    []string
	logFormat string
	resume    bool
	workers   int

	from, to int64 // of frames
}

func newCook() *cobra.Command {
	var o cookOptions
	cmd := &cobra.Command{
		Use: "cook PATCH", Short: "Cook a patch offline, from a take or by itself", Args: cobra.ExactArgs(1),
		Long: `Cook a patch without sockets and as fast as it goes. With a take, each frame is given exactly what it
was given when the take was recorded; PATCH may be another patch than was recorded then. Without one, what
is cooked is the patch's own sources, and --frames says how far.

The rows of the nodes that --node names go to standard output, or into files of --out, one a node; without
--node they are those that run would print. With --out, what the nodes would have sent or written is in
sends.jsonl. Only the frames of --frames are put out; those before are cooked all the same.

Files get their names when all of them are whole. Until then, and after an interruption, what there is of them is
in DIR/.cook: with --resume the same command goes on there, and makes the same bytes as without an interruption.
The frames before are cooked again, but not put out.

A take has hashes of the tables, and of what was sent. If PATCH is the patch that was recorded, what is cooked
is compared with them, and if it differs the exit code is 1.`,
		RunE: func(cmd *cobra.Command, args []string) error { return cookOffline(cmd, args[0], o) },
	}
	o.flags(cmd.Flags())
	return cmd
}

func (o *cookOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.take, "take", "", "cook what is recorded in `FILE`")
	f.StringVar(&o.frames, "frames", "", "put out the frames `A-B` only; A- is to the take's end, -B from its beginning")
	f.StringVar(&o.out, "out", "", "write files into `DIR`")
	f.StringVar(&o.format, "format", "jsonl", "how rows are written: jsonl, csv or table")
	f.StringArrayVar(&o.nodes, "node", nil, "put out the rows of `NODE` (may be given again)")
	f.StringArrayVar(&o.set, "set", nil, "set a parameter, as `NODE.PARAM=VALUE` (may be given again)")
	f.StringArrayVar(&o.params, "param", nil, "give a parameter that the patch declares a value, as `NAME=VALUE` (may be given again)")
	f.IntVar(&o.workers, "workers", 0, "cook branches that do not depend on each other with `N` goroutines; 0: as many as there are processors. It changes nothing of what is put out")
	f.BoolVar(&o.resume, "resume", false, "go on where an interrupted cook into --out was")
	f.StringVar(&o.logFormat, "log-format", "", "text or json (text on a terminal, else json)")
}

func (o *cookOptions) check() (err error) {
	if rowFormats[o.format] == nil {
		return fmt.Errorf("--format %s is not jsonl, csv or table", o.format)
	}
	if !slices.Contains([]string{"", "text", "json"}, o.logFormat) {
		return fmt.Errorf("--log-format %s is not text or json", o.logFormat)
	}
	if o.from, o.to, err = parseFrames(o.frames); err != nil {
		return fmt.Errorf("--frames %s: %w", o.frames, err)
	}
	if o.workers < 0 {
		return fmt.Errorf("--workers %d is negative", o.workers)
	}
	if o.resume && o.out == "" {
		return errors.New("--resume is for files; say --out DIR, too")
	}
	if o.take == "" && o.to == math.MaxInt64 {
		return errors.New("without --take, --frames A-B has to say how far")
	}
	return nil
}

// parseFrames returns the first and the last frame of A-B, A-, -B or A.
func parseFrames(s string) (from, to int64, err error) {
	from, to = 1, math.MaxInt64
	a, b, isRange := strings.Cut(s, "-")
	if a != "" {
		from, err = strconv.ParseInt(a, 10, 64)
		if !isRange {
			to = from
		}
	}
	if b != "" && err == nil {
		to, err = strconv.ParseInt(b, 10, 64)
	}
	if err != nil || from < 1 || to < from {
		return 0, 0, errors.New("want A-B, with frames from 1 on and A not behind B")
	}
	return from, to, nil
}

func cookOffline(cmd *cobra.Command, file string, o cookOptions) error {
	if err := o.check(); err != nil {
		return &exitError{exitUsage, err}
	}
	ctx, stop := untilInterrupt(cmd.Context())
	defer stop()
	progress := newBar(cmd.ErrOrStderr())
	log, endLog := newLogger(progress, logFormat(o.logFormat))
	defer endLog()
	c, err := newCooking(&source{file: file, set: o.set, params: o.params}, o.workers, log)
	if err != nil {
		return err
	}
	c.from, c.to = o.from, o.to
	if o.out != "" || !isTerminal(cmd.OutOrStdout()) { // else the rows are seen
		c.bar = progress
	}
	if o.take == "" {
		return c.cookInto(cmd.OutOrStdout(), o, uuid.Nil, func() error { return c.cookOwn(ctx) })
	}
	return withTake(o.take, func(t *taken) error {
		return c.cookInto(cmd.OutOrStdout(), o, t.Info().ID, func() error { return c.cookTake(ctx, t) })
	})
}

// cookInto puts out what cook cooks, which is of a take with that ID.
func (c *cooking) cookInto(w io.Writer, o cookOptions, id uuid.UUID, cook func() error) error {
	nodes, err := printed(c.graph, "node", o.nodes)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	var p *parts
	if o.out != "" {
		if p, err = openParts(o.out, c.identity(o, id), o.resume); err != nil {
			return &exitError{exitUsage, err}
		}
	}
	if c.out, err = newCookOutput(w, p, o.format, nodes); err != nil {
		return &exitError{exitUsage, err}
	}
	for _, n := range nodes {
		c.observe(n)
	}
	err = cook()
	c.endBar()
	if closed := c.out.close(err == nil, c.done); err == nil {
		err = closed
	}
	return offlineExit(c, err)
}

// identity returns what has a part in the bytes of the files, by the name that users have for it.
func (c *cooking) identity(o cookOptions, id uuid.UUID) map[string]string {
	return map[string]string{
		"take": id.String(), "patch": c.info.Digest(), "--frames": o.frames, "--format": o.format, "--node": strings.Join(o.nodes, " "),
	}
}

// offlineExit returns how the program ends after an offline cook.
func offlineExit(c *cooking, err error) error {
	_, known := errors.AsType[*exitError](err)
	_, damaged := errors.AsType[*take.DamageError](err)
	switch {
	case err == nil && c.difference != nil:
		return &exitError{exitInput, c.difference}
	case err == nil || known:
		return err
	case errors.Is(err, context.Canceled):
		return &exitError{exitFailure, c.interrupted()}
	case damaged, errors.Is(err, take.ErrOrder), errors.Is(err, take.ErrEmptyRange):
		return &exitError{exitInput, err}
	}
	return &exitError{exitFailure, err}
}

// interrupted says how far the cook has come.
func (c *cooking) interrupted() error {
	if c.out == nil || c.out.parts == nil {
		return fmt.Errorf("interrupted behind frame %d", c.done)
	}
	return fmt.Errorf("interrupted behind frame %d: no file is whole; the same command with --resume goes on there", c.done)
}

// warnAbout logs what a take lacks.
func warnAbout(log *slog.Logger, t *taken, lost uint64) {
	if t.Torn() {
		log.Warn("the take has no end: its recorder was killed, or still records; the frames it has are used", "take", t.name)
	}
	if lost > 0 {
		log.Warn("the take lacks events that its recorder had no room for", "take", t.name, "count", lost)
	}
}

// until yields frames as far as the last one that is wanted.
func until(frames iter.Seq2[*take.Frame, error], last int64) iter.Seq2[*take.Frame, error] {
	return func(yield func(*take.Frame, error) bool) {
		for f, err := range frames {
			if err == nil && f.Number > last || !yield(f, err) {
				return
			}
		}
	}
}
