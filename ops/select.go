package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// Select passes on the rows and columns that are asked for. Its rows go when those of its input do.
// A cook takes time for what changed, whatever the size of the table.
type Select struct {
	Columns       []string `help:"names or patterns (* ? [abc], ^ excludes) of the columns to keep, in this order; all without it"`
	Where         string   `help:"expression that is true for the rows to keep, as: arg1 > 0.5 and address.startswith('/fader')"`
	RowIndexStart int      `default:"0" help:"first row to keep, counted from 0; negative: from the end"`
	RowIndexEnd   int      `default:"-1" help:"last row to keep, counted from 0; negative: from the end"`

	graph.Scope
	where  *script.Expr
	source rowMap
	cols   columnMap
	next   uint64 // rows of the input below it were passed on, if they were asked for
	behind uint64 // how many rows are behind next; they may come again with other numbers
}

// Describe implements [graph.Describer].
func (*Select) Describe() graph.Description {
	return graph.Description{
		Name: "select", Help: "Passes on the rows and columns that are asked for.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Select) Check() (err error) {
	s.where = nil
	if s.Where != "" {
		s.where, err = script.CompileExpr("where", graph.Script{Text: s.Where, Values: s.Values()})
	}
	return checkAll(err, s.cols.compile("columns", s.Columns))
}

// Refs implements [graph.Referrer].
func (s *Select) Refs() []string {
	if s.where == nil {
		return nil
	}
	return s.where.Refs()
}

// Cook implements [graph.Operator].
func (s *Select) Cook(c *graph.Cook) error {
	if s.where != nil {
		s.where.Follow(c)
	}
	d, w := c.In(0), c.Out()
	old, fresh := s.asked(d)
	if d.Reset {
		w.Reset()
		s.source.reset()
	}
	s.cols.update(d, w)
	if d.Reset {
		s.copyRows(c, d, old, w)
		w.Restate()
	}
	s.copyRows(c, d, fresh, w)
	s.next, s.behind = fresh.Hi, d.Window().Hi-fresh.Hi
	w.Expire(s.source.expire(old.Lo))
	return nil
}

// asked returns which rows of the input are asked for by their place: those that were passed on
// before, and those that come now. Without a place the latter are all new rows, with those that came
// and went since the last cook. With a place they are of the window; while rows come and go, neither
// end of the range ever moves back.
func (s *Select) asked(d table.Delta) (old, fresh table.Range) {
	old, fresh = d.Renew()
	if s.RowIndexStart == 0 && s.RowIndexEnd == -1 {
		return old, fresh
	}
	window := d.Window()
	n := window.Len()
	lo := window.Lo + uint64(max(place(s.RowIndexStart, n), 0))
	hi := max(lo, window.Lo+uint64(min(place(s.RowIndexEnd, n), n-1)+1))
	seen := s.next
	if d.Reset {
		seen = old.Hi - min(old.Hi, s.behind)
	}
	seen = min(max(seen, lo), hi)
	return table.Range{Lo: lo, Hi: seen}, table.Range{Lo: seen, Hi: hi}
}

// place returns which of n rows an index means; -1 or n if it is before or behind them.
func place(i, n int) int {
	if i < 0 {
		i += n
	}
	return min(max(i, -1), n)
}

// copyRows passes on those of rows for which the expression is true, if there is one. A row for which
// it fails is not passed on.
func (s *Select) copyRows(c *graph.Cook, d table.Delta, rows table.Range, w *table.Writer) {
	if s.where == nil {
		for row := range d.Rows(rows) {
			s.copyRow(row, w)
		}
		return
	}
	for row, err := range s.where.Filter(c, d.View, rows) {
		if err != nil {
			c.Report(fmt.Errorf("row %d: %w", row.Number(), err))
			continue
		}
		s.copyRow(row, w)
	}
}

func (s *Select) copyRow(row table.Row, w *table.Writer) {
	s.source.add(w.Row(), row.Number())
	for to, from := range s.cols.from {
		if from >= 0 {
			w.Copy(to, row, from)
		}
	}
}
