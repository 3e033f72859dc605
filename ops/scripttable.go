package ops

import (
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// cookTable writes the whole table, if what it is made of has changed.
func (s *Script) cookTable(c *graph.Cook) error {
	changed := s.moved(c) || !s.written || c.Renewed()
	inputs := make([]table.View, c.NumInputs())
	for i := range inputs {
		d := c.In(i)
		inputs[i] = *d.View
		changed = changed || !d.Empty()
	}
	if !changed {
		return nil
	}
	s.written = false
	if err := s.start(c); err != nil {
		return err
	}
	own := c.Node().Table()
	s.sheet = script.NewSheet(s.Columns...)
	s.sheet.Begin(&own.View)
	if err := s.makeTable(c, inputs); err != nil {
		return err
	}
	c.Out().AddCols(s.sheet.Columns()...)
	if s.sheet.Touched() {
		s.rewrite(c, own)
	}
	s.sheet, s.written = nil, true
	return nil
}

func (s *Script) makeTable(c *graph.Cook, inputs []table.View) error {
	if s.OnCook != nil {
		return s.OnCook(c, s.sheet)
	}
	dats := make([]*script.Dat, len(inputs))
	for i, n := range c.Node().Inputs() {
		dats[i] = s.instance.Other(n)
		dats[i].Show(inputs[i])
	}
	_, err := s.instance.Call(c, "onCook", s.instance.Sheet(s.sheet, c.Node(), dats...))
	return err
}

// rewrite makes the sheet's rows those of the table. The first ones, as far as they are the same, are
// not news to whoever reads it.
func (s *Script) rewrite(c *graph.Cook, own *table.Table) {
	w, rows, same := c.Out(), s.sheet.Rows(), 0
	for row := range own.Rows(own.Window()) {
		if same == len(rows) || !s.isRow(row, rows[same]) {
			break
		}
		same++
	}
	if same < own.NumRows() {
		w.Reset()
		s.put(w, rows[:same])
		w.Restate()
	}
	s.put(w, rows[same:])
}

// isRow reports whether a row of the table has those cells.
func (s *Script) isRow(row table.Row, cells []table.Value) bool {
	columns := s.sheet.Columns()
	for i, name := range columns {
		var cell table.Value
		if i < len(cells) {
			cell = cells[i]
		}
		if !row.Get(name).Equal(cell) {
			return false
		}
	}
	for name, cell := range row.Cells() {
		if !cell.IsNil() && !slices.Contains(columns, name) {
			return false
		}
	}
	return true
}

// put writes rows of the sheet.
func (s *Script) put(w *table.Writer, rows [][]table.Value) {
	columns := s.sheet.Columns()
	for _, cells := range rows {
		w.Row()
		for i, cell := range cells {
			w.Set(w.Col(columns[i]), cell)
		}
	}
}
