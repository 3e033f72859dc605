package graph

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// An Adopter can go on where the operator before it has been: one of its own type, with other parameters.
type Adopter interface {
	// Adopt takes over what old has open and what it knows, and says why it cannot: then old is closed,
	// and this one is started. Nothing is decoded or cooked meanwhile. old is not used after that.
	Adopt(old Operator) error
}

// A casting is an operator that is going to take the place of another one.
type casting struct {
	op       Operator
	computed []Computed
	ready    *Prepared // of op, if there is one
}

// Replace makes op the operator of n, and returns the node that has it. If op is of the same type that is n
// itself, with its wires, counters and what waits in its inbox, and op goes on with what the one before
// has: all of it if it is an [Adopter]; else that is closed, op is started, and the table is made anew
// of the inputs. An operator of another type makes another node, with the name, the wires and the flags of n.
func (e *Edit) Replace(n *Node, op Operator, computed ...Computed) *Node {
	return e.Exchange(n, Prepare(op, computed...))
}

// Exchange is Replace for an operator that is ready.
func (e *Edit) Exchange(n *Node, op *Prepared) *Node {
	p := e.plan(n, "set")
	if p == nil {
		return nil
	}
	e.note(Change{Kind: ChangeWiring, Node: n.path})
	if reflect.TypeOf(op.op) == n.typ.goType {
		p.next = &casting{op.op, op.computed, op}
		return n
	}
	e.drop(n)
	to := e.Place(string(n.path), op)
	p.next, e.plans[to] = nil, p
	e.moved[n] = to
	return to
}

// Set gives a parameter of n a value: one that [Param.Set] takes, an [Expression], or a text as
// [Param.Parse] has it. The operator of n becomes another one, as by Replace, which has all other parameters
// of the one before. Several of one node count together.
func (e *Edit) Set(n *Node, param string, v any) {
	if p := e.plan(n, "set"); p != nil {
		e.fail(n.path, "set", e.set(n, p, param, v))
	}
}

func (e *Edit) set(n *Node, p *plan, param string, v any) error {
	d := n.typ.Param(param)
	if d == nil {
		return &ParamError{Param: param, Msg: fmt.Sprintf("%s has no such parameter%s", n.typ.Name, DidYouMean(param, n.typ.names()))}
	}
	if p.next == nil {
		p.next = &casting{op: n.typ.copy(n.op), computed: n.computed.list()}
	}
	if err := p.next.set(d, v); err != nil {
		return err
	}
	e.note(Change{Kind: ChangeParam, Node: n.path, Param: param, Value: valueText(d, p.next.op, v)})
	return nil
}

// set gives a parameter a value.
func (c *casting) set(p *Param, v any) (err error) {
	c.ready = nil
	c.computed = slices.DeleteFunc(c.computed, func(c Computed) bool { return c.Param == p.Name })
	switch x := v.(type) {
	case Expression:
		c.computed = append(c.computed, Computed{p.Name, x})
		return nil
	case string:
		if v, err = p.Parse(x); err != nil {
			return err
		}
	}
	if s, ok := v.(Script); ok && s.Values == nil {
		if old, ok := p.Get(c.op).(Script); ok {
			s.Values = old.Values
			v = s
		}
	}
	return p.Set(c.op, v)
}

// names walks the names of the parameters.
func (d *OpType) names() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, p := range d.Params {
			if !yield(p.Name) {
				return
			}
		}
	}
}

// copy returns an operator with the exported fields of op, and what the patch gave that.
func (d *OpType) copy(op Operator) Operator {
	from, to := reflect.ValueOf(op).Elem(), reflect.New(d.goType.Elem())
	for _, f := range reflect.VisibleFields(from.Type()) {
		if f.IsExported() && !f.Anonymous {
			to.Elem().FieldByIndex(f.Index).Set(from.FieldByIndex(f.Index))
		}
	}
	next := to.Interface().(Operator)
	if s, ok := op.(Scoped); ok {
		next.(Scoped).SetValues(s.Values())
	}
	if r, ok := op.(FileReader); ok {
		next.(FileReader).SetFolder(r.Folder())
	}
	return next
}

