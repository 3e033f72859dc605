package patches

import (
	"errors"
	"fmt"

	"linecook.dev/linecook/graph"
)

// Build adds the patch's nodes to g and wires them, all in one edit. It takes the operators: a patch
// is built once. Errors are each a [Mistake], in a multierror.Error.
func (p *Patch) Build(g *graph.Graph) error {
	return p.explain(g.Edit(func(e *graph.Edit) {
		made := make(map[string]*graph.Node, len(p.Nodes))
		for i := range p.Nodes {
			n := &p.Nodes[i]
			made[n.Name] = e.Add(n.Name, n.Operator)
			e.SetBypass(made[n.Name], n.Bypass)
			e.SetActive(made[n.Name], n.Active)
		}
		for i := range p.Nodes {
			for _, in := range p.Nodes[i].Inputs {
				e.Wire(made[in], made[p.Nodes[i].Name])
			}
		}
	}))
}

// explain turns errors of a graph into mistakes of the patch.
func (p *Patch) explain(err error) error {
	var ms mistakes
	for _, err := range flatten(err) {
		e, ok := errors.AsType[*graph.NodeError](err)
		if !ok || p.Node(string(e.Node)) == nil {
			ms.add(Mistake{p.File, 1, 1, err.Error()}, "", nil)
			continue
		}
		n := p.Node(string(e.Node))
		m := p.blame(n, e.Err)
		if e.Op == "wire" {
			m.Line, m.Col = n.input(0).Line, n.input(0).Column
		}
		ms.add(m, "", nil)
	}
	return ms.err(p.File)
}

// loops notes nodes that are upstream of themselves, and references to nodes that do not exist. A
// graph finds the loops: one of stand-ins, since operators with mistakes cannot be placed.
func (r *reader) loops() {
	p := r.patch
	err := new(graph.Graph).Edit(func(e *graph.Edit) {
		made := make(map[string]*graph.Node, len(p.Nodes))
		for i := range p.Nodes {
			made[p.Nodes[i].Name] = e.Add(p.Nodes[i].Name, &standIn{r.refs(&p.Nodes[i])})
		}
		for i := range p.Nodes {
			for _, in := range p.Nodes[i].Inputs {
				if made[in] != nil {
					e.Wire(made[in], made[p.Nodes[i].Name])
				}
			}
		}
	})
	for _, err := range flatten(err) {
		if e, ok := errors.AsType[*graph.NodeError](err); ok {
			r.fail(p.Node(string(e.Node)).input(0), "%v", e.Err)
		}
	}
}

// refs returns the nodes that n's operator reads by their names.
func (r *reader) refs(n *Node) (names []string) {
	o, ok := n.Operator.(graph.Referrer)
	if !ok || len(n.wrong) > 0 {
		return nil
	}
	for _, name := range o.Refs() {
		if r.patch.Node(name) == nil {
			r.failNear(n.operator, name, r.patch.names, "%s refers to node %.64q, which does not exist", n.Type.Name, name)
			continue
		}
		names = append(names, name)
	}
	return names
}

// A standIn has a node's edges and nothing else.
type standIn struct{ refs []string }

func (*standIn) Cook(*graph.Cook) error { return fmt.Errorf("a stand-in does not cook") }

func (s *standIn) Refs() []string { return s.refs }

func (*standIn) Describe() graph.Description {
	return graph.Description{Name: "standin", Inputs: graph.Arity{Max: graph.Many}}
}
