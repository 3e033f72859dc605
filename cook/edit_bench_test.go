package cook_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// BenchmarkEdit changes a parameter of one node of many, in a graph of chains of ten that is cooked.
func BenchmarkEdit(b *testing.B) {
	for _, size := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("nodes=%d", size), func(b *testing.B) {
			g, nodes := graph.New(), []*graph.Node(nil)
			err := g.Edit(func(e *graph.Edit) {
				for i := range size / 10 {
					last := e.Add(fmt.Sprint("src", i), &graphtest.Source{})
					nodes = append(nodes, last)
					for j := range 8 {
						n := e.Add(fmt.Sprint("n", i, "_", j), &graphtest.Filter{})
						e.Wire(last, n)
						last = n
					}
					e.Wire(last, e.Add(fmt.Sprint("out", i), &graphtest.Recorder{}))
				}
			})
			if err != nil {
				b.Fatal(err)
			}
			e, err := cook.New(g, cook.Config{})
			if err != nil {
				b.Fatal(err)
			}
			e.Start(b.Context())
			defer e.Close()
			var took []time.Duration
			for i := 1; b.Loop(); i++ {
				began := time.Now()
				err := e.Edit(func(x *graph.Edit) { x.Set(nodes[i%len(nodes)], "maxlines", i) })
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
				e.Step()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-µs")
		})
	}
}