// cast makes a role of the operator that n is going to have.
func (e *Edit) cast(n *Node, p *plan) {
	if p.next == nil {
		return
	}
	ready := p.next.ready
	if ready == nil {
		ready = Prepare(p.next.op, p.next.computed...)
	}
	e.fail(n.path, "set", ready.err)
	p.role = &ready.role
	p.role.inherit(&n.role)
	e.fail(n.path, "set", Guard(p.role.checkInherited))
}

// checkInherited has the operator check the values that were inherited, and asks it again what follows from them: it was
// prepared without.
func (r *role) checkInherited() error {
	if !r.computed.usable || len(r.computed.params) == 0 {
		return nil
	}
	if c, ok := r.op.(Checker); ok {
		if err := c.Check(); err != nil {
			return err
		}
	}
	r.ask()
	return nil
}

// role returns what n is going to do.
func (e *Edit) role(n *Node) *role {
	if p := e.plans[n]; p != nil && p.role != nil {
		return p.role
	}
	return &n.role
}

// list returns the parameters that are computed, and from what.
func (k *computed) list() []Computed {
	out := make([]Computed, len(k.params))
	for i, p := range k.params {
		out[i] = Computed{p.param.Name, p.expr}
	}
	return out
}

// inherit takes over the values of those computed parameters that have the same expression.
func (r *role) inherit(old *role) {
	r.computed.usable = old.computed.usable
	for i := range r.computed.params {
		k := &r.computed.params[i]
		was := slices.IndexFunc(old.computed.params, func(o computation) bool {
			return o.param.Name == k.param.Name && reflect.TypeOf(o.expr).Comparable() && o.expr == k.expr
		})
		if was < 0 {
			r.computed.usable = false
			continue
		}
		o := &old.computed.params[was]
		k.read, k.value, k.err, k.ready = o.read, o.value, o.err, o.ready
		k.param.value(r.op).Set(o.param.value(old.op))
	}
}

// Restarted returns the nodes whose operators were closed, since those that took their places did not adopt what
// they had open. It is for after the edit.
func (e *Edit) Restarted() []*Node { return e.restarted }

// become gives the node another role, and reports whether it has to be opened anew.
func (n *Node) become(next *role) (restarts bool) {
	err := n.handOver(next)
	adopts := err == nil
	if !adopts {
		restarts = n.retire(err)
	}
	n.role = *next
	n.table.SetLimits(n.limits)
	n.failures, n.panicked, n.crashes = 0, false, nil
	for i := range n.faults {
		if f := &n.faults[i]; !adopts || f.Kind == FaultParam || f.Kind == FaultCook || f.Kind == FaultRow {
			f.Active = false
		}
	}
	n.asked, n.replaced = true, true
	if !adopts {
		n.computed.renewed = true
		n.restart()
		if n.inbox == nil {
			n.table.Anew(n.writer)
		}
	}
	return restarts
}

// handOver has the next operator take over from the present one, or returns why it does not. From then on
// it decodes.
func (n *Node) handOver(next *role) error {
	if n.inbox != nil {
		n.inbox.mu.Lock()
		defer n.inbox.mu.Unlock()
		n.inbox.decoder, n.inbox.keep = next.op.(Decoder), next.listens
	}
	if a, ok := next.op.(Adopter); ok {
		return Guard(func() error { return a.Adopt(n.op) })
	}
	return errNoAdopter
}

var errNoAdopter = errors.New("what it has open is never taken over")

// retire notes that the present operator is to be closed, and why. It reports whether it has something open.
func (n *Node) retire(why error) (open bool) {
	old := retiree{op: n.op}
	if open = n.started && n.closer != nil; open {
		old.closer = n.closer
		n.Logger().Info("restarting", "why", why)
	}
	n.started = false
	n.retired = append(n.retired, old)
	return open
}
