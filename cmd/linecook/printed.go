package main

import (
	"fmt"
	"iter"
	"log/slog"
	"slices"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A printing prints the rows of nodes as they come.
type printing struct {
	engine *cook.Engine
	rows   *rowPrinter
	silent bool     // nodes are wanted as if they were printed
	names  []string // that --print gives
	log    *slog.Logger
	stops  map[*graph.Node]func() // of those that are printed
}

// follow prints the nodes that are to be printed now.
func (p *printing) follow() {
	var nodes []*graph.Node
	var err error
	p.engine.Do(func(g *graph.Graph) { nodes, err = printed(g, "print", p.names) })
	for _, err := range eachError(err) {
		p.log.Warn("rows are not printed", "err", err)
	}
	for n, stop := range p.stops {
		if !slices.Contains(nodes, n) {
			stop()
			delete(p.stops, n)
		}
	}
	for _, n := range nodes {
		if p.stops[n] == nil {
			p.stops[n] = p.engine.Observe(n, func(frame int64, d table.Delta) {
				if !p.silent {
					p.rows.print(n.Path(), frame, d)
				}
			})
		}
	}
}

// printed returns the nodes whose rows are printed: those that a flag names, or without names the
// leaves.
func printed(g *graph.Graph, flag string, names []string) ([]*graph.Node, error) {
	if len(names) == 0 {
		return leaves(g), nil
	}
	var nodes []*graph.Node
	var errs *multierror.Error
	for _, name := range names {
		switch n := g.Node(name); {
		case n == nil:
			errs = multierror.Append(errs, fmt.Errorf("--%s %s: no such node%s", flag, name, graph.DidYouMean(name, graphNodes(g))))
		case !slices.Contains(nodes, n):
			nodes = append(nodes, n)
		}
	}
	return nodes, errs.ErrorOrNil()
}

// leaves returns the nodes that nothing reads and that have no effect.
func leaves(g *graph.Graph) (out []*graph.Node) {
	read := map[*graph.Node]bool{}
	for n := range g.Nodes() {
		if n.Lags() {
			continue // it reads what reads it
		}
		for _, in := range append(n.Inputs(), n.Refs()...) {
			read[in] = true
		}
	}
	for n := range g.Nodes() {
		_, isPort := n.Operator().(*graph.Port)
		if !read[n] && !n.IsEffect() && !isPort {
			out = append(out, n)
		}
	}
	return out
}

func graphNodes(g *graph.Graph) iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := range g.Nodes() {
			if !yield(string(n.Path()[1:])) {
				return
			}
		}
	}
}
