package graph

import (
	"io"
	"slices"

	"linecook.dev/linecook/graph/table"
)

// A role is what a node does: its operator, and what that said about itself when the role was cast.
type role struct {
	op  Operator
	typ *OpType
	abilities
	computed computed
	limits   table.Limits
	listens  bool
}

// abilities are the optional interfaces of an operator, asked for once.
type abilities struct {
	starter  Starter
	closer   io.Closer
	effect   Effect
	passer   Passer
	lagger   Lagger
	targeter Targeter
	referrer Referrer
}

// newRole returns the role of op, with an error if it panics when it is asked about itself.
func newRole(op Operator, typ *OpType, params []computation) (role, error) {
	r := role{op: op, typ: typ, computed: computed{params: params}}
	r.starter, _ = op.(Starter)
	r.closer, _ = op.(io.Closer)
	r.effect, _ = op.(Effect)
	r.passer, _ = op.(Passer)
	r.lagger, _ = op.(Lagger)
	r.targeter, _ = op.(Targeter)
	r.referrer, _ = op.(Referrer)
	err := Guard(func() error {
		r.ask()
		return nil
	})
	return r, err
}

// ask asks the operator all that an engine asks it outside of its cooks.
func (r *role) ask() {
	if l, ok := r.op.(Limiter); ok {
		r.limits = l.Limits()
	}
	if l, ok := r.op.(Listener); ok {
		r.listens = l.Listens()
	}
	r.lags(false)
	r.computed.wiring = r.findWiring()
}

// target returns the name of the operator's target; empty if there is none.
func (r *role) target() string {
	if r.targeter == nil {
		return ""
	}
	return r.targeter.TargetName()
}

func (r *role) lags(bypass bool) bool { return r.lagger != nil && r.lagger.Lags() && !bypass }

// passing returns which input's table is the node's, or -1, if it is bypassed or not, with so many inputs.
func (r *role) passing(bypass bool, inputs int) int {
	i := -1
	if bypass {
		i = 0
	} else if r.passer != nil {
		i = r.passer.Pass()
	}
	if i >= inputs {
		return -1
	}
	return i
}

// refNames returns the names of the nodes that are read without a wire: the operator's, then those of
// its computed parameters.
func (r *role) refNames() []string {
	var names []string
	if r.referrer != nil {
		names = slices.Clone(r.referrer.Refs())
	}
	for i := range r.computed.params {
		k := &r.computed.params[i]
		k.first = len(names)
		names = append(names, k.expr.Refs()...)
	}
	return names
}

// wiring is what an operator's parameters say about its place in the graph. That can change by an
// edit only.
type wiring struct {
	refs   []string
	effect bool
	pass   int
	target string
}

func (r *role) findWiring() (w wiring) {
	if r.referrer != nil {
		w.refs = r.referrer.Refs()
	}
	w.effect = r.effect != nil && r.effect.Effect()
	w.target = r.target()
	w.pass = -1
	if r.passer != nil {
		w.pass = r.passer.Pass()
	}
	return w
}

func (w wiring) equal(o wiring) bool {
	return w.effect == o.effect && w.pass == o.pass && w.target == o.target && slices.Equal(w.refs, o.refs)
}
