package ops_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A feed is an input whose next cook does what the test has drawn.
type feed struct {
	Limit   int `par:"limit" default:"0"`
	columns []string
	todo    []func(w *table.Writer)
	then    func(w *table.Writer) // in the cook after the next one
}

func (f *feed) Limits() table.Limits { return table.Limits{Rows: f.Limit} }

// Cook implements [graph.Operator].
func (f *feed) Cook(c *graph.Cook) error {
	w := c.Out()
	w.AddCols(f.columns...)
	for _, do := range f.todo {
		do(w)
	}
	f.todo = f.todo[:0]
	if then := f.then; then != nil {
		f.then = nil
		f.do(then)
	}
	return nil
}

func (f *feed) do(g func(w *table.Writer)) { f.todo = append(f.todo, g) }

// A drawer draws what happens to an input.
type drawer struct {
	*feed
	node   *graph.Node
	cell   func(r *rand.Rand, column string) table.Value
	shadow *table.Cursor // moves with the operator's own
	serial int64
	edits  []string // columns whose cells are edited
	known  int      // how many columns there are from the start

	late    bool // a column may come later
	resets  bool // all rows may be taken out
	removes bool // rows may be taken out of the middle
	renews  bool // rows may be written again under other numbers
	passes  bool // and with new ones between them
	places  bool // not after a row was taken out that the reader has not seen go, nor the other way round

	removed, again bool // a row was taken out, or all written again, and the reader has yet to see it
}

// draw asks for a random change.
func (d *drawer) draw(t *rapid.T) {
	n := rapid.IntRange(0, 6).Draw(t, "n")
	switch rapid.SampledFrom([]string{
		"append", "append", "append", "append", "many", "expire", "clear", "reset", "edit", "edit", "remove", "remove",
		"renew", "pass", "column",
	}).Draw(t, "change") {
	case "append":
		d.append(t, n)
	case "many":
		d.append(t, 40*n)
	case "expire":
		d.do(func(w *table.Writer) { w.Expire(w.End() - min(w.End(), uint64(n))) })
	case "clear":
		d.do(func(w *table.Writer) { w.Clear() })
	case "reset":
		if d.resets {
			d.do(func(w *table.Writer) { w.Reset() })
		}
	case "edit":
		if len(d.edits) > 0 {
			d.edit(t, uint64(n))
		}
	case "remove":
		if d.removes && !(d.places && d.again) {
			d.remove(t, uint64(n))
		}
	case "renew":
		if d.renews && len(d.todo) == 0 && !(d.places && d.removed) {
			d.do(func(w *table.Writer) { d.renew(w) })
			d.again = true
		}
	case "pass":
		if d.passes && len(d.todo) == 0 && !(d.places && d.removed) {
			d.pass(t, n)
			d.again = true
		}
	case "column":
		if n := len(d.columns) - d.known; d.late && n < 3 {
			d.columns = append(d.columns, fmt.Sprintf("late%d", n))
		}
	}
}

func (d *drawer) append(t *rapid.T, n int) {
	columns, cells := d.rows(t, n)
	d.do(func(w *table.Writer) { putRows(w, columns, cells) })
}

// rows draws n rows.
func (d *drawer) rows(t *rapid.T, n int) (columns []string, cells [][]table.Value) {
	columns, r := slices.Clone(d.columns), random(t)
	cells = make([][]table.Value, n)
	for i := range cells {
		cells[i] = make([]table.Value, len(columns))
		for k, name := range columns {
			if name == "id" {
				d.serial++
				cells[i][k] = table.IntValue(d.serial)
			} else {
				cells[i][k] = d.cell(r, name)
			}
		}
	}
	return columns, cells
}

func random(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
}

func putRows(w *table.Writer, columns []string, cells [][]table.Value) {
	w.AddCols(columns...)
	for _, row := range cells {
		w.Row()
		for k, v := range row {
			w.Set(w.Schema().Index(columns[k]), v)
		}
	}
}

// edit changes a cell of the row that is back rows from the end.
func (d *drawer) edit(t *rapid.T, back uint64) {
	name := rapid.SampledFrom(d.edits).Draw(t, "column")
	v := d.cell(random(t), name)
	d.do(func(w *table.Writer) {
		if w.End() > back {
			w.Edit(w.End()-1-back, w.Schema().Index(name), v)
		}
	})
}

// remove takes out one of the rows that is at most so many back from the end.
func (d *drawer) remove(t *rapid.T, most uint64) {
	d.removed = true
	back := rapid.Uint64Range(0, 8*most).Draw(t, "back")
	d.do(func(w *table.Writer) {
		if w.End() > back {
			w.Remove(w.End() - 1 - back)
		}
	})
}

// pass adds n rows as an operator does that puts them between others.
func (d *drawer) pass(t *rapid.T, n int) {
	columns, cells := d.rows(t, n)
	from := rapid.IntRange(0, 9).Draw(t, "place")
	d.do(func(w *table.Writer) {
		tab := d.node.Table()
		others, old := rowsOf(tab, tab.Window())
		putRows(w, columns, cells)
		w.Reset()
		again := w.End()
		from = min(from, len(old))
		putRows(w, others, old[:from])
		putRows(w, columns, cells)
		putRows(w, others, old[from:])
		w.RestateFrom(again)
	})
}

// renew writes the window again, as an operator does that was told 'all of it'.
func (d *drawer) renew(w *table.Writer) {
	tab := d.node.Table()
	columns, cells := rowsOf(tab, tab.Window())
	w.Reset()
	putRows(w, columns, cells)
	w.Restate()
}

// rowsOf returns copies of rows and of their columns' names.
func rowsOf(tab *table.Table, r table.Range) (columns []string, cells [][]table.Value) {
	for _, name := range tab.Schema().Names() {
		columns = append(columns, name)
	}
	for row := range tab.Rows(r) {
		var copied []table.Value
		for _, v := range row.Cells() {
			copied = append(copied, v.Clone())
		}
		cells = append(cells, copied)
	}
	return columns, cells
}
