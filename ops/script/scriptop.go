package script

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph/table"
)

// String returns the node's path.
func (s *Sheet) String() string { return s.node.String() }

// Type returns "scriptOp".
func (s *Sheet) Type() string { return "scriptOp" }

// Freeze does nothing: a script may keep its scriptOp.
func (s *Sheet) Freeze() {}

// Truth returns True, also of an empty table.
func (s *Sheet) Truth() starlark.Bool { return true }

// Hash returns a hash of the node.
func (s *Sheet) Hash() (uint32, error) { return starlark.String(s.String()).Hash() }

var sheetMethods = map[string]*starlark.Builtin{
	"clear":      builtin("clear", sheetClear),
	"copy":       builtin("copy", sheetCopy),
	"appendRow":  builtin("appendRow", sheetAppend),
	"appendRows": builtin("appendRows", sheetAppendAll),
	"insertRow":  builtin("insertRow", sheetInsert),
	"replaceRow": builtin("replaceRow", sheetReplace),
	"deleteRow":  builtin("deleteRow", sheetDelete),
	"row":        builtin("row", sheetRow),
	"rows":       builtin("rows", sheetRows),
}

// AttrNames returns the names of members and methods.
func (s *Sheet) AttrNames() []string {
	return append(attrNames(sheetMethods), "inputs", "name", "numCols", "numRows", "path")
}

// Attr returns a member or a method.
func (s *Sheet) Attr(name string) (starlark.Value, error) {
	switch name {
	case "inputs":
		return starlark.NewList(slices.Clone(s.inputs)), nil
	case "name":
		return starlark.String(s.node.Name()), nil
	case "path":
		return starlark.String(s.node.Path()), nil
	case "numCols":
		return starlark.MakeInt(len(s.columns)), s.open()
	case "numRows":
		return starlark.MakeInt(len(s.Rows())), s.open()
	}
	return attr(sheetMethods, s, name)
}

// open reports that no callback is running, and else makes the rows ready.
func (s *Sheet) open() error {
	if s.in.cook == nil {
		return fmt.Errorf("the table can be used in onCook only")
	}
	s.read()
	return nil
}

// Get implements scriptOp[row, column].
func (s *Sheet) Get(key starlark.Value) (starlark.Value, bool, error) {
	row, name, err := s.place(key)
	if err != nil {
		return nil, false, err
	}
	if col, ok := s.index[name]; ok && col < len(s.rows[row]) {
		return s.in.Cell(s.rows[row][col]), true, nil
	}
	return starlark.None, true, nil
}

// SetKey implements scriptOp[row, column] = cell.
func (s *Sheet) SetKey(key, v starlark.Value) error {
	row, name, err := s.place(key)
	if err != nil {
		return err
	}
	return s.put(row, name, v)
}

// place reads the row and the column of a cell.
func (s *Sheet) place(key starlark.Value) (row int, column string, err error) {
	at, ok := key.(starlark.Tuple)
	if !ok || len(at) != 2 {
		return 0, "", fmt.Errorf("a cell is scriptOp[row, column]")
	}
	if err := s.open(); err != nil {
		return 0, "", err
	}
	if row, err = index("row", at[0], len(s.rows)); err != nil {
		return 0, "", err
	}
	if name, ok := at[1].(starlark.String); ok {
		return row, string(name), nil
	}
	col, err := index("column", at[1], len(s.columns))
	if err != nil {
		return 0, "", err
	}
	return row, s.columns[col], nil
}

// sheetOf returns whose method is called.
func sheetOf(c call) (*Sheet, error) {
	s := c.recv.(*Sheet)
	return s, s.open()
}

// sheetClear implements clear(): all rows go, the columns stay.
func sheetClear(c call) (starlark.Value, error) {
	s := c.recv.(*Sheet)
	if err := c.unpack(0); err != nil {
		return nil, err
	}
	if s.in.cook == nil {
		return nil, s.open()
	}
	s.Clear()
	return starlark.None, nil
}

// sheetCopy implements copy(dat): the rows become those of another table.
func sheetCopy(c call) (starlark.Value, error) {
	var from *Dat
	if err := c.unpack(1, &from); err != nil {
		return nil, err
	}
	s := c.recv.(*Sheet)
	_, v, err := from.look()
	if err != nil {
		return nil, err
	}
	if err := c.spend(v.NumRows() * v.Schema().Len()); err != nil {
		return nil, err
	}
	s.Begin(v)
	return starlark.None, s.open()
}

// sheetAppend implements appendRow(cells), which returns the row's index.
func sheetAppend(c call) (starlark.Value, error) {
	var cells starlark.Value
	if err := c.unpack(1, &cells); err != nil {
		return nil, err
	}
	s, err := sheetOf(c)
	if err == nil {
		err = c.spend(len(s.columns))
	}
	if err == nil {
		err = s.add(cells)
	}
	return starlark.MakeInt(len(s.rows) - 1), err
}

