package bench

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
)

// Config says how to measure.
type Config struct {
	// Load returns a command that runs [Load] with args in another process.
	Load func(ctx context.Context, args ...string) *exec.Cmd

	Rounds   int       // of each side of an experiment, in turns; 0 means 3
	Scale    float64   // of how much each round does; 0 means 1
	Progress io.Writer // is told what is being measured; nil discards
}

// A Result is what came of one experiment.
type Result struct {
	What  string
	Unit  string
	Ours  float64 // the median of the rounds
	Other float64 // that of what it is compared with; 0 if there is nothing
	By    string  // what that is: "by hand"
	Bound float64 // the target: of Ours to Other, or of Ours if there is nothing to compare with

	Least, Most float64 // of our rounds
}

// Ratio returns that of our figure to the other, or our figure if there is none.
func (r Result) Ratio() float64 {
	if r.Other == 0 {
		return r.Ours
	}
	return r.Ours / r.Other
}

// Met reports whether the target is met.
func (r Result) Met() bool { return r.Ratio() <= r.Bound }

// An experiment is one row of the table. Each round of it returns a figure of each side.
type experiment struct {
	Result
	ours, other func(ctx context.Context, c *Config) (float64, error) // other may be nil
}

// Run measures everything that has a name with one of those parts in it, or everything if there are none.
func Run(ctx context.Context, c Config, names ...string) ([]Result, error) {
	if c.Rounds == 0 {
		c.Rounds = 3
	}
	if c.Scale == 0 {
		c.Scale = 1
	}
	if c.Progress == nil {
		c.Progress = io.Discard
	}
	var out []Result
	for _, x := range experiments() {
		if !named(x.What, names) {
			continue
		}
		fmt.Fprintln(c.Progress, x.What)
		r, err := x.run(ctx, &c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", x.What, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func (x experiment) run(ctx context.Context, c *Config) (Result, error) {
	var ours, others []float64
	for range c.Rounds {
		v, err := x.ours(ctx, c)
		if err != nil {
			return x.Result, err
		}
		ours = append(ours, v)
		if x.other == nil {
			continue
		}
		if v, err = x.other(ctx, c); err != nil {
			return x.Result, fmt.Errorf("%s: %w", x.By, err)
		}
		others = append(others, v)
	}
	x.Ours, x.Other = median(ours), median(others)
	x.Least, x.Most = slices.Min(ours), slices.Max(ours)
	return x.Result, nil
}

// times returns n scaled, at least 1.
func (c *Config) times(n int) int { return max(1, int(float64(n)*c.Scale)) }

// median returns that of the figures, which it sorts; 0 of none.
func median(figures []float64) float64 {
	if len(figures) == 0 {
		return 0
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}
