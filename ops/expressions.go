package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// expressions are those in an operator's parameters, which embeds it. They can read the parameters of
// the patch and other nodes; when these change, the operator is given all of its inputs again.
type expressions struct {
	graph.Scope
	list     []*script.Expr
	paramsOf []string // that the expressions are of
	refs     []string

	slips slips
}

// clear begins a Check.
func (x *expressions) clear() { x.list, x.paramsOf, x.refs, x.slips.looked = nil, nil, nil, nil }

// compile compiles the expression of a parameter, if there is one.
func (x *expressions) compile(param, text string, to **script.Expr) error {
	*to = nil
	if text == "" {
		return nil
	}
	e, err := script.CompileExpr(param, graph.Script{Text: text, Values: x.Values()})
	if err != nil {
		return err
	}
	e.FirstRef = len(x.refs)
	x.list, x.paramsOf, x.refs = append(x.list, e), append(x.paramsOf, param), append(x.refs, e.Refs()...)
	*to = e
	return nil
}

// Refs implements [graph.Referrer].
func (x *expressions) Refs() []string { return x.refs }

// heed begins a Cook.
func (x *expressions) heed(c *graph.Cook) {
	for _, e := range x.list {
		e.Follow(c)
	}
	if c.NumInputs() > 0 {
		x.lookForColumns(c, c.In(0).View)
	}
}

// lookForColumns warns of columns that the expressions read and the input has not: they are None until they come.
func (x *expressions) lookForColumns(c *graph.Cook, in *table.View) {
	if !x.slips.differ(in) {
		return
	}
	for i, e := range x.list {
		x.slips.look(c, x.paramsOf[i], "an expression reads a column that the input does not have yet", e.Columns()...)
	}
}
