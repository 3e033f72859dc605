package patches

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"
	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// required notes the parameters that a patch must give and this one does not.
func (r *reader) required(n *Node) {
	for i := range n.Type.Params {
		if p := &n.Type.Params[i]; p.Required && n.given[p.Name] == nil {
			n.wrong[p.Name] = true
			r.fail(n.operator, "%s needs %s: %s", n.Type.Name, p.Name, want(p))
		}
	}
}

// check notes what n's operator finds wrong with its parameters. What is a mistake by itself is
// not judged again.
func (r *reader) check(n *Node) {
	c, ok := n.Operator.(graph.Checker)
	if !ok {
		return
	}
	for _, err := range flatten(graph.Guard(c.Check)) {
		if e, ok := errors.AsType[*graph.ParamError](err); !ok || !n.wrong[e.Param] {
			r.note(r.patch.blame(n, err), "", nil)
		}
	}
}

// flatten returns the errors of which err consists.
func flatten(err error) []error {
	if many, ok := err.(*multierror.Error); ok {
		return many.WrappedErrors()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// blame finds the place in the file of an error that n's operator returned.
func (p *Patch) blame(n *Node, err error) Mistake {
	m := Mistake{p.File, n.operator.Line, n.operator.Column, err.Error()}
	e, ok := errors.AsType[*graph.ParamError](err)
	if !ok {
		return m
	}
	m.Msg = fmt.Sprintf("%s: %s", e.Param, e.Msg)
	v := n.given[e.Param]
	switch {
	case v == nil: // it is the default that does not fit
	case e.Line == 0:
		m.Line, m.Col = v.Line, v.Column
	case p.ownFile(n, e.Param) != "":
		m.File, m.Line, m.Col = p.ownFile(n, e.Param), e.Line, max(e.Col, 1)
	default:
		m.Line, m.Col = p.text.within(v, e.Line, e.Col)
	}
	return m
}

// ownFile returns the file that a script parameter names, or nothing if its text is in the patch.
func (p *Patch) ownFile(n *Node, param string) string {
	s, ok := n.Type.Param(param).Get(n.Operator).(graph.Script)
	if !ok || s.File == p.File {
		return ""
	}
	return s.File
}

// wires notes inputs that do not exist, are too many or too few, and loops.
func (r *reader) wires() {
	for i := range r.patch.Nodes {
		n := &r.patch.Nodes[i]
		r.arity(n)
		for i, name := range n.Inputs {
			if name != "" && r.patch.byName[name] == nil {
				r.failNear(n.in[i], name, r.patch.names, "in: there is no node %.64q", n.in[i].Value)
			}
		}
	}
	r.loops()
}

// names walks the names of all nodes.
func (p *Patch) names(yield func(string) bool) {
	for i := range p.Nodes {
		if !yield(p.Nodes[i].Name) {
			return
		}
	}
}

func (r *reader) arity(n *Node) {
	if n.Type == nil {
		return
	}
	takes, got := n.Type.Inputs, len(n.Inputs)
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
