package graph

import (
	"iter"
	"maps"
	"slices"
)

// A Graph is nodes and the wires between them. The zero Graph is empty and ready to use. It belongs
// to one goroutine at a time.
type Graph struct {
	nodes   map[Path]*Node
	sorted  []*Node // by path
	version uint64
}

// New returns an empty graph.
func New() *Graph { return &Graph{} }

// Node returns the node that name or path stands for, or nil: "faders" and "/faders" are the same.
func (g *Graph) Node(name string) *Node {
	p, err := ParsePath(name)
	if err != nil {
		return nil
	}
	return g.nodes[p]
}

// Nodes walks the nodes in order of their paths.
func (g *Graph) Nodes() iter.Seq[*Node] { return slices.Values(g.sorted) }

// Len returns the number of nodes.
func (g *Graph) Len() int { return len(g.nodes) }

// Version returns a number that changes with every edit.
func (g *Graph) Version() uint64 { return g.version }

// Edit changes the graph: f says what is to be done, then all of it is checked and done, or none
// of it. Every mistake is reported, a [NodeError] each, in a multierror.Error.
func (g *Graph) Edit(f func(*Edit)) error {
	e, err := g.Prepare(f)
	if err == nil {
		e.Apply()
	}
	return err
}

// Prepare is Edit, but for that nothing is done yet: [Edit.Apply] does it. Until then the graph must not be changed.
func (g *Graph) Prepare(f func(*Edit)) (*Edit, error) {
	e := newEdit(g)
	f(e)
	return e, e.check()
}

func (g *Graph) sort() {
	g.sorted = slices.SortedFunc(maps.Values(g.nodes), func(a, b *Node) int {
		if a.path < b.path {
			return -1
		}
		return 1
	})
	g.version++
}
