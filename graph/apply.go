package graph

import (
	"slices"

	"linecook.dev/linecook/graph/table"
)

// Replacing returns the nodes that are to have another operator.
func (e *Edit) Replacing() (nodes []*Node) {
	for _, n := range e.sorted() {
		if e.plans[n].role != nil {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// Apply does what was prepared.
func (e *Edit) Apply() {
	for n := range e.gone {
		n.connect(nil)
	}
	if len(e.gone)+len(e.added) > 0 {
		e.g.follow(e.gone, e.added)
	}
	e.g.version++
	for _, n := range e.sorted() {
		p := e.plans[n]
		if p.role != nil && n.become(p.role) {
			e.restarted = append(e.restarted, n)
		}
		if n.bypass && !p.bypass {
			defer n.restart() // what it was not given while it was bypassed
		}
		if p.active && !n.active {
			defer n.skip()
		}
		n.bypass, n.active, n.inputs, n.aimed, n.refs = p.bypass, p.active, p.inputs, p.aimed, p.refs
	}
	if !e.reshapes {
		return
	}
	e.g.shape++
	for _, n := range e.g.sorted {
		n.shown.Store(e.shown(n))
	}
	for _, n := range e.g.sorted {
		n.connect(n.inputs)
	}
}

// shown finds out which table is the output of n.
func (e *Edit) shown(n *Node) *table.Table {
	i := n.passes()
	if i < 0 {
		return n.table
	}
	t := e.tables[n]
	if t == nil {
		t = e.shown(n.inputs[i])
		e.tables[n] = t
	}
	return t
}

// connect gives n a cursor on the table of each of its inputs. Cursors whose table stays are kept.
func (n *Node) connect(inputs []*Node) {
	reads := func(cur *table.Cursor, in *Node) bool { return cur.Table() == in.Table() }
	if slices.EqualFunc(n.cursors, inputs, reads) {
		return
	}
	old := make(map[*table.Table][]*table.Cursor, len(n.cursors))
	for _, cur := range n.cursors {
		old[cur.Table()] = append(old[cur.Table()], cur)
	}
	n.cursors = make([]*table.Cursor, len(inputs))
	for i, in := range inputs {
		t := in.Table()
		if kept := old[t]; len(kept) > 0 {
			n.cursors[i], old[t] = kept[0], kept[1:]
			continue
		}
		n.cursors[i] = n.reader(t)
	}
	for _, gone := range old {
		for _, cur := range gone {
			cur.Detach()
		}
	}
	if n.stats.Cooks > 0 {
		n.restart()
	}
}

// skip makes an effect that was inactive act on what comes from now on.
func (n *Node) skip() {
	if n.IsEffect() {
		for _, cur := range n.cursors {
			cur.Advance()
		}
	}
}

// reader attaches n to a table. An effect that has cooked before acts on what comes from now on.
func (n *Node) reader(t *table.Table) *table.Cursor {
	cur := t.Reader()
	if n.stats.Cooks > 0 && n.IsEffect() {
		cur.Advance()
	}
	return cur
}

// restart makes a node forget what it derived from its inputs. An effect derives nothing.
func (n *Node) restart() {
	if n.IsEffect() {
		return
	}
	for _, cur := range n.cursors {
		cur.Restart()
	}
}
