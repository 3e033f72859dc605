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
	index   map[*graph.Node]int
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
	nodes := slices.Collect(g.Nodes())
	levels := levelsOf(nodes)
	late := map[bool]int{true: 1}
	slices.SortStableFunc(nodes, func(a, b *graph.Node) int {
		return cmp.Or(cmp.Compare(late[a.Lags()], late[b.Lags()]), cmp.Compare(levels[a], levels[b]))
	})
	p := &plan{
		nodes: nodes, index: make(map[*graph.Node]int, len(nodes)),
		next: make([][]int, len(nodes)), wanted: make([]bool, len(nodes)),
	}
	for i, n := range nodes {
		p.index[n] = i
		n.SetPlace(i)
	}
	for i, n := range nodes {
		p.lags = p.lags || n.Lags()
		for _, up := range reads(n) {
			p.next[p.index[up]] = append(p.next[p.index[up]], i)
		}
	}
	for p.want(observed) && p.lags { // what it reads may be before it and behind it
	}
	for i, n := range nodes {
		if p.wanted[i] && n.Timed() {
			p.timed = append(p.timed, i)
		}
		if _, looks := n.Operator().(graph.Looker); looks && p.wanted[i] && !n.Bypassed() {
			p.lookers = append(p.lookers, i)
			p.watched = p.watched || n.IsEffect()
		}
	}
	return p
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
			needed[p.index[n]] = true
		}
	}
	slices.Reverse(up)
	return up
}

// reads returns the nodes whose tables n reads.
func reads(n *graph.Node) []*graph.Node { return slices.Concat(n.Inputs(), n.Refs()) }

// upstream walks those of them that cook before it.
func upstream(n *graph.Node) iter.Seq[*graph.Node] {
	return slices.Values(slices.DeleteFunc(reads(n), (*graph.Node).Lags))
}

// levelsOf returns each node's level: 0 for one that reads nothing. The graph has no loop.
func levelsOf(nodes []*graph.Node) map[*graph.Node]int {
	levels, left := make(map[*graph.Node]int, len(nodes)), make(map[*graph.Node]int, len(nodes))
	readers := map[*graph.Node][]*graph.Node{}
	var ready []*graph.Node
	for _, n := range nodes {
		for up := range upstream(n) {
			left[n]++
			readers[up] = append(readers[up], n)
		}
		if left[n] == 0 {
			ready = append(ready, n)
		}
	}
	for len(ready) > 0 {
		n := ready[0]
		ready = ready[1:]
		for _, r := range readers[n] {
			levels[r] = max(levels[r], levels[n]+1)
			if left[r]--; left[r] == 0 {
				ready = append(ready, r)
			}
		}
	}
	return levels
}
