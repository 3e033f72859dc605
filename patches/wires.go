package patches

import (
	"fmt"
	"iter"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// What patterns of inputs may come to. More is a mistake.
const (
	maxWires   = 100_000   // inputs of all nodes
	maxMatches = 4_000_000 // names compared with patterns
)

// A wiring finds the nodes that inputs name.
type wiring struct {
	*reader
	wires, matches int
}

// wires finds the inputs of all nodes, and notes those that do not exist, are too many or too few, and
// loops.
func (r *reader) wires() {
	w := &wiring{reader: r}
	own := r.source
	for _, n := range r.patch.Nodes {
		r.source = n.src
		w.inputs(n)
	}
	for _, n := range r.patch.Nodes {
		r.source = n.src
		r.arity(n)
		for i, in := range n.Inputs {
			r.exists(n, n.in[i], in)
		}
	}
	r.loops()
	r.source = own
}

// inputs turns what is written as inputs of n into paths, several for a pattern. What is no name stays
// as an empty one, so that it still counts.
func (w *wiring) inputs(n *Node) {
	written := n.in
	n.in = nil
	for _, v := range written {
		if isPattern(v.Value) {
			w.expand(n, v)
			continue
		}
		at := ""
		if v.Value != "" {
			p, err := n.path().Resolve(v.Value)
			if err != nil {
				w.fail(v, "in: %v", err)
			}
			at = bare(string(p))
		}
		w.wire(n, v, at)
	}
}

func (w *wiring) wire(n *Node, v *yaml.Node, at string) {
	if w.wires++; w.wires == maxWires+1 {
		w.fail(v, "in: the patch has more than %d wires", maxWires)
	}
	if w.wires <= maxWires {
		n.Inputs, n.in = append(n.Inputs, at), append(n.in, v)
	}
}

func isPattern(s string) bool { return strings.ContainsAny(s, `*?[\`) }

// expand wires n from the nodes that match a pattern, in order of the file: not from itself, nor twice.
func (w *wiring) expand(n *Node, v *yaml.Node) {
	pattern, err := absolute(n, v.Value)
	if err != nil {
		w.fail(v, "in: %v", err)
		w.wire(n, v, "")
		return
	}
	had := map[string]bool{n.Name: true}
	for _, in := range n.Inputs {
		had[in] = true
	}
	found := false
	for _, other := range w.patch.Nodes {
		if w.matches++; w.matches > maxMatches {
			w.wires = max(w.wires, maxWires) // that is a mistake, too
		}
		if ok, _ := path.Match(pattern, other.Name); !ok || other == n {
			continue
		}
		if found = true; !had[other.Name] {
			w.wire(n, v, other.Name)
		}
		if w.wires > maxWires {
			return
		}
	}
	if !found {
		w.fail(v, "in: no node matches %.64q", v.Value)
		w.wire(n, v, "")
	}
}

// absolute returns a pattern as one of paths, without the leading slash.
func absolute(n *Node, pattern string) (string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return "", fmt.Errorf("pattern %.64q has a [ that is not closed, or a range of nothing", pattern)
	}
	var parts []string
	if network := n.path().Network(); network != "" && !strings.HasPrefix(pattern, "/") {
		parts = strings.Split(bare(string(network)), "/")
	}
	for part := range strings.SplitSeq(bare(pattern), "/") {
		switch {
		case part == ".":
		case part != "..":
			parts = append(parts, part)
		case len(parts) == 0:
			return "", fmt.Errorf("%.64q leads out of the graph", pattern)
		default:
			parts = parts[:len(parts)-1]
		}
	}
	return strings.Join(parts, "/"), nil
}

func (n *Node) path() graph.Path { return graph.Path("/" + n.Name) }

// exists notes that an input of n is no node, or a base that puts out nothing.
func (r *reader) exists(n *Node, v *yaml.Node, in string) {
	base, port := r.patch.base(in)
	switch from := r.patch.byName[in]; {
	case in == "":
	case from != nil && from.isBase() && r.patch.byName[from.firstOutput()] == nil:
		r.fail(v, "in: %q has no output; the node in it that is one is called out1", v.Value)
	case r.patch.has(in):
	case port > 0:
		r.fail(v, "in: there is no %.64s: %q has %s", v.Value, base.Name, counted(len(base.Inputs), "input"))
	case base == nil && portNumber(in) > 0:
		r.failNear(v, in, r.patch.names(n), "in: there is no node %.64q; it is an input within a base only", v.Value)
	default:
		r.failNear(v, v.Value, r.patch.names(n), "in: there is no node %.64q", v.Value)
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// names walks the names of all nodes, as n would write them.
func (p *Patch) names(n *Node) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, other := range p.Nodes {
			if !yield(other.path().Ref(n.path())) {
				return
			}
		}
	}
}

func (r *reader) arity(n *Node) {
	if n.Type == nil {
		return
	}
	takes, got := n.Type.Inputs, len(n.Inputs)
	if t, ok := n.Operator.(graph.Targeter); ok && t.TargetName() != "" {
		takes = graph.Arity{Min: takes.Min - 1, Max: takes.Max - 1}
	}
	if got >= takes.Min && got <= takes.Max {
		return
	}
	r.fail(n.input(takes.Max), "%s takes %s; %q has %d", n.Type.Name, inputs(takes), n.Name, got)
}

// inputs says how many inputs an operator takes.
func inputs(a graph.Arity) string {
	switch {
	case a.Max == 0:
		return a.String()
	case a.Max == 1 && a.Min == 1:
		return a.String() + " input"
	}
	return a.String() + " inputs"
}

// input returns where the i-th input is written, or else the last one, or else the operator.
func (n *Node) input(i int) *yaml.Node {
	if len(n.in) == 0 {
		return n.operator
	}
	return n.in[min(i, len(n.in)-1)]
}
