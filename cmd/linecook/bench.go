package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/cmd/linecook/internal/bench"
)

func newBench() *cobra.Command {
	var rounds int
	cmd := &cobra.Command{
		Use: "bench [PART...]", Short: "Measure Linecook on this machine, beside what one would write by hand",
		Long: `Measure Linecook on this machine, beside what one would write by hand for the same work, in turns with it.
Figures are medians. It takes less than a minute and uses loopback only; other work on the machine makes
the figures worse. With PART, only what has one of these texts in its name is measured.`,
		RunE: func(cmd *cobra.Command, args []string) error { return runBench(cmd, args, rounds) },
	}
	cmd.Flags().IntVar(&rounds, "rounds", 3, "measure each side `N` times")
	cmd.AddCommand(newBenchLoad())
	return cmd
}

// newBenchLoad returns the command by which bench starts its loads.
func newBenchLoad() *cobra.Command {
	return &cobra.Command{
		Use: "load", Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := bench.Load(cmd.InOrStdin(), cmd.OutOrStdout(), args...); err != nil {
				return &exitError{exitFailure, err}
			}
			return nil
		},
	}
}

func runBench(cmd *cobra.Command, parts []string, rounds int) error {
	if rounds < 1 {
		return &exitError{exitUsage, fmt.Errorf("--rounds %d is less than 1", rounds)}
	}
	self, err := os.Executable()
	if err != nil {
		return &exitError{exitFailure, err}
	}
	load := func(ctx context.Context, args ...string) *exec.Cmd {
		c := exec.CommandContext(ctx, self, append([]string{"bench", "load"}, args...)...)
		c.Stderr = cmd.ErrOrStderr()
		return c
	}
	results, err := bench.Run(untilSignal(cmd.Context()), bench.Config{Load: load, Rounds: rounds, Progress: cmd.ErrOrStderr()}, parts...)
	if err != nil {
		return &exitError{exitFailure, err}
	}
	if len(results) == 0 {
		return &exitError{exitUsage, fmt.Errorf("nothing that is measured has %q in its name; there is %q", parts, bench.Names())}
	}
	return printBench(cmd.OutOrStdout(), results)
}

// printBench prints a table.
func printBench(w io.Writer, results []bench.Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "what\tunit\tlinecook\tleast to most\tby hand\tratio\ttarget\tmet")
	for _, r := range results {
		other, ratio, target := "", "", fmt.Sprintf("<= %.3g", r.Bound)
		if r.Other > 0 {
			other, ratio, target = figure(r.Other), fmt.Sprintf("%.2f", r.Ratio()), target+"x"
		}
		met := map[bool]string{true: "yes", false: "no"}[r.Met()]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s to %s\t%s\t%s\t%s\t%s\n", r.What, r.Unit, figure(r.Ours), figure(r.Least), figure(r.Most), other, ratio, target, met)
	}
	return t.Flush()
}

// figure writes a figure as exactly as it is worth.
func figure(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
