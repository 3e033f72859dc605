package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/cook/take"
)

func newTake() *cobra.Command {
	cmd := &cobra.Command{
		Use: "take VERB TAKE", Short: "Look into takes, and cut them: info, verify, cut, export",
		Long: `Look into takes, which record and run --record make and cook cooks. They are MCAP files: Foxglove
and other tools that know MCAP can open them, too.`,
		Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "info TAKE", Short: "Say what a take is of, and what is in it", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return withTake(args[0], func(t *taken) error { return takeInfo(cmd.OutOrStdout(), t) })
			},
		},
		&cobra.Command{
			Use: "verify TAKE", Short: "Cook a take with its own patch, and compare what is made with what was", Args: cobra.ExactArgs(1),
			Long: `Cook a take with the patch that is in it, and compare tables and what is sent with the hashes that
were taken when it was recorded. The first frame and node that differ are named, and the exit code is 1.`,
			RunE: func(cmd *cobra.Command, args []string) error {
				ctx, stop := untilInterrupt(cmd.Context())
				defer stop()
				return withTake(args[0], func(t *taken) error { return takeVerify(ctx, cmd.OutOrStdout(), cmd.ErrOrStderr(), t) })
			},
		},
		newTakeCut(),
		&cobra.Command{
			Use: "export TAKE", Short: "Print a take as JSON Lines: an object an event, and one a frame behind its events", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return withTake(args[0], func(t *taken) error { return takeExport(cmd.OutOrStdout(), cmd.ErrOrStderr(), t) })
			},
		},
	)
	return cmd
}

// withTake calls f with an open take, and says how the program ends.
func withTake(name string, f func(*taken) error) error {
	t, err := openTake(name)
	if err != nil {
		return &exitError{exitInput, err}
	}
	defer t.close()
	err = f(t)
	_, known := errors.AsType[*exitError](err)
	switch _, damaged := errors.AsType[*take.DamageError](err); {
	case err == nil || known:
		return err
	case damaged:
		return &exitError{exitInput, fmt.Errorf("%s: %w", name, err)}
	}
	return &exitError{exitFailure, fmt.Errorf("%s: %w", name, err)}
}

func takeVerify(ctx context.Context, out, errs io.Writer, t *taken) error {
	progress := newBar(errs)
	log, endLog := newLogger(progress, logFormat(""))
	defer endLog()
	c, err := newCooking(t.source(), 0, log)
	if err == nil {
		c.bar = progress
		c.follow()
		err = c.cookTake(ctx, t)
		c.bar.end()
	}
	if err := offlineExit(c, err); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d frames, %d events; all of %d hashes are as they were recorded\n", t.name, c.frames, c.events, c.checked)
	return err
}
