package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/cook/take"
)

func newTakeCut() *cobra.Command {
	var frames, times string
	cmd := &cobra.Command{
		Use: "cut TAKE OUT (--frames A-B | --time A-B)", Short: "Write a part of a take as a take of its own", Args: cobra.ExactArgs(2),
		Long: `Write a part of a take into OUT, which must not exist yet. Frames keep their numbers and times.

A part that does not begin with the take lacks what tables and scripts had from the frames before; it begins
with who was connected then. So the part makes something else than was made in the show, and has new hashes,
of what it makes by itself: take verify compares with these.`,
		Example: `  linecook take cut monday.mcap trouble.mcap --frames 72000-73800
  linecook take cut monday.mcap trouble.mcap --time 20m-20m30s`,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := parseRange(frames, times)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			ctx, stop := untilInterrupt(cmd.Context())
			defer stop()
			return withTake(args[0], func(t *taken) error { return takeCut(ctx, cmd.OutOrStdout(), cmd.ErrOrStderr(), t, args[1], r) })
		},
	}
	cmd.Flags().StringVar(&frames, "frames", "", "the frames `A-B`; A- is to the take's end, -B from its beginning")
	cmd.Flags().StringVar(&times, "time", "", "the frames of the time `A-B` since the take began, as 90s-2m; A- and -B as for --frames")
	cmd.MarkFlagsOneRequired("frames", "time")
	cmd.MarkFlagsMutuallyExclusive("frames", "time")
	return cmd
}

// A takeRange is the part of a take that the command line names.
type takeRange struct {
	take.Range
	text string
}

func parseRange(frames, times string) (r takeRange, err error) {
	if frames != "" {
		r.text = "frames " + frames
		if r.From, r.To, err = parseFrames(frames); err != nil {
			err = fmt.Errorf("--frames %s: %w", frames, err)
		}
		return r, err
	}
	r.text = "time " + times
	if r.Begin, r.End, err = parseTimes(times); err != nil {
		err = fmt.Errorf("--time %s: %w", times, err)
	}
	return r, err
}

// parseTimes returns the ends of A-B, A- or -B; 0 is an end that is not given.
func parseTimes(s string) (from, to time.Duration, err error) {
	a, b, isRange := strings.Cut(s, "-")
	if a != "" {
		from, err = time.ParseDuration(a)
	}
	if b != "" && err == nil {
		to, err = time.ParseDuration(b)
	}
	if err != nil || !isRange || from < 0 || b != "" && to < max(from, 1) {
		return 0, 0, errors.New("want A-B, with times as 90s or 1m30s and A not behind B")
	}
	return from, to, nil
}

// createTake creates the file of a take.
func createTake(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s exists, and a take is never written over: name another file, or remove it", name)
	}
	return f, err
}

// takeCut writes a part of a take. If that fails there is no file.
func takeCut(ctx context.Context, out, errs io.Writer, t *taken, name string, r takeRange) error {
	log, endLog := newLogger(errs, logFormat(""))
	defer endLog()
	c, err := newCooking(t.source(), 0, log)
	if err != nil {
		return fmt.Errorf("a part of a take is cooked with the take's own patch, and that is no good for this program: %w", err)
	}
	f, err := createTake(name)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	err = c.cut(ctx, t, f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return offlineExit(c, errors.Join(err, os.Remove(name)))
	}
	_, err = fmt.Fprintf(out, "%s: %d frames, %d events\n", name, c.frames, c.events)
	return err
}

func (c *cooking) cut(ctx context.Context, t *taken, f io.Writer, r takeRange) error {
	info := *t.Info()
	info.Cut = &take.Cut{Of: info.ID, Range: r.text}
	buf := bufio.NewWriter(f)
	w, err := take.NewWriter(buf, info)
	if err != nil {
		return err
	}
	cutter := take.Cutter{Player: &c.player, Out: w, Range: r.Range}
	c.player.Own = true
	c.follow()
	c.begin(ctx, t)
	if err = c.addFrames(ctx, t, &cutter); err == nil {
		err = cutter.Close()
	}
	c.end()
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	warnAbout(c.log, t, c.lost)
	return buf.Flush()
}

// addFrames has the cutter see all frames up to the last that it wants.
func (c *cooking) addFrames(ctx context.Context, t *taken, cutter *take.Cutter) error {
	for f, err := range t.Frames() {
		if err = errors.Join(err, ctx.Err()); err != nil || cutter.Behind(f) {
			return err
		}
		c.frame = f.Number
		err = cutter.Add(f)
		if d, ok := errors.AsType[*take.Difference](err); ok {
			c.log.Warn("the take, as it is cooked now, is not as it was recorded", slog.Any("err", d))
		} else if err != nil {
			return err
		}
		if !cutter.Before(f) {
			c.count(f)
		}
	}
	return nil
}