// sheetAppendAll implements appendRows(rows), which returns the last row's index.
func sheetAppendAll(c call) (starlark.Value, error) {
	var rows starlark.Iterable
	if err := c.unpack(1, &rows); err != nil {
		return nil, err
	}
	s, err := sheetOf(c)
	if err != nil {
		return nil, err
	}
	for row := range starlark.Elements(rows) {
		if err := c.spend(len(s.columns)); err != nil {
			return nil, err
		}
		if err := s.add(row); err != nil {
			return nil, err
		}
	}
	return starlark.MakeInt(len(s.rows) - 1), nil
}

// sheetInsert implements insertRow(cells, i=0): before row i.
func sheetInsert(c call) (starlark.Value, error) {
	var cells starlark.Value
	var at starlark.Value = starlark.MakeInt(0)
	if err := c.unpack(1, &cells, &at); err != nil {
		return nil, err
	}
	s, err := sheetOf(c)
	if err != nil {
		return nil, err
	}
	i, err := index("row", at, len(s.rows)+1)
	if err == nil {
		err = c.spend(len(s.rows) / 64)
	}
	if err == nil {
		err = s.add(cells)
	}
	if err != nil {
		return nil, err
	}
	last := len(s.rows) - 1
	s.rows = slices.Insert(s.rows[:last], i, s.rows[last])
	return starlark.MakeInt(i), nil
}

// sheetReplace implements replaceRow(i, cells).
func sheetReplace(c call) (starlark.Value, error) {
	var at, cells starlark.Value
	if err := c.unpack(2, &at, &cells); err != nil {
		return nil, err
	}
	s, err := sheetOf(c)
	if err != nil {
		return nil, err
	}
	i, err := index("row", at, len(s.rows))
	if err == nil {
		err = s.add(cells)
	}
	if err != nil {
		return nil, err
	}
	last := len(s.rows) - 1
	s.rows[i], s.rows = s.rows[last], s.rows[:last]
	return starlark.MakeInt(i), nil
}

// sheetDelete implements deleteRow(i).
func sheetDelete(c call) (starlark.Value, error) {
	var at starlark.Value
	if err := c.unpack(1, &at); err != nil {
		return nil, err
	}
	s, err := sheetOf(c)
	if err != nil {
		return nil, err
	}
	i, err := index("row", at, len(s.rows))
	if err == nil {
		err = c.spend(len(s.rows) / 64)
	}
	if err != nil {
		return nil, err
	}
	s.rows = slices.Delete(s.rows, i, i+1)
	return starlark.None, nil
}

// sheetRow implements row(i), the cells of a row.
func sheetRow(c call) (starlark.Value, error) {
	var at starlark.Value
	if err := c.unpack(1, &at); err != nil {
		return nil, err
	}
	s, err := sheetOf(c)
	if err != nil {
		return nil, err
	}
	i, err := index("row", at, len(s.rows))
	if err == nil {
		err = c.spend(len(s.columns))
	}
	if err != nil {
		return nil, err
	}
	return s.line(i), nil
}

// sheetRows implements rows(), a list of the cells of each row.
func sheetRows(c call) (starlark.Value, error) {
	if err := c.unpack(0); err != nil {
		return nil, err
	}
	s, err := sheetOf(c)
	if err == nil {
		err = c.spend(len(s.rows) * len(s.columns))
	}
	if err != nil {
		return nil, err
	}
	list := make([]starlark.Value, len(s.rows))
	for i := range list {
		list[i] = s.line(i)
	}
	return starlark.NewList(list), nil
}

func (s *Sheet) line(row int) starlark.Value {
	cells := make([]starlark.Value, len(s.columns))
	for col := range cells {
		cells[col] = starlark.None
		if col < len(s.rows[row]) {
			cells[col] = s.in.Cell(s.rows[row][col])
		}
	}
	return starlark.NewList(cells)
}

// A RowDict makes dicts of rows: cells by column.
type RowDict struct {
	schema *table.Schema
	names  []starlark.Value
}

// Of returns row as a dict, which is the script's to change.
func (r *RowDict) Of(in *Instance, row table.Row) Value {
	if s, _ := row.Block(); s != r.schema {
		r.schema, r.names = s, r.names[:0]
		for _, name := range s.Names() {
			r.names = append(r.names, starlark.String(name))
		}
	}
	d := starlark.NewDict(len(r.names))
	for col, name := range r.names {
		_ = d.SetKey(name, in.Cell(row.Cell(col))) // a string can be hashed, and d is not frozen
	}
	return d
}
