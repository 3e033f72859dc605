package ops

import (
	"fmt"
	"math"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// Insert adds a column, or rows at the start.
type Insert struct {
	Insert string  `default:"col" menu:"col row" help:"col: a column; row: rows before those of the input; they go when the first of these goes"`
	At     string  `default:"end" menu:"start end index" help:"col: where the column comes among those that are there; end: right of them"`
	Index  int     `default:"0" help:"col, at index: before which column, counted from 0; negative: from the right"`
	Name   string  `help:"col: the column's name; one that the input has is replaced where it is"`
	Value  string  `help:"col: the text in each cell"`
	Expr   string  `help:"col: expression over a row that gives the cell instead of value, as: arg1 * 2, or 7"`
	Rows   [][]any `help:"row: the rows, each a list of cells from the left: numbers, text, true and false, null"`

	expressions
	computing
	expr   *script.Expr
	failed []bool // of the rows of a block

	done  bool   // the inserted rows are written
	first uint64 // the row of the input that they go with; noInput as long as there was none
}

// Describe implements [graph.Describer].
func (*Insert) Describe() graph.Description {
	return graph.Description{
		Name: "insert", Help: "Adds a column, or rows at the start.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Insert) Check() (err error) {
	s.clear()
	if s.Insert == "row" {
		if len(s.Rows) == 0 {
			return &graph.ParamError{Param: "rows", Msg: "is missing; insert: row needs it"}
		}
		return checkRows(s.Rows)
	}
	if s.Name == "" {
		err = &graph.ParamError{Param: "name", Msg: "is missing; say what the new column is called"}
	}
	if s.Value != "" && s.Expr != "" {
		err = checkAll(err, &graph.ParamError{Param: "expr", Msg: "value is given too; leave one of them out"})
	}
	return checkAll(err, s.compile("expr", s.Expr, &s.expr))
}

// checkRows reports cells that no table can hold.
func checkRows(rows [][]any) error {
	var errs []error
	for i, row := range rows {
		for k, cell := range row {
			if _, err := cellOf(cell); err != nil {
				errs = append(errs, rowError(i, "cell %d: %v", k+1, err))
			}
		}
	}
	return checkAll(errs...)
}

// Cook implements [graph.Operator].
func (s *Insert) Cook(c *graph.Cook) error {
	s.heed(c)
	if s.Insert == "row" {
		s.cookBehindRows(c)
		return nil
	}
	s.cook(c, s)
	return nil
}

// cookBehindRows is cook with the inserted rows before all others. They go with the first of these.
func (s *Insert) cookBehindRows(c *graph.Cook) {
	d, w := c.Changes(0), c.Out()
	old, fresh := d.Renew()
	anew := !s.done || d.Reset
	switch {
	case s.done:
	case old.Len() > 0, d.Passing():
		d.Reset = true
	default:
		s.followColumns(c, s, d)
		s.putRows(w)
		d.Reset = false
	}
	s.done = true
	if anew {
		s.first = noInput
	}
	if s.first == noInput {
		s.first = min(firstOf(d, old), firstOf(d, fresh))
	}
	s.writeRows(c, s, d, old, fresh)
	if old.Lo > s.first {
		w.Expire(s.source.expire(old.Lo))
	}
}

// noInput stands for the number of a row that has not come yet.
const noInput = math.MaxUint64

// firstOf returns the number of the first row that is there, or noInput.
func firstOf(d table.Delta, rows table.Range) uint64 {
	for b := range d.Blocks(rows) {
		return b.First()
	}
	return noInput
}

func (s *Insert) renew(w *table.Writer) {
	if s.Insert == "row" {
		s.putRows(w)
	}
}

func (s *Insert) putRows(w *table.Writer) {
	for _, row := range s.Rows {
		_ = addRow(w, row) // it fails for cells only that Check refuses
	}
}

func (s *Insert) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	in := d.Schema()
	if s.Insert == "row" {
		s.copyAll(d, w)
		return
	}
	at := map[string]int{"end": in.Len(), "index": max(place(s.Index, in.Len()), 0)}[s.At]
	cells := s.computes(1)
	for col := range in.Len() + 1 {
		if col == at && in.Index(s.Name) < 0 {
			w.Col(s.Name)
		}
		if col < in.Len() {
			if to := w.Col(in.Name(col)); in.Name(col) != s.Name {
				s.copies(to, col)
			}
		}
	}
	cells[0].to = w.Col(s.Name)
}

func (s *Insert) pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32 {
	if s.Insert == "row" || s.expr == nil {
		return allRows(b, rows)
	}
	cells := &s.cells[0]
	cells.begin(b.Len())
	s.failed = slices.Grow(s.failed[:0], b.Len())[:b.Len()]
	clear(s.failed)
	s.expr.Column(c, v, b, cells.kinds, cells.nums, func(i int, cell table.Value, err error) {
		if s.failed[i] = err != nil; s.failed[i] {
			c.Report(rowFailed(v.RowOf(b, i), fmt.Errorf("column %s: %w", s.Name, err)))
		} else {
			cells.set(int32(i), cell)
		}
	})
	for i, failed := range s.failed {
		if !failed {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

func (s *Insert) fill(r table.Run, rows []int32) {
	switch {
	case s.Insert == "row":
	case s.expr == nil:
		r.Fill(s.cells[0].to, table.StringValue(s.Value))
	default:
		s.computing.fill(r, rows)
	}
}
