package ops

import (
	"fmt"
	"strconv"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Lookup adds to each row of its first input the cells of that row of its second input which has the
// same key; of several the last. An empty key is found nowhere. When the second input changes, the rows
// that are there are looked up anew: they are not new to what reads them.
type Lookup struct {
	Matching
	Absent  string `default:"empty" menu:"empty error drop" help:"what becomes of a row whose key is not found. empty: it has empty cells, or default; error: the same, and an error of the node; drop: it is left out"`
	Default string `help:"what the cells that are not found are: a number if it reads as one, else text"`

	columns sideCopy
	index   rowIndex
	source  rowRing[uint64]
	absent  table.Value
}

// Describe implements [graph.Describer].
func (*Lookup) Describe() graph.Description {
	return graph.Description{
		Name: "lookup", Help: "Adds columns from the row of a second input that has the same key.",
		Inputs: graph.Arity{Min: 2, Max: 2}, Class: graph.ClassIndex,
	}
}

// Check implements [graph.Checker].
func (l *Lookup) Check() error {
	l.absent = defaultCell(l.Default)
	return l.check()
}

// defaultCell returns what a text stands for.
func defaultCell(text string) table.Value {
	if text == "" {
		return table.Value{}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return table.IntValue(n)
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return table.Float64Value(f)
	}
	return table.StringValue(text)
}

// Cook implements [graph.Operator].
func (l *Lookup) Cook(c *graph.Cook) error {
	d, names, w := c.In(0), c.Changes(1), c.Out()
	anew := l.columns.rightSchema != nil && l.columns.rightSchema != names.Schema()
	l.columns.update(&l.Matching, d.Schema(), names.Schema(), w)
	l.index.keys = l.keys.right
	old, fresh := d.Renew()
	if l.follow(c, names) || anew || d.Reset {
		for _, past := range d.Past {
			l.pass(c, d, names, past)
		}
		w.Reset()
		from := w.End()
		l.source.reset()
		l.pass(c, d, names, old)
		w.RestateFrom(from)
	}
	l.pass(c, d, names, fresh)
	l.expire(w, old.Lo)
	return nil
}

// follow follows the second input, and reports whether what was found before may be found no longer.
func (l *Lookup) follow(c *graph.Cook, names table.Delta) (changed bool) {
	rows := names.Appended
	if names.Reset {
		l.index.reset()
		changed = true
	} else {
		for row := range gone(names) {
			changed = l.index.remove(row) != 0 || changed
		}
	}
	for row := range names.Rows(within(names, rows)) {
		switch {
		case l.keys.right.missing != nil:
			c.Report(fmt.Errorf("input 2: %w", keyError(row, l.keys.right.missing)))
		case !l.keys.right.empty(row):
			l.index.add(names.View, row)
			changed = true
		}
	}
	return changed
}

// pass looks rows up.
func (l *Lookup) pass(c *graph.Cook, d, names table.Delta, rows table.Range) {
	w := c.Out()
	for row := range d.Rows(rows) {
		if l.keys.left.missing != nil {
			c.Report(fmt.Errorf("input 1: %w", keyError(row, l.keys.left.missing)))
			continue
		}
		g := int32(0)
		if !l.keys.left.empty(row) {
			g = l.index.find(names.View, &l.keys.left, row)
		}
		if g == 0 && l.Absent == "error" {
			c.Report(keyError(row, fmt.Errorf("%s is not in the second input", l.keys.left.text(row))))
		}
		if g == 0 && l.Absent == "drop" {
			continue
		}
		l.source.add(w.Row(), row.Number())
		l.columns.left.copy(w, row)
		if g != 0 {
			l.columns.copyRight(w, names.Row(l.index.groups[g].last))
		} else {
			l.fill(w)
		}
	}
}

// fill sets the cells that were not found.
func (l *Lookup) fill(w *table.Writer) {
	for _, to := range l.columns.right {
		if to >= 0 {
			w.Set(to, l.absent)
		}
	}
}

// expire takes out the rows whose row of the input is gone.
func (l *Lookup) expire(w *table.Writer, base uint64) {
	for l.source.len() > 0 && *l.source.at(l.source.first) < base {
		l.source.pop()
	}
	if l.source.len() > 0 {
		w.Expire(l.source.first)
	} else {
		w.Expire(w.End())
	}
}
