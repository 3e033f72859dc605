package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// TestMain lets the tests start this program as a load.
func TestMain(m *testing.M) {
	if os.Getenv("BENCH_LOAD") == "" {
		os.Exit(m.Run())
	}
	if err := Load(os.Stdin, os.Stdout, os.Args[1:]...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func loadOf(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "BENCH_LOAD=1")
	cmd.Stderr = os.Stderr
	return cmd
}

// Every experiment works, a hundredth of it, and what is bounded in bytes is within its bounds.
func TestExperiments(t *testing.T) {
	results, err := Run(t.Context(), Config{Load: loadOf, Rounds: 1, Scale: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != len(Names()) {
		t.Fatalf("Run returned %d results, want %d", len(results), len(Names()))
	}
	for _, r := range results {
		if !(r.Ours > 0) || r.By != "" && !(r.Other > 0) {
			t.Errorf("%s: %v, %v %s; want figures", r.What, r.Ours, r.Other, r.By)
		}
		if r.Unit == "bytes" && !r.Met() {
			t.Errorf("%s: %.0f bytes, want at most %.0f", r.What, r.Ours, r.Bound)
		}
	}
}

// BenchmarkLines receives a line.
func BenchmarkLines(b *testing.B) {
	for name, f := range map[string]func(context.Context, *Config) (float64, error){"engine": linesOurs, "hand": linesByHand} {
		b.Run(name, func(b *testing.B) {
			figure, err := f(b.Context(), &Config{Load: loadOf, Scale: float64(b.N) / lineCount})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(figure, "cpu-ns/line")
		})
	}
}

// BenchmarkForward forwards a datagram.
func BenchmarkForward(b *testing.B) {
	for name, f := range map[string]func(context.Context, *Config) (float64, error){"engine": forwardOurs, "hand": forwardByHand} {
		b.Run(name, func(b *testing.B) {
			figure, err := f(b.Context(), &Config{Load: loadOf, Scale: float64(b.N) / pingCount})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(figure, "p50-us")
		})
	}
}
