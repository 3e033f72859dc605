package graph

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"linecook.dev/linecook/graph/table"
)

// A computation is a computed parameter of a node.
type computation struct {
	param *Param
	expr  Expression
	first int    // index among the node's references of the first that it reads
	read  []seen // what it has read; nil before the first time
	value any    // the newest one
	err   error  // instead of it
	ready bool   // the operator has had a value
}

// A seen table is one as it was at some time.
type seen struct {
	table   *table.Table
	version uint64
}

// Due tells the node that the time has come at which it wanted to cook.
func (n *Node) Due() { n.asked = true }

// Prepare computes the node's parameters, if what they are computed from has changed, and reports
// whether the node has a reason to cook. It has none while a parameter has no value yet.
func (n *Node) Prepare(frame int64, at time.Duration) (cook bool) {
	return len(n.computed.params) == 0 || n.bypass || n.prepare(frame, at)
}

func (n *Node) prepare(frame int64, at time.Duration) (cook bool) {
	c := &n.cook
	c.Frame, c.Time = frame, at
	fresh := false
	for i := range n.computed.params {
		fresh = n.computed.params[i].update(c) || fresh
	}
	if fresh {
		n.assign(c)
	}
	return n.computed.usable && (n.computed.renewed || n.hasReason())
}

// hasReason reports whether something but the node's expressions asks for a cook.
func (n *Node) hasReason() bool {
	return n.stats.Cooks == 0 || n.asked || len(n.computed.wiring.refs) > 0 || n.Stale()
}

// update computes the value if what it is computed from has changed, and reports whether it did.
func (k *computation) update(c *Cook) bool {
	stale := k.read == nil || k.expr.Timed()
	if k.read == nil {
		k.read = make([]seen, len(k.expr.Refs()))
	}
	for i := range k.read {
		t := c.Ref(k.first + i)
		now := seen{t, t.Version()}
		stale = stale || k.read[i] != now
		k.read[i] = now
	}
	if stale {
		k.err = Guard(func() (err error) {
			k.value, err = k.eval(c)
			return err
		})
	}
	return stale
}

func (k *computation) eval(c *Cook) (any, error) {
	v, err := k.expr.Eval(c, k.first)
	if err != nil {
		return nil, err
	}
	x, err := k.param.Accept(v)
	return x, k.blame(err)
}

// blame says where the expression stands that has given a parameter a wrong value.
func (k *computation) blame(err error) error {
	e, ok := errors.AsType[*ParamError](err)
	if !ok || k.expr.Place() == "" {
		return err
	}
	return fmt.Errorf("%s: %s: %s", e.Param, k.expr.Place(), e.Msg)
}

// assign gives the operator the newest values. If it refuses them it keeps those it had.
func (n *Node) assign(c *Cook) {
	old := n.values()
	failed := n.setValues()
	ready := !slices.ContainsFunc(n.computed.params, func(k computation) bool { return !k.ready })
	if ready && (!n.computed.usable || !reflect.DeepEqual(old, n.values())) {
		if err := n.review(); err != nil {
			failed = err
			n.restoreValues(old)
		} else {
			n.computed.usable, n.computed.renewed = true, true
			n.restart()
		}
	}
	if n.faults[FaultParam].Active = failed != nil; failed != nil {
		n.fail(FaultParam, c.moment(), 1, failed)
	}
}

// values returns what the operator has for the computed parameters.
func (n *Node) values() []any {
	out := make([]any, len(n.computed.params))
	for i, k := range n.computed.params {
		out[i] = k.param.Get(n.op)
	}
	return out
}

// setValues gives the operator those values that are within their limits, and returns the first error.
func (n *Node) setValues() (failed error) {
	for i := range n.computed.params {
		k := &n.computed.params[i]
		err := k.err
		if err == nil {
			err = k.blame(k.param.Set(n.op, k.value))
		}
		if err == nil {
			k.param.fill(n.op)
			k.ready = true
		} else if failed == nil {
			failed = err
		}
	}
	return failed
}

func (n *Node) restoreValues(old []any) {
	for i, k := range n.computed.params {
		k.param.value(n.op).Set(reflect.ValueOf(old[i]))
	}
	if n.computed.usable {
		_ = n.review() // it has taken them before
	}
}

// review has the operator check its parameters and follow them.
func (n *Node) review() error {
	if c, ok := n.op.(Checker); ok {
		for _, err := range flatten(Guard(c.Check)) {
			return n.blame(err)
		}
	}
	if !n.findWiring().equal(n.computed.wiring) {
		k := n.computed.params[0]
		return k.blame(k.param.errorf("the value would make the node read other nodes, or act in another way; " +
			"only an edit of the patch can do that"))
	}
	if l, ok := n.op.(Limiter); ok {
		n.table.SetLimits(l.Limits())
	}
	return nil
}

// blame adds where the parameter is computed that err is about.
func (n *Node) blame(err error) error {
	e, ok := errors.AsType[*ParamError](err)
	if !ok {
		return err
	}
	for _, k := range n.computed.params {
		if k.param.Name == e.Param {
			return k.blame(e)
		}
	}
	return err
}
