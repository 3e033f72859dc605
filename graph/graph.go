package graph

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// A Graph is nodes and the wires between them. The zero Graph is empty and ready to use. It belongs
// to one goroutine at a time.
type Graph struct {
	nodes   map[Path]*Node
	sorted  []*Node // by path
	version uint64
	shape   uint64
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

// Shape returns a number that changes with every edit by which a node came or went, is wired or wanted in another way,
// or is read as another table.
func (g *Graph) Shape() uint64 { return g.shape }

// follow takes out nodes, and places others.
func (g *Graph) follow(gone map[*Node]bool, added map[Path]*Node) {
	if g.nodes == nil {
		g.nodes = make(map[Path]*Node, len(added))
	}
	for n := range gone {
		delete(g.nodes, n.path)
	}
	maps.Copy(g.nodes, added)
	g.sorted = slices.DeleteFunc(slices.Clone(g.sorted), func(n *Node) bool { return gone[n] })
	old, fresh := g.sorted, slices.SortedFunc(maps.Values(added), byPath)
	g.sorted = make([]*Node, 0, len(old)+len(fresh))
	for len(old) > 0 && len(fresh) > 0 {
		from := &old
		if fresh[0].path < old[0].path {
			from = &fresh
		}
		g.sorted, *from = append(g.sorted, (*from)[0]), (*from)[1:]
	}
	g.sorted = append(append(g.sorted, old...), fresh...)
}

func byPath(a, b *Node) int { return strings.Compare(string(a.path), string(b.path)) }
