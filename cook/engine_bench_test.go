package cook_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// A ticker changes its table by one row a frame, and asks for the next frame.
type ticker struct{}

func (ticker) Cook(c *graph.Cook) error {
	w := c.Out()
	col := w.Col("n")
	w.Row()
	w.SetInt(col, c.Frame)
	w.Expire(w.End() - 1)
	c.Wake(c.Time)
	return nil
}

// A pass shows the table of its input.
type pass struct{ effect bool }

func (p *pass) Cook(c *graph.Cook) error { return nil }
func (p *pass) Effect() bool             { return p.effect }
func (p *pass) Pass() int                { return 0 }

// newChain returns an engine with a ticker and n nodes behind it in a row, the last one an effect.
func newChain(tb testing.TB, n int) *cook.Engine {
	tb.Helper()
	g := graph.New()
	err := g.Edit(func(e *graph.Edit) {
		last := e.Add("tick", ticker{})
		for i := range n {
			next := e.Add(fmt.Sprintf("n%d", i), &pass{effect: i == n-1})
			e.Wire(last, next)
			last = next
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	e.Start(tb.Context())
	tb.Cleanup(func() { e.Close() })
	return e
}

func BenchmarkCook(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("nodes=%d", n), func(b *testing.B) {
			e := newChain(b, n)
			before := e.Stats().Cooks
			for b.Loop() {
				e.Step()
			}
			cooked := float64(e.Stats().Cooks - before)
			b.ReportMetric(cooked/float64(b.N), "cooks/op")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/cooked, "ns/cook")
			b.ReportAllocs()
		})
	}
}

// BenchmarkIdle steps a graph in which nothing is dirty.
func BenchmarkIdle(b *testing.B) {
	for _, n := range []int{10, 1000, 10_000} {
		b.Run(fmt.Sprintf("nodes=%d", n), func(b *testing.B) {
			g := graph.New()
			if err := g.Edit(func(e *graph.Edit) {
				for i := range n {
					e.Add(fmt.Sprintf("n%d", i), &pass{effect: true})
				}
			}); err != nil {
				b.Fatal(err)
			}
			e, err := cook.New(g, cook.Config{})
			if err != nil {
				b.Fatal(err)
			}
			e.Start(b.Context())
			e.Step()
			b.ReportAllocs()
			for b.Loop() {
				e.Step()
			}
		})
	}
}
