package graph

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph/table"
)

// An Edit is a change of a graph that is being put together. See [Graph.Edit]. What it costs to change nodes follows
// from their number, unless the graph gets another [Graph.Shape].
type Edit struct {
	g     *Graph
	plans map[*Node]*plan // of the nodes that are changed
	added map[Path]*Node
	gone  map[*Node]bool
	moved map[*Node]*Node // nodes that others have taken the place of
	errs  *multierror.Error

	reshapes bool
	tables   map[*Node]*table.Table // what nodes show that show another's

	changes []Change
	told    bool // by Tell

	restarted []*Node
}

// A plan is what a node is going to be.
type plan struct {
	inputs         []*Node
	aimed          bool // the first of them is the operator's target
	bypass, active bool
	refs           []*Node
	next           *casting // its operator, if that is to be another one
	role           *role    // of next
}

func newEdit(g *Graph) *Edit {
	return &Edit{
		g: g, plans: map[*Node]*plan{}, added: map[Path]*Node{}, gone: map[*Node]bool{}, moved: map[*Node]*Node{},
		tables: map[*Node]*table.Table{},
	}
}

// at returns the node that is going to be at a path, or nil.
func (e *Edit) at(p Path) *Node {
	if n := e.added[p]; n != nil {
		return n
	}
	if n := e.g.nodes[p]; !e.gone[n] {
		return n
	}
	return nil
}

// has reports whether n is going to be in the graph.
func (e *Edit) has(n *Node) bool { return e.plans[n] != nil || !e.gone[n] && e.g.nodes[n.path] == n }

// touch returns the plan of n, which is in the graph.
func (e *Edit) touch(n *Node) *plan {
	p := e.plans[n]
	if p == nil {
		p = &plan{inputs: slices.Clone(n.wired()), bypass: n.bypass, active: n.active, refs: n.refs}
		e.plans[n] = p
	}
	return p
}

// inputs returns what n is going to be wired from.
func (e *Edit) inputs(n *Node) []*Node {
	if p := e.plans[n]; p != nil {
		return p.inputs
	}
	return n.inputs
}

// bypasses reports whether n is going to be bypassed.
func (e *Edit) bypasses(n *Node) bool {
	if p := e.plans[n]; p != nil {
		return p.bypass
	}
	return n.bypass
}

// Add places op in the graph. Its parameters that are zero get their defaults, but for those that are
// computed. The node is part of the graph once the edit is done; until then it can be wired.
func (e *Edit) Add(name string, op Operator, computed ...Computed) *Node {
	return e.Place(name, Prepare(op, computed...))
}

// Place is Add for an operator that is ready.
func (e *Edit) Place(name string, op *Prepared) *Node {
	path, err := ParsePath(name)
	e.note(Change{Kind: ChangeWiring, Node: path})
	if err != nil {
		e.fail(Path(name), "add", err)
		path = Path(name)
	}
	e.fail(path, "add", op.err)
	if e.at(path) != nil {
		e.fail(path, "add", errors.New("the name is taken"))
	}
	n := newNode(path, op.role)
	e.added[path] = n
	e.plans[n] = &plan{active: true}
	return n
}

// Node returns the node that name or path stands for once the edit is done, or nil.
func (e *Edit) Node(name string) *Node {
	p, err := ParsePath(name)
	if err != nil {
		return nil
	}
	return e.at(p)
}

// Remove takes n out of the graph, and every wire from or to it.
func (e *Edit) Remove(n *Node) {
	if e.knows(n, "remove") {
		e.drop(n)
		e.note(Change{Kind: ChangeWiring, Node: n.path})
	}
}

func (e *Edit) drop(n *Node) {
	delete(e.plans, n)
	if e.added[n.path] == n {
		delete(e.added, n.path)
	} else {
		e.gone[n] = true
	}
}

// Wire makes from the next input of to.
func (e *Edit) Wire(from, to *Node) {
	if p := e.plan(to, "wire"); p != nil && e.knows(from, "wire") {
		p.inputs = append(p.inputs, from)
		e.note(Change{Kind: ChangeWiring, Node: to.path})
	}
}

// Rewire makes inputs all the inputs of to.
func (e *Edit) Rewire(to *Node, inputs ...*Node) {
	if p := e.plan(to, "wire"); p != nil {
		p.inputs = nil
		e.note(Change{Kind: ChangeWiring, Node: to.path})
	}
	for _, in := range inputs {
		e.Wire(in, to)
	}
}

// SetBypass makes the first input of n pass through it, or not.
func (e *Edit) SetBypass(n *Node, on bool) {
	if p := e.plan(n, "bypass"); p != nil {
		p.bypass = on
		e.note(Change{Kind: ChangeBypass, Node: n.path, Value: onOff(on)})
	}
}

// SetActive makes n work, or closes its sockets and keeps it from cooking: but for what the sockets
// had brought, and the ends of their connections.
func (e *Edit) SetActive(n *Node, on bool) {
	if p := e.plan(n, "active"); p != nil {
		p.active = on
		e.note(Change{Kind: ChangeActive, Node: n.path, Value: onOff(on)})
	}
}

