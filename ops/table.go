package ops

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Table holds rows that are written in the patch, or in a file, which is read again whenever it changes. A
// file that cannot be read leaves the rows as they are, and the node shows why; a line that does not fit is
// left out and is an error of the node.
type Table struct {
	Columns []string `help:"names of the columns, from the left; without it col1, col2 and so on. Of a file: if it has no header"`
	Rows    [][]any  `help:"the rows, each a list of cells: numbers, text, true and false, null, or a list of cells"`
	TableFile

	done  bool
	again bool // other rows are in the table
}

// Describe implements [graph.Describer].
func (*Table) Describe() graph.Description {
	return graph.Description{
		Name: "table", Class: graph.ClassSource,
		Help: "Holds rows that are written in the patch, or in a CSV, TSV or JSON Lines file beside it.",
	}
}

// Check implements [graph.Checker].
func (t *Table) Check() error {
	errs := []error{t.checkColumns(), t.checkFile()}
	if t.File != "" && t.Rows != nil {
		errs = append(errs, &graph.ParamError{Param: "rows", Msg: "the rows come from file"})
	}
	if t.File != "" && t.Columns != nil && t.hasHeader() {
		errs = append(errs, &graph.ParamError{Param: "columns", Msg: "the names are in the file; with header: off they are not"})
	}
	for i, row := range t.Rows {
		if len(t.Columns) > 0 && len(row) > len(t.Columns) {
			errs = append(errs, rowError(i, "it has %d cells for %d columns", len(row), len(t.Columns)))
		}
		for k, cell := range row {
			if _, err := cellOf(cell); err != nil {
				errs = append(errs, rowError(i, "cell %d: %v", k+1, err))
			}
		}
	}
	return checkAll(errs...)
}

func (t *Table) checkColumns() error {
	for i, name := range t.Columns {
		if slices.Contains(t.Columns[:i], name) {
			return &graph.ParamError{Param: "columns", Msg: fmt.Sprintf("%q is given twice", name)}
		}
	}
	return nil
}

func rowError(i int, format string, args ...any) error {
	return &graph.ParamError{Param: "rows", Msg: fmt.Sprintf("row %d: ", i+1) + fmt.Sprintf(format, args...)}
}

// Adopt implements [graph.Adopter], for rows that are in the patch: a file is followed by who has opened it.
func (t *Table) Adopt(old graph.Operator) error {
	was := old.(*Table)
	if t.File == "" && was.File == "" {
		t.again = true
		return nil
	}
	return cmp.Or(differ(t.settings(), was.settings()), errors.New("a file is opened anew"))
}

// Cook implements [graph.Operator].
func (t *Table) Cook(c *graph.Cook) error {
	if t.File != "" {
		return t.show(c)
	}
	if t.done && !c.Renewed() {
		return nil
	}
	w := c.Out()
	if c.Renewed() || t.again {
		w.Reset()
	}
	w.AddCols(t.Columns...)
	for _, row := range t.Rows {
		if err := addRow(w, row); err != nil {
			return err
		}
	}
	t.done, t.again = true, false
	return nil
}

// addRow appends a row, with columns of its own if w has too few.
func addRow(w *table.Writer, row []any) error {
	for n := w.Schema().Len(); n < min(len(row), table.MaxColumns); n++ {
		w.Col(fmt.Sprintf("col%d", n+1))
	}
	w.Row()
	for k, cell := range row[:min(len(row), table.MaxColumns)] {
		v, err := cellOf(cell)
		if err != nil {
			return err
		}
		w.Set(k, v)
	}
	return nil
}
