package script

import (
	"slices"

	"go.starlark.net/starlark"
)

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

// sheetOf returns whose method is called.
func sheetOf(c call) (*Sheet, error) {
	s := c.recv.(*Sheet)
	return s, s.open()
}

// sheetAt returns whose method is called and which row at means, of those that there are and so many more.
func sheetAt(c call, at starlark.Value, more int) (s *Sheet, row int, err error) {
	if s, err = sheetOf(c); err == nil {
		row, err = index("row", at, len(s.rows)+more)
	}
	return s, row, err
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
	s, i, err := sheetAt(c, at, 1)
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
	s, i, err := sheetAt(c, at, 0)
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
	s, i, err := sheetAt(c, at, 0)
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
	s, i, err := sheetAt(c, at, 0)
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
