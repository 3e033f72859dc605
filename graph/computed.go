package graph

import (
	"errors"
	"slices"

	"github.com/hashicorp/go-multierror"
)

// A Computed parameter has the value of an expression, computed before the node cooks whenever what
// the expression reads has changed. If the new value is no good, the parameter keeps the one it has,
// and the node shows why.
type Computed struct {
	Param string
	Value Expression
}

// CanCompute returns why the parameter of op cannot have the value of x, or nil. Sockets and files are
// opened once, and read their parameters in goroutines of their own: with these an operator can have
// constant expressions only.
func (p *Param) CanCompute(op Operator, x Expression) error {
	switch {
	case p.Type == ParamPulse || p.Type == ParamScript:
		return p.errorf("%s cannot be computed", p.Type)
	case !IsConstant(x) && p.opens(op):
		return p.errorf("this operator reads its parameters once, when it opens, so the expression cannot read " +
			"what changes while the patch runs; of the patch's own parameters it can: param.name")
	}
	return nil
}

// opens reports whether op reads the parameter when it opens, or in other goroutines.
func (p *Param) opens(op Operator) bool {
	if o, ok := op.(Opener); ok {
		return slices.Contains(o.Opens(), p.Name)
	}
	_, starts := op.(Starter)
	_, decodes := op.(Decoder)
	return starts || decodes
}

// Expression returns what computes a parameter of the node, or nil.
func (n *Node) Expression(param string) Expression {
	for i := range n.computed.params {
		if k := &n.computed.params[i]; k.param.Name == param {
			return k.expr
		}
	}
	return nil
}

// computed is the computed parameters of a node.
type computed struct {
	params  []computation
	usable  bool // the operator has had a value for each, and took them
	renewed bool // they have changed since the last cook
	wiring  wiring
}

// SetConstant gives the parameter of op the value of an expression that [IsConstant].
func (p *Param) SetConstant(op Operator, x Expression) error {
	cell, err := x.Eval(nil, 0)
	if err != nil {
		return err
	}
	v, err := p.Accept(cell)
	if err != nil {
		return err
	}
	return p.Set(op, v)
}

// compute sets those of an operator's computed parameters that are constant, and returns the others.
func (d *OpType) compute(op Operator, list []Computed) (params []computation, err error) {
	var errs *multierror.Error
	for _, c := range list {
		p := d.Param(c.Param)
		if p == nil {
			errs = multierror.Append(errs, &ParamError{Param: c.Param, Msg: "there is no such parameter"})
			continue
		}
		if err := p.CanCompute(op, c.Value); err != nil {
			errs = multierror.Append(errs, err)
			continue
		}
		if !IsConstant(c.Value) {
			params = append(params, computation{param: p, expr: c.Value})
			continue
		}
		if err := p.SetConstant(op, c.Value); err != nil {
			errs = multierror.Append(errs, err)
		}
	}
	return params, errs.ErrorOrNil()
}

// check returns what is wrong with op's parameters, but for those that have no value yet.
func (d *OpType) check(op Operator, awaited []computation) error {
	err := d.Complete(op)
	if c, ok := op.(Checker); ok {
		err = multierror.Append(err, flatten(Guard(c.Check))...)
	}
	var errs *multierror.Error
	for _, err := range flatten(err) {
		e, ok := errors.AsType[*ParamError](err)
		if !ok || !slices.ContainsFunc(awaited, func(k computation) bool { return k.param.Name == e.Param }) {
			errs = multierror.Append(errs, err)
		}
	}
	return errs.ErrorOrNil()
}

func flatten(err error) []error {
	if many, ok := errors.AsType[*multierror.Error](err); ok {
		return many.Errors
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// Timed reports whether the node is to be looked at in every frame: it is a [Ticker], or has a parameter that is
// computed from the frame or the time.
func (n *Node) Timed() bool {
	if t, ok := n.op.(Ticker); ok && t.EveryFrame() {
		return true
	}
	return slices.ContainsFunc(n.computed.params, func(k computation) bool { return k.expr.Timed() })
}
