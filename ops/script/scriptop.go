package script

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"
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
