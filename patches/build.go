package patches

import (
	"errors"
	"fmt"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// Build adds the patch's nodes to g and wires them, all in one edit. It takes the operators: a patch
// is built once. Errors are each a [Mistake], in a multierror.Error.
func (p *Patch) Build(g *graph.Graph) error {
	return p.explain(g.Edit(func(e *graph.Edit) { place(e, p.placements(own)) }))
}

// A placement is a node as a graph is to have it: one of the file, or an input of a base.
type placement struct {
	name           string // its path, without the leading slash
	op             graph.Operator
	computed       []graph.Computed
	bypass, active bool
	inputs         []string
	node           *Node // of the file; nil if op is not the one that it names
}

// own returns the operator that the file names.
func own(n *Node) (graph.Operator, []graph.Computed) { return n.Operator, n.Computed }

// placements returns what a graph is to have, with the operators that of returns.
func (p *Patch) placements(of func(*Node) (graph.Operator, []graph.Computed)) []placement {
	list := make([]placement, 0, len(p.Nodes))
	for _, n := range p.Nodes {
		at := placement{name: n.Name, bypass: n.Bypass && !n.isBase(), active: p.works(n), inputs: p.sources(n), node: n}
		if at.op, at.computed = of(n); p.bypassing(n) != nil {
			at.op, at.computed, at.node = &graph.Port{}, nil, nil
		}
		list = append(list, at)
		if !n.isBase() {
			continue
		}
		for i, in := range n.Inputs {
			list = append(list, placement{name: n.portName(i), op: &graph.Port{}, active: p.works(n), inputs: []string{in}})
		}
	}
	return list
}

// place adds nodes and wires them.
func place(e *graph.Edit, list []placement) {
	made := make(map[string]*graph.Node, len(list))
	for _, at := range list {
		n := e.Add(at.name, at.op, at.computed...)
		e.SetBypass(n, at.bypass)
		e.SetActive(n, at.active)
		made[at.name] = n
	}
	for _, at := range list {
		for _, in := range at.inputs {
			if made[in] != nil {
				e.Wire(made[in], made[at.name])
			}
		}
	}
}

// bypassing returns the bypassed base whose first output n is, or nil.
func (p *Patch) bypassing(n *Node) *Node {
	if base, _ := p.base(n.Name); base != nil && base.Bypass && n.Name == base.firstOutput() {
		return base
	}
	return nil
}

// sources are the nodes that a graph wires n from. A base has the table of its first output, which is
// its first input if it is bypassed.
func (p *Patch) sources(n *Node) []string {
	base := p.bypassing(n)
	switch {
	case base != nil:
		return []string{base.portName(0)}
	case !n.isBase():
		return n.Inputs
	case n.Bypass:
		return []string{n.portName(0)}
	}
	return []string{n.firstOutput()}
}

// explain turns errors of a graph into mistakes of the patch.
func (p *Patch) explain(err error) error {
	var ms mistakes
	for _, err := range flatten(err) {
		e, ok := errors.AsType[*graph.NodeError](err)
		if !ok || p.at(e.Node) == nil {
			ms.add(Mistake{p.File, 1, 1, err.Error()}, nil, "", nil)
			continue
		}
		n := p.at(e.Node)
		m := n.blame(e.Err)
		if e.Op == "wire" {
			m.Line, m.Col = n.input(0).Line, n.input(0).Column
		}
		ms.add(m, n.src, "", nil)
	}
	return ms.err(p.File)
}

// at returns the node of the file that a node of the graph is of: of an input, its base.
func (p *Patch) at(path graph.Path) *Node {
	if n := p.Node(string(path)); n != nil {
		return n
	}
	return p.Node(string(path.Network()))
}

// loops notes nodes that are upstream of themselves, and references to nodes that do not exist. A
// graph finds the loops: one of stand-ins, since operators with mistakes cannot be placed.
func (r *reader) loops() {
	p := r.patch
	err := new(graph.Graph).Edit(func(e *graph.Edit) {
		place(e, p.placements(func(n *Node) (graph.Operator, []graph.Computed) { return newStandIn(n, r.refs(n)), nil }))
	})
	for _, err := range flatten(err) {
		if e, ok := errors.AsType[*graph.NodeError](err); ok {
			n := p.at(e.Node)
			r.source = n.src
			r.fail(n.input(0), "%v", e.Err)
		}
	}
}

// refs returns the nodes that n reads by their names.
func (r *reader) refs(n *Node) (names []string) {
	r.source = n.src
	if t, ok := n.Operator.(graph.Targeter); ok && len(n.wrong) == 0 && t.TargetName() != "" {
		names = r.existing(n, n.operator, n.Type.Name, []string{t.TargetName()})
	}
	if o, ok := n.Operator.(graph.Referrer); ok && len(n.wrong) == 0 {
		names = append(names, r.existing(n, n.operator, n.Type.Name, o.Refs())...)
	}
	for _, c := range n.Computed {
		names = append(names, r.existing(n, n.given[c.Param], c.Param, c.Value.Refs())...)
	}
	return names
}

// existing returns those of the names that n refers to which are nodes, and notes the others.
func (r *reader) existing(n *Node, at *yaml.Node, who string, refs []string) (names []string) {
	for _, name := range refs {
		p, err := n.path().Resolve(name)
		switch {
		case err != nil:
			r.fail(at, "%s refers to node %.64q: %v", who, name, err)
		case !r.patch.has(bare(string(p))):
			r.failNear(at, name, r.patch.names(n), "%s refers to node %.64q, which does not exist", who, name)
		default:
			names = append(names, name)
		}
	}
	return names
}

// A standIn has a node's edges and nothing else.
type standIn struct {
	refs []string
	lags bool
}

func newStandIn(n *Node, refs []string) *standIn {
	l, ok := n.Operator.(graph.Lagger)
	return &standIn{refs, ok && l.Lags()}
}

// Lags implements [graph.Lagger].
func (s *standIn) Lags() bool { return s.lags }

func (*standIn) Cook(*graph.Cook) error { return fmt.Errorf("a stand-in does not cook") }

func (s *standIn) Refs() []string { return s.refs }

func (*standIn) Describe() graph.Description {
	return graph.Description{Name: "standin", Inputs: graph.Arity{Max: graph.Many}}
}
