package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Distinct keeps the first row of each key that is in its input. When that row goes, the next one of
// the key takes its place, at the end.
type Distinct struct {
	By []string `help:"columns whose cells together are the key; all columns without it"`

	columns columnCopy
	index   rowIndex
	keyed
	entry  []int32  // of a group
	source []uint64 // the row that an entry shows
}

// Describe implements [graph.Describer].
func (*Distinct) Describe() graph.Description {
	return graph.Description{
		Name: "distinct", Help: "Keeps the first of the rows that are the same, or that have the same key.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassIndex,
	}
}

// Check implements [graph.Checker].
func (t *Distinct) Check() error {
	t.index.keys.names = t.By
	return checkKeys("by", t.By)
}

// Cook implements [graph.Operator].
func (t *Distinct) Cook(c *graph.Cook) error {
	d, w, own := c.Changes(0), c.Out(), c.Node().Table()
	anew := d.Reset || len(t.By) == 0 && d.Schema() != t.columns.schema
	t.follow(d.Schema(), w)
	if anew {
		t.renew(c, d, w)
		return nil
	}
	t.lost(c, own, nil)
	for row := range gone(d) {
		t.leave(d, own, w, row)
	}
	t.take(c, d, within(d, d.Appended))
	t.write(own, d, w)
	return nil
}

func (t *Distinct) follow(s *table.Schema, w *table.Writer) {
	if len(t.By) == 0 && s != t.columns.schema {
		t.index.keys.names = nil
		for _, name := range s.Names() {
			t.index.keys.names = append(t.index.keys.names, name)
		}
	}
	t.columns.update(s, w)
	t.index.keys.update(s)
}

// renew takes all rows again.
func (t *Distinct) renew(c *graph.Cook, d table.Delta, w *table.Writer) {
	t.index.reset()
	t.keyed.reset()
	old, fresh := d.Renew()
	t.take(c, d, old)
	t.passOn(d, w)
	w.Reset()
	restated := w.End()
	t.write(nil, d, w)
	w.RestateFrom(restated)
	t.take(c, d, within(d, fresh))
	t.write(nil, d, w)
}

// passOn writes the rows of the keys all of whose rows are new between others.
func (t *Distinct) passOn(d table.Delta, w *table.Writer) {
	news := map[int32]int{}
	for _, past := range d.Past {
		for row := range d.Rows(past) {
			g := t.index.find(d.View, &t.index.keys, row)
			if news[g]++; g != 0 && news[g] == t.index.groups[g].n {
				w.Row()
				t.columns.copy(w, d.Row(t.source[t.entry[g]]))
			}
		}
	}
}

func (t *Distinct) take(c *graph.Cook, d table.Delta, rows table.Range) {
	for row := range d.Rows(rows) {
		if err := t.index.keys.missing; err != nil {
			c.Report(keyError(row, err))
			continue
		}
		g := t.index.add(d.View, row)
		if t.index.groups[g].n > 1 {
			continue
		}
		for len(t.entry) <= int(g) {
			t.entry = append(t.entry, 0)
		}
		t.entry[g] = t.add()
		t.show(t.entry[g], row.Number())
	}
}

func (t *Distinct) show(e int32, row uint64) {
	for len(t.source) <= int(e) {
		t.source = append(t.source, 0)
	}
	t.source[e] = row
}

// leave takes out a row of the input.
func (t *Distinct) leave(d table.Delta, own *table.Table, w *table.Writer, row uint64) {
	g := t.index.remove(row)
	if g == 0 {
		return
	}
	e, group := t.entry[g], &t.index.groups[g]
	switch {
	case group.n == 0:
		t.remove(e, w)
	case t.source[e] == row:
		t.show(e, group.first)
		if out := t.entries[e].out; out == noRow || !t.columns.same(d.Row(group.first), own.Row(out)) {
			t.touch(e)
		}
	}
}

func (t *Distinct) write(own *table.Table, d table.Delta, w *table.Writer) {
	t.flush(own, w, func(e int32) { t.columns.copy(w, d.Row(t.source[e])) })
}
