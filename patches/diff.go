package patches

import (
	"reflect"
	"slices"

	"linecook.dev/linecook/graph"
)

// A Diff says what becomes of the nodes of a graph when another patch takes the place of the one that it was
// built from. Each node is in one list, or in Changed and in Rewired. Inputs of a base are nodes too.
type Diff struct {
	Kept     []graph.Path
	Changed  []graph.Path // other parameters, callbacks or flags
	Rewired  []graph.Path // other inputs
	Replaced []graph.Path // another type of operator
	Added    []graph.Path
	Removed  []graph.Path

	Timeline bool // the timeline is another one, which is not followed

	to      *Patch
	removed []string
	changes []change
}

// A change is what is done to one node.
type change struct {
	placement
	ready                 *graph.Prepared // if it is new, or replaces another operator
	exists                bool
	replace, flag, rewire bool
}

// Compare returns what becomes of a graph of patch old when it is to be one of patch p. What stands where,
// and comments, make no difference. p becomes part of the graph, as by [Patch.Build], when the Diff is applied.
func Compare(old, p *Patch) *Diff {
	d := &Diff{to: p, Timeline: old.Timeline != p.Timeline}
	before, now := map[string]placement{}, map[string]bool{}
	for _, at := range old.placements(own) {
		before[at.name] = at
	}
	for _, at := range p.placements(own) {
		now[at.name] = true
		if was, ok := before[at.name]; ok {
			d.compare(was, at)
		} else {
			d.changes = append(d.changes, change{placement: at, rewire: true, ready: graph.Prepare(at.op, at.computed...)})
			d.Added = append(d.Added, at.path())
		}
	}
	for _, at := range old.placements(own) {
		if !now[at.name] {
			d.removed = append(d.removed, at.name)
			d.Removed = append(d.Removed, at.path())
		}
	}
	return d
}

func (at *placement) path() graph.Path { return graph.Path("/" + at.name) }

// compare finds out what becomes of one node.
func (d *Diff) compare(was, at placement) {
	s := change{
		placement: at, exists: true, flag: was.bypass != at.bypass || was.active != at.active,
		rewire: !slices.Equal(was.inputs, at.inputs),
	}
	sameType := reflect.TypeOf(was.op) == reflect.TypeOf(at.op)
	if sameType && at.node != nil {
		s.replace = !at.node.isSetAs(was.node)
		s.computed = at.node.Computed
	}
	switch {
	case !sameType:
		s.replace = true
		d.Replaced = append(d.Replaced, at.path())
	case s.replace || s.flag:
		d.Changed = append(d.Changed, at.path())
	case !s.rewire:
		at.node.goOn(was.node)
		d.Kept = append(d.Kept, at.path())
		return
	}
	if s.rewire && sameType {
		d.Rewired = append(d.Rewired, at.path())
	}
	if s.replace {
		s.ready = graph.Prepare(s.op, s.computed...)
	} else {
		at.node.goOn(was.node)
	}
	d.changes = append(d.changes, s)
}

// goOn notes that the operator in the graph stays the one of an older patch.
func (n *Node) goOn(was *Node) {
	if n != nil && was != nil {
		n.Operator, n.Computed = was.Operator, was.Computed
	}
}

// isSetAs reports whether n is set as an older node is, of the same type. Expressions that it has in common with
// that go on.
func (n *Node) isSetAs(was *Node) bool {
	same := reflect.DeepEqual(n.folder(), was.folder()) && !n.values.Changed(was.values, n.texts()...)
	for i := range n.Type.Params {
		p := &n.Type.Params[i]
		switch {
		case n.IsComputed(p.Name) && was.IsComputed(p.Name):
			same = n.sharesExpression(was, p.Name) && same
		case n.IsComputed(p.Name) || was.IsComputed(p.Name):
			same = false
		default:
			same = same && sameValue(p.Get(n.Operator), p.Get(was.Operator))
		}
	}
	return same
}

// sharesExpression makes the expression of a parameter the one of an older node, if it is the same.
func (n *Node) sharesExpression(was *Node, param string) bool {
	if !n.formulas[param].Same(was.formulas[param]) {
		return false
	}
	is := func(c graph.Computed) bool { return c.Param == param }
	n.Computed[slices.IndexFunc(n.Computed, is)] = was.Computed[slices.IndexFunc(was.Computed, is)]
	return true
}

func (n *Node) folder() (f graph.Folder) {
	if r, ok := n.Operator.(graph.FileReader); ok {
		f = r.Folder()
	}
	return f
}

// sameValue compares values of parameters.
func sameValue(a, b any) bool {
	if s, ok := a.(graph.Script); ok {
		return s.Same(b.(graph.Script))
	}
	return reflect.DeepEqual(a, b)
}

// texts returns what an operator that reads the patch's parameters may have about them.
func (n *Node) texts() (texts []string) {
	if _, ok := n.Operator.(graph.Scoped); !ok {
		return nil
	}
	for i := range n.Type.Params {
		if n.IsComputed(n.Type.Params[i].Name) {
			continue
		}
		switch v := n.Type.Params[i].Get(n.Operator).(type) {
		case string:
			texts = append(texts, v)
		case []string:
			texts = append(texts, v...)
		}
	}
	return texts
}

// Apply makes the graph that edit changes one of the new patch, all in one edit. Errors are each a [Mistake],
// in a multierror.Error, and leave the graph as it is.
func (d *Diff) Apply(edit func(func(*graph.Edit)) error) error {
	return d.to.explain(edit(func(e *graph.Edit) {
		for _, name := range d.removed {
			if n := e.Node(name); n != nil {
				e.Remove(n)
			}
		}
		for i := range d.changes {
			d.changes[i].set(e)
		}
		for i := range d.changes {
			d.changes[i].wire(e)
		}
	}))
}

// set sees that a node is there, and is set as the patch says.
func (s *change) set(e *graph.Edit) {
	n := e.Node(s.name)
	switch {
	case n == nil || !s.exists: // a program may have removed it
		if s.ready == nil {
			s.ready = graph.Prepare(s.op, s.computed...)
		}
		n, s.rewire = e.Place(s.name, s.ready), true
		s.flag = true
	case s.replace:
		n = e.Exchange(n, s.ready)
	}
	if s.flag {
		e.SetBypass(n, s.bypass)
		e.SetActive(n, s.active)
	}
}

func (s *change) wire(e *graph.Edit) {
	if !s.rewire {
		return
	}
	inputs := make([]*graph.Node, 0, len(s.inputs))
	for _, in := range s.inputs {
		if n := e.Node(in); n != nil {
			inputs = append(inputs, n)
		}
	}
	e.Rewire(e.Node(s.name), inputs...)
}
