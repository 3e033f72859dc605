package ops

import (
	"fmt"
	"slices"
	"strconv"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Lookup adds to each row of its first input the cells of that row of its second input which has the
// same key; of several the last. An empty key is found nowhere. When the second input changes, the rows
// with those keys are looked up anew: their cells change where they are, and they are not new to what
// reads the table.
type Lookup struct {
	Matching
	Absent  string `default:"empty" menu:"empty error drop" help:"what becomes of a row whose key is not found. empty: it has empty cells, or default; error: the same, and an error of the node; drop: it is left out"`
	Default string `help:"what the cells that are not found are: a number if it reads as one, else text"`

	columns     sideCopy
	left, right rowIndex  // of the inputs
	at          rowPlaces // of the rows of the first
	touched     []int32   // keys of the first whose rows of the second changed
	absent      table.Value
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
	k := looking{Lookup: l, c: c, w: c.Out(), own: c.Node().Table(), d: c.Changes(0), names: c.Changes(1)}
	anew := k.d.Reset || k.names.Reset || !k.d.Empty() && fragmented(k.own) || l.columns.change(k.d.Schema(), k.names.Schema())
	l.columns.update(&l.Matching, k.d.Schema(), k.names.Schema(), k.w)
	l.left.keys, l.right.keys = l.keys.left, l.keys.right
	if anew {
		l.left.reset()
		l.at.reset()
	}
	k.leave()
	k.follow()
	if anew || !k.lookAgain() {
		k.renew()
	} else {
		k.pass(k.d.Appended)
	}
	return nil
}

// looking is one cook of a Lookup.
type looking struct {
	*Lookup
	c        *graph.Cook
	w        *table.Writer
	own      *table.Table // as it was before
	d, names table.Delta
}

// leave takes out the rows that are gone from the first input.
func (k *looking) leave() {
	for row := range gone(k.d) {
		k.left.remove(row)
		k.drop(row)
	}
	k.at.forget(k.d.Window().Lo)
}

func (k *looking) drop(row uint64) {
	switch place := k.at.take(row); {
	case place == noRow:
	case row < k.d.Window().Lo:
		k.w.Expire(place + 1)
	default:
		k.w.Remove(place)
	}
}

// follow follows the second input, and notes what is to be looked up again.
func (k *looking) follow() {
	k.touched = k.touched[:0]
	if k.names.Reset {
		k.right.reset()
	}
	for row := range gone(k.names) {
		if k.right.remove(row) != 0 {
			k.touch(k.names.Row(row))
		}
	}
	for row := range k.names.Rows(within(k.names, k.names.Appended)) {
		switch {
		case k.keys.right.missing != nil:
			k.c.Report(fmt.Errorf("input 2: %w", keyError(row, k.keys.right.missing)))
		case !k.keys.right.empty(row):
			k.right.add(k.names.View, row)
			k.touch(row)
		}
	}
}

// touch notes that the key of a row of the second input is found no longer, or elsewhere.
func (k *looking) touch(row table.Row) {
	if g := k.left.find(k.d.View, &k.keys.right, row); g != 0 {
		k.touched = append(k.touched, g)
	}
}

// lookAgain looks up the rows whose keys were touched. It reports false if there is a row among them that
// had not been found and was left out: it comes between others.
func (k *looking) lookAgain() bool {
	slices.Sort(k.touched)
	for _, g := range slices.Compact(k.touched) {
		for row := range k.left.rows(g) {
			found, place := k.find(k.d.Row(row)), k.at.of(row)
			switch {
			case found == 0 && k.Absent == "drop":
				k.drop(row)
			case place == noRow:
				return false
			case k.own.Has(place):
				k.edit(place, found)
			}
		}
	}
	return true
}

// edit changes those cells of a row that are others now.
func (k *looking) edit(place uint64, found int32) {
	for from, to := range k.columns.right {
		v := k.absent
		if found != 0 {
			v = k.names.Row(k.right.groups[found].last).Cell(from)
		}
		if to >= 0 && !k.own.Cell(place, to).Equal(v) {
			k.w.Edit(place, to, v)
		}
	}
}

// renew looks up all rows.
func (k *looking) renew() {
	for _, past := range k.d.Past {
		k.pass(past)
	}
	k.w.Reset()
	restated := k.w.End()
	k.left.reset()
	k.at.reset()
	old, fresh := k.d.Renew()
	k.pass(old)
	k.w.RestateFrom(restated)
	k.pass(fresh)
}

// pass looks up rows of the first input, and passes them on.
func (k *looking) pass(rows table.Range) {
	base := k.d.Window().Lo
	for row := range k.d.Rows(rows) {
		if k.keys.left.missing != nil {
			k.c.Report(fmt.Errorf("input 1: %w", keyError(row, k.keys.left.missing)))
			continue
		}
		k.at.put(row.Number(), k.write(row))
		if row.Number() >= base && !k.keys.left.empty(row) {
			k.left.add(k.d.View, row)
		}
	}
	for row := rows.Lo; row < min(rows.Hi, base); row++ {
		k.drop(row) // it came and went
	}
}

// find returns the key of the second input that row has, or 0.
func (k *looking) find(row table.Row) (found int32) {
	if !k.keys.left.empty(row) {
		found = k.right.find(k.names.View, &k.keys.left, row)
	}
	if found == 0 && k.Absent == "error" {
		k.c.Report(keyError(row, fmt.Errorf("%s is not in the second input", k.keys.left.text(row))))
	}
	return found
}

// write writes what becomes of a row, and returns where that is.
func (k *looking) write(row table.Row) (place uint64) {
	found := k.find(row)
	if found == 0 && k.Absent == "drop" {
		return noRow
	}
	place = k.w.Row()
	k.columns.left.copy(k.w, row)
	if found != 0 {
		k.columns.copyRight(k.w, k.names.Row(k.right.groups[found].last))
		return place
	}
	for _, to := range k.columns.right {
		if to >= 0 {
			k.w.Set(to, k.absent)
		}
	}
	return place
}