// plan returns the plan of n, or nil if there is no such node.
func (e *Edit) plan(n *Node, op string) *plan {
	if !e.knows(n, op) {
		return nil
	}
	return e.touch(n)
}

// knows reports whether n is going to be in the graph, and notes that it is not.
func (e *Edit) knows(n *Node, op string) bool {
	switch {
	case n == nil:
		e.fail("?", op, errors.New("no such node"))
	case !e.has(n):
		e.fail(n.path, op, errors.New("the node is not in this graph"))
	default:
		return true
	}
	return false
}

// fail keeps an error, or each of several, and blames the node for it.
func (e *Edit) fail(p Path, op string, err error) {
	if err == nil {
		return
	}
	if many, ok := errors.AsType[*multierror.Error](err); ok {
		for _, err := range many.Errors {
			e.fail(p, op, err)
		}
		return
	}
	e.errs = multierror.Append(e.errs, &NodeError{Node: p, Op: op, Err: err})
}

func (e *Edit) check() error {
	e.touchReaders()
	touched := e.sorted()
	for _, n := range touched {
		e.cast(n, e.plans[n])
	}
	for _, n := range touched {
		p := e.plans[n]
		e.follow(p)
		p.inputs = slices.DeleteFunc(p.inputs, func(in *Node) bool { return !e.has(in) }) // they were removed
		e.aim(n, p)
		typ := e.role(n).typ
		if got := len(p.inputs); got < typ.Inputs.Min || got > typ.Inputs.Max {
			e.fail(n.path, "wire", fmt.Errorf("%s has %d inputs; it takes %s", typ.Name, got, typ.Inputs))
		}
		e.resolve(n, p)
		e.reshapes = e.reshapes || e.added[n.path] == n || e.hasNewShape(n, p)
	}
	if e.reshapes = e.reshapes || len(e.gone) > 0; !e.reshapes {
		return e.errs.ErrorOrNil()
	}
	if loop := e.loop(touched); loop != nil {
		e.fail(loop[0].path, "wire", fmt.Errorf("loop: %s", loopText(loop)))
	} else {
		e.checkLags()
	}
	return e.errs.ErrorOrNil()
}

// touchReaders touches the nodes that read one which goes.
func (e *Edit) touchReaders() {
	if len(e.gone) == 0 {
		return
	}
	goes := func(n *Node) bool { return e.gone[n] }
	for _, n := range e.g.sorted {
		if !e.gone[n] && (slices.ContainsFunc(n.inputs, goes) || slices.ContainsFunc(n.refs, goes)) {
			e.touch(n)
		}
	}
}

// hasNewShape reports whether the plan of a node that is there changes what it reads, shows or is wanted for.
func (e *Edit) hasNewShape(n *Node, p *plan) bool {
	r := e.role(n)
	return p.bypass != n.bypass || p.active != n.active || p.aimed != n.aimed || !slices.Equal(p.inputs, n.inputs) ||
		!slices.Equal(p.refs, n.refs) || !r.computed.wiring.equal(n.computed.wiring) || r.lags(p.bypass) != n.Lags()
}

// follow wires a node from those that have taken the place of its inputs.
func (e *Edit) follow(p *plan) {
	for i, in := range p.inputs {
		for e.moved[in] != nil {
			in = e.moved[in]
		}
		p.inputs[i] = in
	}
}

// aim makes the node that n's operator names its first input.
func (e *Edit) aim(n *Node, p *plan) {
	var name string
	e.fail(n.path, "wire", Guard(func() error {
		name = e.role(n).target()
		return nil
	}))
	if name == "" {
		return
	}
	if target := e.find(n, name); target != nil {
		p.inputs, p.aimed = slices.Insert(p.inputs, 0, target), true
	}
}

// find returns the node that n refers to by a name, or notes that there is none.
func (e *Edit) find(n *Node, name string) *Node {
	path, err := n.path.Resolve(name)
	if ref := e.at(path); err == nil && ref != nil {
		return ref
	}
	e.fail(n.path, "wire", fmt.Errorf("refers to node %q, which does not exist%s", name, DidYouMean(name, e.names(n.path))))
	return nil
}

// resolve finds the nodes that n refers to by name.
func (e *Edit) resolve(n *Node, p *plan) {
	p.refs = nil
	var names []string
	e.fail(n.path, "wire", Guard(func() error {
		names = e.role(n).refNames()
		return nil
	}))
	for _, name := range names {
		if ref := e.find(n, name); ref != nil {
			p.refs = append(p.refs, ref)
		}
	}
}

// names walks all nodes, named as from one of them.
func (e *Edit) names(from Path) iter.Seq[string] {
	return func(yield func(string) bool) {
		all := slices.AppendSeq(slices.Clone(e.g.sorted), maps.Values(e.added))
		slices.SortFunc(all, byPath)
		for _, n := range all {
			if e.has(n) && !yield(n.path.Ref(from)) {
				return
			}
		}
	}
}

// sorted returns the nodes that are changed.
func (e *Edit) sorted() []*Node { return slices.SortedFunc(maps.Keys(e.plans), byPath) }
