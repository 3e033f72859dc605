package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// Select passes on the rows and columns that are asked for.
type Select struct {
	Columns       []string `help:"names or patterns (* ? [abc], ^ excludes) of the columns to keep, in this order; all without it"`
	Where         string   `help:"expression that is true for the rows to keep, as: arg1 > 0.5 and address.startswith('/fader')"`
	RowIndexStart int      `default:"0" help:"first row to keep, counted from 0; negative: from the end"`
	RowIndexEnd   int      `default:"-1" help:"last row to keep, counted from 0; negative: from the end"`

	where  *script.Expr
	source rowMap
	cols   columnMap
}

// Describe implements [graph.Describer].
func (*Select) Describe() graph.Description {
	return graph.Description{
		Name: "select", Help: "Passes on the rows and columns that are asked for.",
		Inputs: graph.Arity{Min: 1, Max: 1},
	}
}

// Check implements [graph.Checker].
func (s *Select) Check() (err error) {
	if s.Where != "" {
		if s.where, err = script.CompileExpr("where", graph.Script{Text: s.Where}); err != nil {
			return err
		}
	}
	return s.cols.compile("columns", s.Columns)
}

// Cook implements [graph.Operator].
func (s *Select) Cook(c *graph.Cook) error {
	d, w := c.In(0), c.Out()
	s.cols.update(d.Schema(), w)
	if s.ranged() {
		return s.cookRange(c, d, w)
	}
	if d.Reset {
		w.Reset()
		s.source.reset()
	}
	s.copyRows(c, d, d.Appended, w)
	w.Expire(s.source.expire(d.Window().Lo))
	return nil
}

func (s *Select) ranged() bool { return s.RowIndexStart != 0 || s.RowIndexEnd != -1 }

// cookRange keeps rows by their place in the table, which every row's coming and going changes.
func (s *Select) cookRange(c *graph.Cook, d table.Delta, w *table.Writer) error {
	window := d.Window()
	n := window.Len()
	lo, hi := place(s.RowIndexStart, n), place(s.RowIndexEnd, n)+1
	w.Reset()
	if lo < hi {
		s.copyRows(c, d, table.Range{Lo: window.Lo + uint64(lo), Hi: window.Lo + uint64(min(hi, n))}, w)
	}
	s.source.reset()
	return nil
}

// place returns which of n rows an index means, which may be none of them.
func place(i, n int) int {
	if i < 0 {
		i += n
	}
	return max(i, -1)
}

func (s *Select) copyRows(c *graph.Cook, d table.Delta, rows table.Range, w *table.Writer) {
	for row := range d.Rows(rows) {
		if s.where != nil && !s.keeps(c, row) {
			continue
		}
		s.source.add(w.Row(), row.Number())
		for to, from := range s.cols.from {
			w.Set(to, row.Cell(from))
		}
	}
}

// keeps reports whether the expression is true for a row. A row for which it fails is not kept.
func (s *Select) keeps(c *graph.Cook, row table.Row) bool {
	v, err := s.where.Test(c, row)
	if err != nil {
		c.Report(fmt.Errorf("where, row %d: %w", row.Number(), err))
	}
	return v && err == nil
}
