package script

import (
	"iter"
	"math"
	"slices"
	"strings"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Filter walks the rows of r for which the expression is true in c, in order, and those that it
// fails for, with its error. It gives what [Expr.Test] gives for each row, but common shapes are
// computed a column at a time.
func (e *Expr) Filter(c *graph.Cook, v *table.View, r table.Range) iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		for b := range v.Blocks(r) {
			verdicts := e.judge(v, b)
			i := 0
			for row := range v.Rows(table.Range{Lo: b.First(), Hi: b.First() + uint64(b.Len())}) {
				keep, err := verdicts[i] == yes, error(nil)
				if verdicts[i] == ask {
					keep, err = e.Test(c, row)
				}
				if i++; (keep || err != nil) && !yield(row, err) {
					return
				}
			}
		}
	}
}

// judge returns a verdict for each row of b.
func (e *Expr) judge(v *table.View, b table.Block) []verdict {
	e.verdicts = slices.Grow(e.verdicts[:0], b.Len())[:b.Len()]
	if e.batch != nil {
		e.batch(v, b, e.verdicts)
		return e.verdicts
	}
	for i := range e.verdicts {
		e.verdicts[i] = ask
	}
	return e.verdicts
}

// A verdict says whether an expression is true for a row, or that Test must be asked.
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

// A batch fills in the verdicts of an expression for the rows of a block.
type batch func(v *table.View, b table.Block, out []verdict)

// batchOf returns the batch of an expression of one of these shapes, and nil of any other: a column;
// a column compared with a constant; startswith and endswith of a column and a constant; and, or and
// not of these.
func batchOf(x syntax.Expr) batch {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return batchOf(x.X)
	case *syntax.Ident, *syntax.IndexExpr:
		return columnBatch(x, func(v table.Value) verdict { return verdictOf(truth(v)) })
	case *syntax.UnaryExpr:
		if x.Op == syntax.NOT {
			return notBatch(batchOf(x.X))
		}
	case *syntax.BinaryExpr:
		if x.Op == syntax.AND || x.Op == syntax.OR {
			return logicBatch(x.Op == syntax.AND, batchOf(x.X), batchOf(x.Y))
		}
		return comparisonBatch(x)
	case *syntax.CallExpr:
		return callBatch(x)
	}
	return nil
}

// columnName returns the name of the column that an expression is.
func columnName(x syntax.Expr) (name string, ok bool) {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return columnName(x.X)
	case *syntax.Ident:
		switch x.Name {
		case "None", "True", "False", "row", "frame", "time":
			return "", false
		}
		return x.Name, true
	case *syntax.IndexExpr:
		id, isName := x.X.(*syntax.Ident)
		lit, isText := x.Y.(*syntax.Literal)
		if isName && isText && id.Name == "row" && lit.Token == syntax.STRING {
			return lit.Value.(string), true
		}
	}
	return "", false
}

// columnBatch judges each cell of a column by itself.
func columnBatch(x syntax.Expr, judge func(table.Value) verdict) batch {
	name, ok := columnName(x)
	if !ok {
		return nil
	}
	return func(v *table.View, b table.Block, out []verdict) {
		col := v.Schema().Index(name)
		if col < 0 {
			missing := judge(table.Value{})
			for i := range out {
				out[i] = missing
			}
			return
		}
		for i := range out {
			out[i] = judge(plain(b.Value(i, col)))
		}
	}
}

func notBatch(a batch) batch {
	if a == nil {
		return nil
	}
	return func(v *table.View, b table.Block, out []verdict) {
		a(v, b, out)
		for i, verdict := range out {
			if verdict != ask {
				out[i] = 1 - verdict
			}
		}
	}
}

// logicBatch is and, and or. What the first operand settles is not asked about.
func logicBatch(and bool, a, other batch) batch {
	if a == nil || other == nil {
		return nil
	}
	goOn := verdictOf(and)
	var second []verdict
	return func(v *table.View, b table.Block, out []verdict) {
		a(v, b, out)
		second = slices.Grow(second[:0], len(out))[:len(out)]
		other(v, b, second)
		for i, first := range out {
			if first == goOn {
				out[i] = second[i]
			}
		}
	}
}

var mirrored = map[syntax.Token]syntax.Token{
	syntax.EQL: syntax.EQL, syntax.NEQ: syntax.NEQ,
	syntax.LT: syntax.GT, syntax.LE: syntax.GE, syntax.GT: syntax.LT, syntax.GE: syntax.LE,
}

func comparisonBatch(x *syntax.BinaryExpr) batch {
	op, col := x.Op, x.X
	if mirrored[op] == 0 {
		return nil
	}
	w, ok := constant(x.Y)
	if !ok {
		op, col = mirrored[op], x.Y
		w, ok = constant(x.X)
	}
	switch number, isNumber := w.Number(); {
	case !ok:
		return nil
	case w.IsNil() && (op == syntax.EQL || op == syntax.NEQ):
		return columnBatch(col, func(v table.Value) verdict { return verdictOf(v.IsNil() == (op == syntax.EQL)) })
	case isNumber && math.Abs(number) < 1<<53:
		return numberBatch(col, op, number)
	}
	return columnBatch(col, func(v table.Value) verdict {
		if holds, ok := compareCells(op, v, w); ok {
			return verdictOf(holds)
		}
		return ask
	})
}

// numberBatch compares a column with a number that is exact both as an int and as a float.
func numberBatch(x syntax.Expr, op syntax.Token, number float64) batch {
	name, ok := columnName(x)
	if !ok {
		return nil
	}
	outcome := [3]verdict{verdictOf(ordered(op, -1)), verdictOf(ordered(op, 0)), verdictOf(ordered(op, 1))}
	other := verdictOf(op == syntax.NEQ) // of NaN and of what is no number
	float := func(f float64) verdict {
		switch {
		case f < number:
			return outcome[0]
		case f == number:
			return outcome[1]
		case f > number:
			return outcome[2]
		}
		return other
	}
	return func(v *table.View, b table.Block, out []verdict) {
		clear(out)
		col := v.Schema().Index(name)
		if col < 0 {
			return
		}
		kinds, nums := b.Column(col)
		for i, k := range kinds {
			switch k {
			case table.KindNil:
			case table.KindFloat32:
				out[i] = float(float64(math.Float32frombits(uint32(nums[i]))))
			case table.KindFloat64:
				out[i] = float(math.Float64frombits(nums[i]))
			case table.KindInt, table.KindInt64:
				out[i] = outcome[1+compareIntFloat(int64(nums[i]), number)]
			case table.KindBool, table.KindString, table.KindSymbol, table.KindBytes:
				out[i] = other
			default:
				out[i] = ask
			}
		}
	}
}

func callBatch(x *syntax.CallExpr) batch {
	fn, ok := x.Fn.(*syntax.DotExpr)
	if !ok || len(x.Args) != 1 || isModule(fn.X) {
		return nil
	}
	part, ok := constant(x.Args[0])
	if !ok || part.Kind() != table.KindString {
		return nil
	}
	holds := strings.HasPrefix
	switch fn.Name.Name {
	case "startswith":
	case "endswith":
		holds = strings.HasSuffix
	default:
		return nil
	}
	return columnBatch(fn.X, func(v table.Value) verdict {
		switch v.Kind() {
		case table.KindNil:
			return no
		case table.KindString:
			return verdictOf(holds(v.Str(), part.Str()))
		}
		return ask
	})
}
