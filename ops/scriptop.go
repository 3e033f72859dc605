package ops

import (
	"errors"
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

// Adopt implements [graph.Adopter]: the script's memory stays if the script does. The table is made anew.
func (s *Script) Adopt(old graph.Operator) error {
	was := old.(*Script)
	if !s.Callbacks.Same(was.Callbacks) {
		return errors.New("the script has changed")
	}
	s.program, s.instance = was.program, was.instance
	return errors.New("columns has changed")
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
