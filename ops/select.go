package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer/osc"
)

// Select passes on the rows and columns that are asked for. Its rows go when those of its input do.
// A cook takes time for what changed, whatever the size of the table.
type Select struct {
	Columns       []string `help:"names or patterns (* ? [abc], ^ excludes) of the columns to keep, in this order; all without it"`
	ColIndexStart int      `default:"0" help:"first column of the input to keep, counted from 0; negative: from the right"`
	ColIndexEnd   int      `default:"-1" help:"last column of the input to keep, counted from 0; negative: from the right"`
	ColExpr       string   `help:"expression that is true for the columns to keep, over their name and index, as: name.endswith('x') or index == 0"`
	Where         string   `help:"expression that is true for the rows to keep, as: arg1 > 0.5 and address.startswith('/fader')"`
	RowNames      string   `help:"patterns (* ? [abc] [1-9], ^ excludes), separated by spaces, of which the cell in column fromcol must match one"`
	FromCol       string   `help:"column that rownames looks at; empty: the first"`
	RowIndexStart int      `default:"0" help:"first row to keep, counted from 0; negative: from the end"`
	RowIndexEnd   int      `default:"-1" help:"last row to keep, counted from 0; negative: from the end"`

	linear
	expressions
	cols   columnScope
	named  slips
	expr   *script.Expr
	where  *script.Expr
	names  osc.Scope
	name   int // column that names is matched with
	text   []byte
	bounds rowBounds
}

// Describe implements [graph.Describer].
func (*Select) Describe() graph.Description {
	return graph.Description{
		Name: "select", Help: "Passes on the rows and columns that are asked for.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Select) Check() error {
	s.clear()
	return checkAll(
		s.compile("where", s.Where, &s.where),
		s.cols.compile("columns", s.Columns),
		s.compile("colexpr", s.ColExpr, &s.expr),
		ofParam("rownames", s.names.Parse(s.RowNames)),
	)
}

// Cook implements [graph.Operator].
func (s *Select) Cook(c *graph.Cook) error {
	s.heed(c)
	s.named.lookFor(c, "columns", s.Columns...)
	d, old, fresh := s.bounds.asked(c, 0, s.RowIndexStart, s.RowIndexEnd)
	s.cookRows(c, s, d, old, fresh)
	return nil
}

func (s *Select) columns(c *graph.Cook, d table.Delta, w *table.Writer) {
	in := d.Schema()
	n := in.Len()
	lo, hi := max(place(s.ColIndexStart, n), 0), min(place(s.ColIndexEnd, n), n-1)
	wanted := s.wanted(c, in)
	for _, col := range s.cols.pick(in) {
		if col >= lo && col <= hi && wanted[col] {
			s.copies(w.Col(in.Name(col)), col)
		}
	}
	s.name = 0
	if s.FromCol != "" {
		s.name = in.Index(s.FromCol)
	}
}

// wanted returns for which columns colexpr is true.
func (s *Select) wanted(c *graph.Cook, in *table.Schema) []bool {
	wanted := make([]bool, in.Len())
	list, w := table.New(table.Limits{}), table.NewWriter()
	w.AddCols("name", "index")
	for i, name := range in.Names() {
		w.Row()
		w.SetString(0, name)
		w.SetInt(1, int64(i))
		wanted[i] = s.expr == nil
	}
	list.Commit(w)
	if s.expr == nil {
		return wanted
	}
	for row, err := range s.expr.Filter(c, &list.View, list.Window()) {
		if err != nil {
			c.Report(fmt.Errorf("column %s: %w", row.Get("name"), err))
			continue
		}
		wanted[row.Number()] = true
	}
	return wanted
}

func (s *Select) pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32 {
	if s.where == nil {
		rows = allRows(b, rows)
	} else {
		rows = filterRows(c, s.where, v, b, rows)
	}
	if s.RowNames == "" {
		return rows
	}
	kept := rows[:0]
	for _, i := range rows {
		s.text = s.text[:0]
		if s.name >= 0 {
			s.text = b.Value(int(i), s.name).AppendText(s.text)
		}
		if s.names.Match(s.text) {
			kept = append(kept, i)
		}
	}
	return kept
}
