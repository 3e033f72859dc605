package graph_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// fan adds a source, size filters that read it, and a recorder that reads them all.
func fan(e *graph.Edit, size int) (nodes []*graph.Node) {
	src, out := e.Add("src", &graphtest.Source{}), e.Add("out", &graphtest.Recorder{})
	nodes = append(nodes, src, out)
	for i := range size {
		n := e.Add(fmt.Sprint("n", i), &graphtest.Filter{})
		e.Wire(src, n)
		e.Wire(n, out)
		nodes = append(nodes, n)
	}
	return nodes
}

// BenchmarkEdit should cost the same a node whatever the size.
func BenchmarkEdit(b *testing.B) {
	for _, size := range []int{100, 1000, 10_000} {
		perNode := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size), "ns/node")
		}
		b.Run(fmt.Sprintf("add and remove all/nodes=%d", size), func(b *testing.B) {
			for b.Loop() {
				var nodes []*graph.Node
				g := graph.New()
				_ = g.Edit(func(e *graph.Edit) { nodes = fan(e, size) })
				_ = g.Edit(func(e *graph.Edit) {
					for _, n := range nodes {
						e.Remove(n)
					}
				})
			}
			perNode(b)
		})
		b.Run(fmt.Sprintf("bypass one/nodes=%d", size), func(b *testing.B) {
			var nodes []*graph.Node
			g := graph.New()
			_ = g.Edit(func(e *graph.Edit) { nodes = fan(e, size) })
			for on := true; b.Loop(); on = !on {
				_ = g.Edit(func(e *graph.Edit) { e.SetBypass(nodes[2], on) })
			}
			perNode(b)
		})
	}
}
