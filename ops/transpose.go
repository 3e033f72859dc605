package ops

import (
	"fmt"
	"strconv"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Transpose makes a row of each column, and a column of each row. Only rows in which something changed
// are new to what reads the table. It has [table.MaxColumns] columns at most, those included whose row
// is gone: they stay, and are empty.
type Transpose struct {
	Name string `help:"column of the input that becomes the names of the columns; the first without it. A name that is there twice has _2 behind it, and an empty one is the row's place, counted from 0"`

	rows  []table.Row
	names []string
	out   []int // the column that each of rows becomes
	taken map[string]bool
	cells []table.Value
}

// Describe implements [graph.Describer].
func (*Transpose) Describe() graph.Description {
	return graph.Description{
		Name: "transpose", Help: fmt.Sprintf("Makes rows of columns, and columns of rows: at most %d.", table.MaxColumns-1),
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassOpaque,
	}
}

// Cook implements [graph.Operator].
func (t *Transpose) Cook(c *graph.Cook) error {
	d, w := c.In(0), c.Out()
	s := d.Schema()
	if s.Len() == 0 {
		return nil
	}
	lead := 0
	if t.Name != "" {
		if lead = s.Index(t.Name); lead < 0 {
			return noColumn(s, t.Name)
		}
	}
	t.columns(d, w, lead)
	if left := d.NumRows() - len(t.rows); left > 0 {
		c.Report(fmt.Errorf("%d rows are left out: a table has at most %d columns", left, table.MaxColumns))
	}
	t.write(c.Node().Table(), w, s, lead)
	return nil
}

// columns finds the rows of the input for which there are columns, and adds these.
func (t *Transpose) columns(d table.Delta, w *table.Writer, lead int) {
	t.rows, t.out = t.rows[:0], t.out[:0]
	t.names = append(t.names[:0], d.Schema().Name(lead))
	t.taken = map[string]bool{t.names[0]: true}
	for row := range d.Rows(d.Window()) {
		if len(t.names) == table.MaxColumns {
			break
		}
		t.rows = append(t.rows, row)
		t.names = append(t.names, t.nameOf(row.Cell(lead)))
	}
	w.AddCols(t.names...)
	known := t.rows[:0]
	for i, name := range t.names[1:] {
		if col := w.Schema().Index(name); col >= 0 {
			known, t.out = append(known, t.rows[i]), append(t.out, col)
		}
	}
	t.rows = known
}

// nameOf returns a name that no other column has yet.
func (t *Transpose) nameOf(cell table.Value) string {
	name := cell.String()
	if cell.IsNil() || name == "" {
		name = strconv.Itoa(len(t.names) - 1)
	}
	free := name
	for n := 2; t.taken[free]; n++ {
		free = name + "_" + strconv.Itoa(n)
	}
	t.taken[free] = true
	return free
}

// write writes what differs from own, the table as it is, and then all rows as restated.
func (t *Transpose) write(own *table.Table, w *table.Writer, s *table.Schema, lead int) {
	i, changed := 0, false
	for col := range s.Len() {
		if col == lead {
			continue
		}
		if i >= own.NumRows() || !t.row(w, s, col).equals(own.Row(own.At(i))) {
			t.put(w, s, col)
			changed = true
		}
		i++
	}
	if !changed && i == own.NumRows() {
		return
	}
	restated := w.End()
	w.Reset()
	for col := range s.Len() {
		if col != lead {
			t.put(w, s, col)
		}
	}
	w.RestateFrom(restated)
}

func (t *Transpose) put(w *table.Writer, s *table.Schema, col int) {
	w.Row()
	for to, v := range t.row(w, s, col) {
		w.Set(to, v)
	}
}

// row returns the row that a column becomes. It is valid until the next call.
func (t *Transpose) row(w *table.Writer, s *table.Schema, col int) rowCells {
	t.cells = t.cells[:0]
	for range w.Schema().Len() {
		t.cells = append(t.cells, table.Value{})
	}
	t.cells[w.Schema().Index(t.names[0])] = table.StringValue(s.Name(col))
	for i, to := range t.out {
		t.cells[to] = t.rows[i].Cell(col)
	}
	return t.cells
}
