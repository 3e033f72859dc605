//go:build linux

// Command rivals measures how OSC comes in over UDP, beside a loop that only counts datagrams, a liblo
// server and an osc.js server: what share of a flood they receive, and what a message costs. It
// prints a table of medians. It needs cc, liblo-dev, npm and taskset.
//
//	go run ./cmd/linecook/internal/rivals [-rounds 5] [-seconds 0.7] [-only REGEXP] [-pin=false]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"time"
)

func main() {
	if os.Getenv(isEnd) != "" {
		if err := receive(os.Args[1], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "rivals:", err)
		os.Exit(1)
	}
}

// run measures as args say. The table goes to out, and what goes on to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	f := flag.NewFlagSet("rivals", flag.ContinueOnError)
	f.SetOutput(log)
	rounds := f.Int("rounds", 5, "how often everything is measured")
	seconds := f.Float64("seconds", 0.7, "how long each flood is")
	only := f.String("only", "", "measure what matches this regular expression")
	pin := f.Bool("pin", true, "the sender has the first core, and what receives the second")
	if err := f.Parse(args); err != nil {
		return err
	}
	match, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	wanted := func(r receiver) bool {
		return slices.ContainsFunc(floods, func(f flood) bool { return match.MatchString(pair(f, r)) })
	}
	l, err := newLab(ctx, wanted, *pin, log)
	if err != nil {
		return err
	}
	defer l.close()
	begin, got := time.Now(), series{}
	for round := range *rounds {
		for f, r := range pairs() {
			if l.commands[r.name] == nil || !match.MatchString(pair(f, r)) {
				continue
			}
			fmt.Fprintf(log, "%6.0f s  round %d of %d: %s\n", time.Since(begin).Seconds(), round+1, *rounds, pair(f, r))
			if err := l.measure(ctx, f, r, *seconds, got); err != nil {
				fmt.Fprintf(log, "%s: %v\n", pair(f, r), err)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return got.print(out)
}

// pair names a measurement.
func pair(f flood, r receiver) string { return f.name + ": " + r.name }

// pairs walks what is measured in a round.
func pairs() iter.Seq2[flood, receiver] {
	return func(yield func(flood, receiver) bool) {
		for _, f := range floods {
			for _, r := range receivers {
				if !yield(f, r) {
					return
				}
			}
		}
	}
}
