package graphtest

import (
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A TB is what Check needs of a testing.TB or a rapid.T.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Check fails the test if g is not a valid graph: its nodes sorted by path and found by it, wires
// and references between nodes of g only, as many as their operators take, without a loop, and one
// cursor attached for each wire. Nobody else may read the tables of g's nodes meanwhile.
func Check(tb TB, g *graph.Graph) {
	tb.Helper()
	nodes := slices.Collect(g.Nodes())
	if len(nodes) != g.Len() {
		tb.Errorf("Len() = %d, Nodes() has %d", g.Len(), len(nodes))
	}
	for i, n := range nodes {
		if i > 0 && nodes[i-1].Path() >= n.Path() {
			tb.Errorf("Nodes() has %s before %s", nodes[i-1], n)
		}
		checkNames(tb, g, n)
		checkWires(tb, g, n)
	}
	checkLoops(tb, nodes)
	checkReaders(tb, nodes)
}

func checkNames(tb TB, g *graph.Graph, n *graph.Node) {
	tb.Helper()
	for _, name := range []string{string(n.Path()), string(n.Path())[1:]} {
		if p, err := graph.ParsePath(name); err != nil || p != n.Path() {
			tb.Errorf("ParsePath(%q) = %q, %v, want %q", name, p, err, n.Path())
		}
		if g.Node(name) != n {
			tb.Errorf("Node(%q) is not the node at %s", name, n.Path())
		}
	}
	if n.ID() != n.Path().ID() || n.Name() != n.Path().Name() {
		tb.Errorf("%s has ID %s and name %s", n, n.ID(), n.Name())
	}
}

func checkWires(tb TB, g *graph.Graph, n *graph.Node) {
	tb.Helper()
	for _, in := range append(n.Inputs(), n.Refs()...) {
		if g.Node(string(in.Path())) != in {
			tb.Errorf("%s reads %s, which is not in the graph", n, in)
		}
	}
	want := n.Type().Inputs
	if got := len(n.Inputs()); got < want.Min || got > want.Max {
		tb.Errorf("%s has %d inputs, its operator takes %s", n, got, want)
	}
	if n.Bypassed() && len(n.Inputs()) > 0 && n.Table() != n.Inputs()[0].Table() {
		tb.Errorf("%s is bypassed and does not have the table of its input", n)
	}
}

// checkLoops takes away nodes that read nothing any more, until none is left.
func checkLoops(tb TB, nodes []*graph.Node) {
	tb.Helper()
	gone := map[*graph.Node]bool{}
	for left := len(nodes); left > 0; {
		before := left
		for _, n := range nodes {
			waits := slices.ContainsFunc(append(n.Inputs(), n.Refs()...), func(in *graph.Node) bool { return !gone[in] })
			if !gone[n] && !waits {
				gone[n] = true
				left--
			}
		}
		if left == before {
			tb.Errorf("%d of %d nodes are in a loop or below one", left, len(nodes))
			return
		}
	}
}

func checkReaders(tb TB, nodes []*graph.Node) {
	tb.Helper()
	want := map[*table.Table]int{}
	for _, n := range nodes {
		want[n.Table()] += 0
		if n.Inbox() != nil && !(n.Bypassed() && len(n.Inputs()) > 0) {
			want[n.Table()]++ // its own
		}
		for _, in := range n.Inputs() {
			want[in.Table()]++
		}
	}
	for _, n := range nodes {
		if got := n.Table().Readers(); got != want[n.Table()] {
			tb.Errorf("the table of %s has %d readers, want %d", n, got, want[n.Table()])
		}
	}
}
