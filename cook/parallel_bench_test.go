package cook_test

import (
	"fmt"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// busy computes for a while whenever its input changes.
type busy struct {
	rounds int
	sum    uint64
}

func (*busy) Effect() bool { return true }
func (b *busy) Cook(*graph.Cook) error {
	for range b.rounds {
		b.sum = b.sum*6364136223846793005 + 1442695040888963407
	}
	return nil
}

// BenchmarkBranches cooks two branches that take as long as the name says, with one worker and with two.
func BenchmarkBranches(b *testing.B) {
	start, probe := time.Now(), &busy{rounds: 10_000_000}
	if err := probe.Cook(nil); err != nil {
		b.Fatal(err)
	}
	perMicrosecond := float64(probe.rounds) / (float64(time.Since(start).Nanoseconds()) / 1000)
	for _, us := range []int{50, 100, 250, 1000, 2500} {
		for _, workers := range []int{1, 2} {
			grain := time.Duration(us) * time.Microsecond / 2
			b.Run(fmt.Sprintf("us=%d/workers=%d", us, workers), func(b *testing.B) {
				e := newTwo(b, int(float64(us)*perMicrosecond), cook.Config{Workers: workers, Grain: grain})
				for learnt := time.Now().Add(1200 * time.Millisecond); workers > 1 && time.Now().Before(learnt); {
					e.Step() // what nodes cost is looked at once a second
				}
				for b.Loop() {
					e.Step()
				}
			})
		}
	}
}

// newTwo starts a ticker with two branches behind it.
func newTwo(tb testing.TB, rounds int, config cook.Config) *cook.Engine {
	tb.Helper()
	g := graph.New()
	err := g.Edit(func(e *graph.Edit) {
		tick := e.Add("tick", ticker{})
		for i := range 2 {
			e.Wire(tick, e.Add(fmt.Sprintf("busy%d", i), &busy{rounds: rounds}))
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	e, err := cook.New(g, config)
	if err != nil {
		tb.Fatal(err)
	}
	e.Start(tb.Context())
	tb.Cleanup(func() { e.Close() })
	return e
}
