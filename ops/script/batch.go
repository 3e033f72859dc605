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

// Pick appends to rows those of b, counted from 0, for which the expression is true in c. It gives what
// [Expr.Filter] gives; failed is told of those that the expression fails for.
func (e *Expr) Pick(c *graph.Cook, v *table.View, b table.Block, rows []int32, failed func(i int, err error)) []int32 {
	in := e.over(c, v.Schema(), b)
	for i := range in.n {
		verdict := e.verdict(in, i)
		if verdict == ask {
			holds, err := e.ask(c, v.RowOf(b, i))
			if err != nil {
				failed(i, err)
				continue
			}
			verdict = verdictOf(holds)
		}
		if verdict == yes {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// Column gives the expression's values in c for the rows of b: what [Expr.Eval] gives for each row, but
// common shapes are computed a column at a time. What is nil, a bool or a number is put into kinds and nums,
// as [table.Block.Column] has it; other is called for anything else, and for a row that the expression
// fails for.
func (e *Expr) Column(
	c *graph.Cook, v *table.View, b table.Block, kinds []table.Kind, nums []uint64, other func(i int, cell table.Value, err error),
) {
	in := e.over(c, v.Schema(), b)
	if e.kernel == nil {
		for i := range in.n {
			cell, err := e.compute(c, v.RowOf(b, i))
			other(i, cell, err)
		}
		return
	}
	if k, same := table.Uniform(e.out.kinds); same && k != kindAsk && plainKinds[k] == k {
		copy(kinds, e.out.kinds)
		copy(nums, e.out.nums)
		return
	}
	for i, k := range e.out.kinds {
		if p := plainKinds[k]; p != kindAsk {
			kinds[i], nums[i] = p, e.out.nums[i]
			continue
		}
		cell, ok := e.out.value(in, i)
		var err error
		if !ok {
			cell, err = e.compute(c, v.RowOf(b, i))
		}
		other(i, cell, err)
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
	switch {
	case e.kernel == nil:
		return ask
	case e.out.kinds[i] == table.KindBool:
		return verdictOf(e.out.nums[i] != 0)
	}
	return e.out.verdict(in, i)
}

func (e *Expr) value(in *input, i int) (table.Value, bool) {
	if e.kernel == nil {
		return table.Value{}, false
	}
	return e.out.value(in, i)
}
