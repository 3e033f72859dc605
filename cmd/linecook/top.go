package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"linecook.dev/linecook/cmd/linecook/internal/top"
)

func newTop() *cobra.Command {
	o := runOptions{format: "jsonl", screen: &topScreen{}}
	cmd := &cobra.Command{
		Use: "top PATCH|URL", Short: "Show a running patch in the terminal", Args: cobra.ExactArgs(1),
		Long: `Show a running patch in the terminal: its nodes with rates, cook times, peers, drops and errors, and of
each node the end of its table, its peers, its faults and its statistics. ? shows the keys.

With a URL, as 'linecook run --monitor' logs it, or HOST:PORT, that is the patch that runs there. If it
is away, top waits for it. The token may also be in ` + tokenVariable + `.

With a PATCH, top cooks it, as run does, and shows its log, too. The flags are for that only. If
standard error is no terminal the log also goes there.`,
		Example: `  linecook top show.yaml
  linecook top http://127.0.0.1:7700/
  linecook top show.yaml --monitor 0.0.0.0:7700 2>show.log`,
		RunE: func(cmd *cobra.Command, args []string) error { return runTop(cmd, args[0], o) },
	}
	o.topFlags(cmd.Flags())
	return cmd
}

// topFlags are those of run that make sense where a screen shows what it does.
func (o *runOptions) topFlags(f *pflag.FlagSet) {
	var all pflag.FlagSet
	o.flags(&all)
	o.runFlags(&all)
	all.VisitAll(func(flag *pflag.Flag) {
		if flag.Name != "print" && flag.Name != "format" {
			f.AddFlag(flag)
		}
	})
}

func runTop(cmd *cobra.Command, target string, o runOptions) error {
	if !isTerminal(cmd.OutOrStdout()) {
		return &exitError{exitUsage, errors.New("top needs a terminal, and standard output is none; linecook run --print shows rows, " +
			"and run --monitor serves all that top shows as JSON (docs/monitor.md)")}
	}
	address, remote := top.IsAddress(target)
	if _, err := os.Stat(target); err == nil || !remote {
		return runPatch(cmd, target, o)
	}
	if err := noFlags(cmd); err != nil {
		return &exitError{exitUsage, err}
	}
	c, err := top.NewClient(address, os.Getenv(tokenVariable))
	if err != nil {
		return &exitError{exitUsage, err}
	}
	ctx, stop := signal.NotifyContext(untilSignal(cmd.Context()), syscall.SIGHUP) // the terminal has gone
	defer stop()
	return topEnded(top.Config{Client: c}.Run(ctx))
}

// noFlags reports flags that are for a patch.
func noFlags(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		err = errors.New("--" + f.Name + " is for a patch that top cooks itself, not for the one that runs at a URL")
	})
	return err
}

// topEnded returns how the program ends after top.
func topEnded(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	code := exitFailure
	if _, refused := errors.AsType[*top.RefusedError](err); refused {
		code = exitUsage
	} else if _, none := errors.AsType[*top.TerminalError](err); none {
		code = exitUsage
	}
	return &exitError{code, err}
}
