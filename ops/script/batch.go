package script

import (
	"iter"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A verdict says whether an expression is true for a row, or that the interpreter must be asked.
type verdict uint8

const (
	no verdict = iota
	yes
	ask
)

func verdictOf(holds bool) verdict {
	if holds {
		return yes
	}
	return no
}

// Filter walks the rows of r for which the expression is true in c, in order, and those that it
// fails for, with its error. It gives what [Expr.Test] gives for each row, but common shapes are
// computed a column at a time.
func (e *Expr) Filter(c *graph.Cook, v *table.View, r table.Range) iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		for b := range v.Blocks(r) {
			in := e.over(c, v.Schema(), b)
			for i := range in.n {
				verdict := e.verdict(in, i)
				if verdict == no {
					continue
				}
				row, keep, err := v.RowOf(b, i), true, error(nil)
				if verdict == ask {
					keep, err = e.ask(c, row)
				}
				if (keep || err != nil) && !yield(row, err) {
					return
				}
			}
		}
	}
}

// Values walks the rows of b with the expression's values in c, or errors: what [Expr.Eval] gives for
// each row, but common shapes are computed a column at a time.
func (e *Expr) Values(c *graph.Cook, v *table.View, b table.Block) iter.Seq2[table.Value, error] {
	return func(yield func(table.Value, error) bool) {
		in := e.over(c, v.Schema(), b)
		for i := range in.n {
			cell, ok := e.value(in, i)
			var err error
			if !ok {
				cell, err = e.compute(c, v.RowOf(b, i))
			}
			if !yield(cell, err) {
				return
			}
		}
	}
}

// over computes the columnar form, if there is one, for the rows of b.
func (e *Expr) over(c *graph.Cook, s *table.Schema, b table.Block) *input {
	e.input = input{c, s, b, b.Len()}
	if e.kernel != nil {
		e.kernel(&e.input, &e.out)
	}
	return &e.input
}

func (e *Expr) verdict(in *input, i int) verdict {
	if e.kernel == nil {
		return ask
	}
	return e.out.verdict(in, i)
}

func (e *Expr) value(in *input, i int) (table.Value, bool) {
	if e.kernel == nil {
		return table.Value{}, false
	}
	return e.out.value(in, i)
}
