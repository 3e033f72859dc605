package patches

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"

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
		if e, ok := errors.AsType[*graph.ParamError](err); !ok || !n.wrong[e.Param] && !n.IsComputed(e.Param) {
			r.note(n.blame(err), "", nil)
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
func (n *Node) blame(err error) Mistake {
	m := Mistake{n.src.file, n.operator.Line, n.operator.Column, err.Error()}
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
	case n.ownFile(e.Param) != "":
		m.File, m.Line, m.Col = n.ownFile(e.Param), e.Line, max(e.Col, 1)
	default:
		m.Line, m.Col = n.src.text.within(v, e.Line, e.Col)
	}
	return m
}

// ownFile returns the file that a script parameter names, or nothing if its text is in the patch.
func (n *Node) ownFile(param string) string {
	s, ok := n.Type.Param(param).Get(n.Operator).(graph.Script)
	if !ok || s.File == n.src.file {
		return ""
	}
	return s.File
}
