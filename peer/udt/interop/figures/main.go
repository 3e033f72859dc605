// Command figures measures package udt beside the reference library and TCP, in turns, and prints a table
// of medians. It needs libudt-dev and g++. Every end is a process of its own.
//
//	go run ./peer/udt/interop/figures [-rounds 5] [-only REGEXP] [-scale 1]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"time"

	"linecook.dev/linecook/peer/udt/interop"
)

func main() {
	interop.BeEnd()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// run measures as args say. The table goes to out, and what goes on to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	f := flag.NewFlagSet("figures", flag.ContinueOnError)
	f.SetOutput(log)
	rounds := f.Int("rounds", 5, "how often everything is measured")
	scale := f.Float64("scale", 1, "how much of the full amount is moved, and how long")
	only := f.String("only", "", "measure what matches this regular expression")
	if err := f.Parse(args); err != nil {
		return err
	}
	match, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	l, err := newLab(ctx, *scale)
	if err != nil {
		return err
	}
	defer l.close()
	begin, got := time.Now(), series{}
	for round := range *rounds {
		for _, e := range experiments {
			if !match.MatchString(e.name) {
				continue
			}
			fmt.Fprintf(log, "%6.0f s  round %d of %d: %s\n", time.Since(begin).Seconds(), round+1, *rounds, e.name)
			if err := e.measure(ctx, l, got); err != nil {
				fmt.Fprintf(log, "%s: %v\n", e.name, err)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	fmt.Fprintf(log, "%6.0f s\n", time.Since(begin).Seconds())
	return got.print(out)
}
