package script

import (
	"fmt"

	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A Sheet is the rows that an operator's script writes in one cook: all of its table, or what becomes
// of one row. A script sees it as scriptOp, a Go function uses its methods. It belongs to the goroutine
// that cooks.
type Sheet struct {
	in      *Instance
	node    *graph.Node
	inputs  []starlark.Value
	given   []string // what the cells of a list are called, from the left
	columns []string
	index   map[string]int
	rows    [][]table.Value
	load    *table.View // what the table held, until that is asked for
}

// NewSheet returns an empty Sheet. The cells of a row that is a list are called as columns says, then
// col3, col4 and so on.
func NewSheet(columns ...string) *Sheet {
	s := &Sheet{given: columns, index: map[string]int{}}
	for _, name := range columns {
		_, _ = s.column(name) // Row reports what is too much
	}
	return s
}

// Sheet makes s the scriptOp of node n in the callbacks from now on.
func (in *Instance) Sheet(s *Sheet, n *graph.Node, inputs ...*Dat) Value {
	s.in, s.node, s.inputs = in, n, s.inputs[:0]
	for _, d := range inputs {
		s.inputs = append(s.inputs, d)
	}
	return s
}

// Begin makes the Sheet hold the rows of v; none if v is nil. It reads them when that is needed.
func (s *Sheet) Begin(v *table.View) {
	clear(s.rows)
	s.rows, s.load = s.rows[:0], v
}

// Touched reports whether the rows may be others than those it began with.
func (s *Sheet) Touched() bool { return s.load == nil }

// Clear takes all rows out.
func (s *Sheet) Clear() { s.Begin(nil) }

// Row begins a row.
func (s *Sheet) Row() {
	s.read()
	s.rows = append(s.rows, nil)
}

// Set sets a cell of the last row. What the value refers to must stay until the cook ends.
func (s *Sheet) Set(column string, v table.Value) error {
	col, err := s.column(column)
	if err == nil {
		err = s.set(len(s.rows)-1, col, v)
	}
	return err
}

// Columns returns the names of the columns.
func (s *Sheet) Columns() []string { return s.columns }

// Rows returns the cells of each row, from the left; those that are missing are nil.
func (s *Sheet) Rows() [][]table.Value {
	s.read()
	return s.rows
}

// read takes over what the table held.
func (s *Sheet) read() {
	v := s.load
	if v == nil {
		return
	}
	s.load = nil
	for _, name := range v.Schema().Names() {
		_, _ = s.column(name) // a table has not too many columns
	}
	for row := range v.Rows(v.Window()) {
		s.rows = append(s.rows, nil)
		for name, cell := range row.Cells() {
			_ = s.Set(name, cell)
		}
	}
}

func (s *Sheet) column(name string) (int, error) {
	if col, ok := s.index[name]; ok {
		return col, nil
	}
	if len(s.columns) == table.MaxColumns {
		return 0, fmt.Errorf("column %s is one too many: a table has %d at most", quote(name), table.MaxColumns)
	}
	s.index[name] = len(s.columns)
	s.columns = append(s.columns, name)
	return len(s.columns) - 1, nil
}

func (s *Sheet) set(row, col int, v table.Value) error {
	if row < 0 {
		return fmt.Errorf("there is no row yet")
	}
	for len(s.rows[row]) <= col {
		s.rows[row] = append(s.rows[row], table.Value{})
	}
	s.rows[row][col] = v
	return nil
}

// name returns what cell i of a list is called.
func (s *Sheet) name(i int) string {
	if i < len(s.given) {
		return s.given[i]
	}
	return fmt.Sprintf("col%d", i+1)
}

// Name has the cells of lists be called so from now on.
func (s *Sheet) Name(columns []string) { s.given = columns }

// Take adds what a function of a script returned as rows: a dict of cells by column, a list of cells,
// or a list of these; None is no row.
func (s *Sheet) Take(v Value) error {
	list, isList := v.(starlark.Sequence)
	if _, isDict := v.(*starlark.Dict); v == starlark.None || isList && !isDict && list.Len() == 0 {
		return nil
	}
	if isList && areRows(list) {
		for item := range starlark.Elements(list) {
			if err := s.add(item); err != nil {
				return err
			}
		}
		return nil
	}
	return s.add(v)
}

// areRows reports whether every item of a list is one that can be a row.
func areRows(list starlark.Iterable) bool {
	for item := range starlark.Elements(list) {
		switch item.(type) {
		case *starlark.Dict, *starlark.List, starlark.Tuple:
		default:
			return false
		}
	}
	return true
}

// add appends a row, or nothing if there is an error.
func (s *Sheet) add(v Value) error {
	s.Row()
	err := s.fill(len(s.rows)-1, v)
	if err != nil {
		s.rows = s.rows[:len(s.rows)-1]
	}
	return err
}

// fill sets the cells of a row from a dict or a list.
func (s *Sheet) fill(row int, v Value) error {
	switch v := v.(type) {
	case *starlark.Dict:
		for name, cell := range v.Entries() {
			text, ok := name.(starlark.String)
			if !ok {
				return fmt.Errorf("the name of a column is a string, not a %s", name.Type())
			}
			if err := s.put(row, string(text), cell); err != nil {
				return err
			}
		}
		return nil
	case *starlark.List, starlark.Tuple:
		i := 0
		for cell := range starlark.Elements(v.(starlark.Iterable)) {
			if err := s.put(row, s.name(i), cell); err != nil {
				return err
			}
			i++
		}
		return nil
	}
	return fmt.Errorf("a row is a dict of cells by column, or a list of cells, not a %s", v.Type())
}

func (s *Sheet) put(row int, column string, v Value) error {
	cell, err := Cell(v)
	if err != nil {
		return fmt.Errorf("column %s: %w", quote(column), err)
	}
	col, err := s.column(column)
	if err != nil {
		return err
	}
	return s.set(row, col, cell)
}
