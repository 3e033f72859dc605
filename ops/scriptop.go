package ops

import (
	"errors"
	"fmt"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// Script makes a table by code: as a whole, or row by row. The code is a script, or a Go function,
// which is set before the operator becomes part of a graph.
type Script struct {
	Callbacks graph.Script `help:"Starlark script with one of two functions. onCook(scriptOp) writes the whole table, by scriptOp.clear, appendRow and so on, whenever a table in scriptOp.inputs, or of an op('name'), has changed. row(r) returns what becomes of a row of the one input, r, a dict: a dict of cells by column, a list of cells, a list of these, or None; it is called for new rows only"`
	Columns   []string     `help:"names of columns from the left, which the table has from the start; the cells of a row that is a list are called so. Without it a row's are called as those of the input, a table's col1, col2 and so on"`

	OnCook func(c *graph.Cook, out *script.Sheet) error                // as onCook: out has the rows of the last time
	OnRow  func(c *graph.Cook, row table.Row, out *script.Sheet) error // as row: out is empty

	program  *script.Program
	instance *script.Instance // nil before its top level has run
	byRow    bool

	sheet   *script.Sheet
	written bool
	read    []uint64 // versions of the tables that the script reads with op
	dict    script.RowDict
	schema  *table.Schema // of the input, row by row
	source  rowMap
}

// Describe implements [graph.Describer].
func (*Script) Describe() graph.Description {
	return graph.Description{
		Name: "script", Help: "Makes a table by a script: the whole table anew, or what becomes of each row.",
		Inputs: graph.Arity{Min: 0, Max: graph.Many}, Class: graph.ClassOpaque,
	}
}

// Check implements [graph.Checker].
func (s *Script) Check() (err error) {
	whole, byRow := s.OnCook != nil, s.OnRow != nil
	s.program, s.instance = nil, nil
	if s.Callbacks.Text != "" {
		if s.program, err = script.Compile("callbacks", s.Callbacks); err != nil {
			return err
		}
		for _, f := range s.program.Functions() {
			whole, byRow = whole || f.Name == "onCook", byRow || f.Name == "row"
		}
	}
	s.byRow = byRow
	switch {
	case whole && byRow:
		return &graph.ParamError{Param: "callbacks", Msg: "has both onCook and row; leave one of them out"}
	case !whole && !byRow:
		return &graph.ParamError{Param: "callbacks", Msg: "has neither onCook(scriptOp), for the whole table, nor row(r), for each row"}
	}
	return nil
}

// Refs implements [graph.Referrer].
func (s *Script) Refs() []string {
	if s.program == nil {
		return nil
	}
	return s.program.Refs()
}

// Cook implements [graph.Operator].
func (s *Script) Cook(c *graph.Cook) error {
	if s.byRow {
		return s.cookRows(c)
	}
	return s.cookTable(c)
}

// start runs the script's top level, if that was not done.
func (s *Script) start(c *graph.Cook) (err error) {
	if s.program == nil || s.instance != nil {
		return nil
	}
	log, slow := c.Node().Logger(), c.Node().Counter("slowcallbacks")
	s.instance, err = s.program.Start(c, script.Env{Looks: true, Slow: slowCallback(log, slow)})
	return err
}

// moved reports whether a table that the script reads with op has changed since it was asked last.
func (s *Script) moved(c *graph.Cook) bool {
	now := make([]uint64, len(s.Refs()))
	for i := range now {
		now[i] = c.Ref(i).Version()
	}
	same := slices.Equal(now, s.read)
	s.read = now
	return !same
}

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
	n := 0
	for i, name := range s.sheet.Columns() {
		var cell table.Value
		if i < len(cells) {
			cell = cells[i]
		}
		if !row.Get(name).Equal(cell) {
			return false
		}
		n++
	}
	return n > 0
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

var errOneInput = errors.New("row(r) takes the rows of one input; wire a merge before it, or read other tables with op('name')")

// cookRows writes what becomes of each new row.
func (s *Script) cookRows(c *graph.Cook) error {
	if c.NumInputs() != 1 {
		return errOneInput
	}
	if s.moved(c) {
		c.Restart()
	}
	d, w := c.In(0), c.Out()
	old, fresh := d.Renew()
	again := d.Reset || s.schema != nil && s.schema != d.Schema()
	if s.schema = d.Schema(); again || s.sheet == nil {
		s.instance, s.sheet = nil, script.NewSheet(s.Columns...)
	}
	if err := s.start(c); err != nil {
		return err
	}
	w.AddCols(s.Columns...)
	s.nameRows(d.Schema())
	if again {
		w.Reset()
		s.source.reset()
		s.pass(c, d, old)
		w.Restate()
	}
	s.pass(c, d, fresh)
	w.Expire(s.source.expire(old.Lo))
	return nil
}

// nameRows has the cells of a list be called as the input's columns, unless a parameter says how.
func (s *Script) nameRows(in *table.Schema) {
	if len(s.Columns) > 0 {
		return
	}
	var names []string
	for _, name := range in.Names() {
		names = append(names, name)
	}
	s.sheet.Name(names)
}

// pass writes what becomes of each row.
func (s *Script) pass(c *graph.Cook, d table.Delta, rows table.Range) {
	w := c.Out()
	for row := range d.Rows(rows) {
		s.sheet.Clear()
		if err := graph.Guard(func() error { return s.makeRow(c, row) }); err != nil {
			c.Report(rowFailed(row, err))
			continue
		}
		first, made := w.End(), s.sheet.Rows()
		s.put(w, made)
		for i := range made {
			s.source.add(first+uint64(i), row.Number(), 1)
		}
	}
}

func (s *Script) makeRow(c *graph.Cook, row table.Row) error {
	if s.OnRow != nil {
		return s.OnRow(c, row, s.sheet)
	}
	v, err := s.instance.Call(c, "row", s.dict.Of(s.instance, row))
	if err != nil {
		return err
	}
	if err := s.sheet.Take(v); err != nil {
		return fmt.Errorf("callbacks row: what it returned: %w", err)
	}
	return nil
}
