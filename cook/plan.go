package cook

import (
	"cmp"
	"iter"
	"slices"

	"linecook.dev/linecook/graph"
)

// A plan is a graph made ready to cook: its nodes in an order in which everything comes after what
// it reads, and for each node who reads it. It is made anew after every edit.
type plan struct {
	nodes   []*graph.Node
	next    [][]int // who reads a node; greater than its own index, unless the node lags
	wanted  []bool
	timed   []int // those wanted that are looked at in every frame
	lookers []int // those wanted that look at others
	stale   bool  // observers came or went
	lags    bool  // there is a node that lags
	watched bool  // one of the lookers does something in every frame
}

// newPlan orders g by level (the longest way from a source), and by path within a level. Nodes that
// lag come last.
func newPlan(g *graph.Graph, observed map[*graph.Node]bool) *plan {
	p := &plan{nodes: inOrder(slices.Collect(g.Nodes()))}
	p.next, p.wanted = make([][]int, len(p.nodes)), make([]bool, len(p.nodes))
	for i, n := range p.nodes {
		n.SetPlace(i)
	}
	for i, n := range p.nodes {
		p.lags = p.lags || n.Lags()
		for up := range n.Reads() {
			p.next[up.Place()] = append(p.next[up.Place()], i)
		}
	}
	for p.want(observed) && p.lags { // what it reads may be before it and behind it
	}
	p.look()
	return p
}

// look finds those that are looked at in every frame, and those that look at others.
func (p *plan) look() {
	p.timed, p.lookers, p.watched = nil, nil, false
	for i, n := range p.nodes {
		if p.wanted[i] && n.Timed() {
			p.timed = append(p.timed, i)
		}
		if p.wanted[i] && n.Looks() && !n.Bypassed() {
			p.lookers = append(p.lookers, i)
			p.watched = p.watched || n.IsEffect()
		}
	}
}

// want finds nodes that are wanted, from the last to the first, and reports whether there were any new.
func (p *plan) want(observed map[*graph.Node]bool) (found bool) {
	isWanted := func(reader int) bool { return p.wanted[reader] }
	for i, n := range slices.Backward(p.nodes) {
		if !p.wanted[i] && n.Active() && (n.IsEffect() || observed[n] || slices.ContainsFunc(p.next[i], isWanted)) {
			p.wanted[i], found = true, true
		}
	}
	return found
}

// place returns the index of n, and whether n is in the plan, which must be the newest that n was ever in.
func (p *plan) place(n *graph.Node) (i int, ok bool) {
	i = n.Place()
	return i, i < len(p.nodes) && p.nodes[i] == n
}

func (p *plan) has(n *graph.Node) bool {
	_, ok := p.place(n)
	return ok
}

// upTo returns node i and all that it reads, directly or not, in the order of the plan.
func (p *plan) upTo(i int) []int {
	needed := make([]bool, i+1)
	needed[i] = true
	var up []int
	for j := i; j >= 0; j-- {
		if !needed[j] {
			continue
		}
		up = append(up, j)
		for n := range upstream(p.nodes[j]) {
			needed[n.Place()] = true
		}
	}
	slices.Reverse(up)
	return up
}

// upstream walks those that n reads and that cook before it.
func upstream(n *graph.Node) iter.Seq[*graph.Node] {
	return func(yield func(*graph.Node) bool) {
		for up := range n.Reads() {
			if !up.Lags() && !yield(up) {
				return
			}
		}
	}
}

// inOrder sorts nodes, which are in order of their paths, by their level: 0 for one that reads nothing. Those that
// lag come last. The graph has no loop.
func inOrder(nodes []*graph.Node) []*graph.Node {
	for i, n := range nodes {
		n.SetPlace(i)
	}
	levels, left := make([]int, len(nodes)), make([]int, len(nodes))
	readers := make([][]int, len(nodes))
	ready := make([]int, 0, len(nodes))
	for i, n := range nodes {
		for up := range upstream(n) {
			left[i]++
			readers[up.Place()] = append(readers[up.Place()], i)
		}
		if left[i] == 0 {
			ready = append(ready, i)
		}
	}
	for k := 0; k < len(ready); k++ {
		i := ready[k]
		for _, r := range readers[i] {
			levels[r] = max(levels[r], levels[i]+1)
			if left[r]--; left[r] == 0 {
				ready = append(ready, r)
			}
		}
	}
	return byLevel(nodes, levels)
}

// byLevel keeps the order within a level.
func byLevel(nodes []*graph.Node, levels []int) []*graph.Node {
	most := len(levels)
	for i, n := range nodes {
		if n.Lags() {
			levels[i] += most
		}
	}
	order := make([]int, len(nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(levels[a], levels[b]) })
	sorted := make([]*graph.Node, len(nodes))
	for i, at := range order {
		sorted[i] = nodes[at]
	}
	return sorted
}
