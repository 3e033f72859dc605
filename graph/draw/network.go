package draw

import (
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
)

// A box is a node in a drawing, or a place where a wire passes by the boxes of a layer.
type box struct {
	lines []string // nothing for a wire that passes by
	from  []edge
	layer int
	x, w  int
}

// An edge is what a box reads.
type edge struct {
	from *box
	net  net
}

// A net is all wires, or all references, to what one node puts out.
type net struct {
	source *box
	ref    bool
}

// networks returns the paths of all networks that have nodes, in order.
func networks(g *graph.Graph) []graph.Path {
	paths := []graph.Path{""}
	for n := range g.Nodes() {
		if at := n.Path().Network(); !slices.Contains(paths, at) {
			paths = append(paths, at)
		}
	}
	slices.Sort(paths)
	return paths
}

// child returns the node of the network at path in which n is, or n's own path if it is elsewhere.
func child(network graph.Path, n *graph.Node) (path graph.Path, inside bool) {
	rest, ok := strings.CutPrefix(string(n.Path()), string(network)+"/")
	if !ok {
		return n.Path(), false
	}
	name, _, _ := strings.Cut(rest, "/")
	return network + graph.Path("/"+name), true
}

// boxes returns the boxes of a network: its nodes in order of their paths, and the others that they
// read.
func boxes(g *graph.Graph, network graph.Path) []*box {
	made := map[graph.Path]*box{}
	var all []*box
	get := func(path graph.Path, inside bool) *box {
		if made[path] == nil {
			made[path] = &box{lines: label(g.Node(string(path)), inside)}
			all = append(all, made[path])
		}
		return made[path]
	}
	for n := range g.Nodes() {
		if n.Path().Network() == network {
			get(n.Path(), true)
		}
	}
	for n := range g.Nodes() {
		to, inside := child(network, n)
		if !inside {
			continue
		}
		for i, up := range slices.Concat(n.Inputs(), n.Refs()) {
			from, within := child(network, up)
			if from == to || !within && to != n.Path() || isPort(n) && !within {
				continue
			}
			made[to].read(get(from, within), i >= len(n.Inputs()))
		}
	}
	return acyclic(all)
}

func isPort(n *graph.Node) bool {
	_, ok := n.Operator().(*graph.Port)
	return ok
}

func (b *box) read(from *box, ref bool) {
	e := edge{from, net{from, ref}}
	if !slices.Contains(b.from, e) {
		b.from = append(b.from, e)
	}
}

// label is what a node's box says.
func label(n *graph.Node, inside bool) []string {
	name, what := n.Name(), n.Type().Name
	if !inside {
		name = string(n.Path())
	}
	switch {
	case isPort(n) && len(n.Inputs()) > 0:
		what = "= " + string(n.Inputs()[0].Path())
	case !n.Active():
		what += " (off)"
	case n.Bypassed():
		what += " (bypass)"
	}
	return []string{name, what}
}

// acyclic puts a second box in the place of a wire that would go up: from one base through another
// node back to the first, by other ways within it.
func acyclic(all []*box) []*box {
	const walking, done = 1, 2
	state := map[*box]int{}
	out := slices.Clone(all)
	var walk func(b *box)
	walk = func(b *box) {
		state[b] = walking
		for i, e := range b.from {
			if state[e.from] == walking {
				again := &box{lines: e.from.lines}
				out = append(out, again)
				b.from[i] = edge{again, net{again, e.net.ref}}
			} else if state[e.from] == 0 {
				walk(e.from)
			}
		}
		state[b] = done
	}
	for _, b := range all {
		if state[b] == 0 {
			walk(b)
		}
	}
	return out
}

// components splits boxes into those that are connected.
func components(all []*box) (parts [][]*box) {
	near := map[*box][]*box{}
	for _, b := range all {
		for _, e := range b.from {
			near[b], near[e.from] = append(near[b], e.from), append(near[e.from], b)
		}
	}
	seen := map[*box]bool{}
	for _, b := range all {
		if seen[b] {
			continue
		}
		seen[b] = true
		part := []*box{b}
		for i := 0; i < len(part); i++ {
			for _, other := range near[part[i]] {
				if !seen[other] {
					seen[other] = true
					part = append(part, other)
				}
			}
		}
		slices.SortFunc(part, func(a, c *box) int { return slices.Index(all, a) - slices.Index(all, c) })
		parts = append(parts, part)
	}
	return parts
}
