package draw

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linecook.dev/linecook/graph"
)

// Dot returns a graph in Graphviz's language: each network is a cluster.
func Dot(g *graph.Graph) string {
	var b strings.Builder
	b.WriteString("digraph linecook {\n  node [shape=box]\n")
	tree(g, "", func(depth int, n *graph.Node, opens bool) {
		pad := strings.Repeat("  ", depth+1)
		if opens {
			fmt.Fprintf(&b, "%ssubgraph %q {\n%s  label=%q\n", pad, "cluster"+string(n.Path()), pad, n.Path())
		}
		if n == nil {
			b.WriteString(pad + "}\n")
			return
		}
		style := ""
		if !n.Active() || n.Bypassed() {
			style = ", style=dashed"
		}
		fmt.Fprintf(&b, "%s%q [label=\"%s\"%s]\n", pad+strings.Repeat("  ", indent(opens)), n.Path(), strings.Join(label(n, true), "\\n"), style)
	})
	edges(g, func(from, to *graph.Node, ref bool) {
		style := ""
		if ref {
			style = " [style=dashed]"
		}
		fmt.Fprintf(&b, "  %q -> %q%s\n", from.Path(), to.Path(), style)
	})
	return b.String() + "}\n"
}

// Mermaid returns a graph in Mermaid's language: each network is a subgraph.
func Mermaid(g *graph.Graph) string {
	var b strings.Builder
	ids := map[*graph.Node]string{}
	for n := range g.Nodes() {
		ids[n] = "n" + strconv.Itoa(len(ids))
	}
	b.WriteString("flowchart TB\n")
	tree(g, "", func(depth int, n *graph.Node, opens bool) {
		pad := strings.Repeat("  ", depth+1)
		if opens {
			fmt.Fprintf(&b, "%ssubgraph s%s [\"%s\"]\n", pad, ids[n], n.Path())
		}
		if n == nil {
			b.WriteString(pad + "end\n")
			return
		}
		fmt.Fprintf(&b, "%s%s[\"%s\"]\n", pad+strings.Repeat("  ", indent(opens)), ids[n], strings.Join(label(n, true), "<br>"))
	})
	edges(g, func(from, to *graph.Node, ref bool) {
		arrow := "-->"
		if ref {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  %s %s %s\n", ids[from], arrow, ids[to])
	})
	return b.String()
}

func indent(opens bool) int {
	if opens {
		return 1
	}
	return 0
}

// tree walks the nodes of a network; one that has a network of its own opens that, which a nil closes.
func tree(g *graph.Graph, network graph.Path, visit func(depth int, n *graph.Node, opens bool)) {
	all := networks(g)
	depth := strings.Count(string(network), "/")
	for n := range g.Nodes() {
		if n.Path().Network() != network {
			continue
		}
		opens := slices.Contains(all, n.Path())
		visit(depth, n, opens)
		if opens {
			tree(g, n.Path(), visit)
			visit(depth, nil, false)
		}
	}
}

func edges(g *graph.Graph, visit func(from, to *graph.Node, ref bool)) {
	for n := range g.Nodes() {
		for _, in := range n.Inputs() {
			visit(in, n, false)
		}
		for _, in := range n.Refs() {
			visit(in, n, true)
		}
	}
}
