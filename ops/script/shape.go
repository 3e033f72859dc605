package script

import (
	"math"
	"strings"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// An evaluator is the direct form of an expression of a common shape. It gives exactly what the
// interpreter gives, or ok is false and the interpreter must be asked: about an error, or a kind of
// value that is seldom seen.
type evaluator func(in *input) (v table.Value, ok bool)

type input struct {
	cook *graph.Cook
	row  table.Row
}

// shape returns the direct form of an expression: columns, constants, frame and time; comparisons
// of them; startswith, endswith and near of a column and a constant; and, or and not of all these.
// It is nil for anything else.
func shape(x syntax.Expr) evaluator {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return shape(x.X)
	case *syntax.Ident, *syntax.IndexExpr:
		return nameShape(x)
	case *syntax.Literal, *syntax.UnaryExpr:
		if v, ok := constant(x); ok {
			return func(*input) (table.Value, bool) { return v, true }
		}
		if u, ok := x.(*syntax.UnaryExpr); ok && u.Op == syntax.NOT {
			return notShape(shape(u.X))
		}
	case *syntax.BinaryExpr:
		return binaryShape(x)
	case *syntax.CallExpr:
		return callShape(x)
	}
	return nil
}

func nameShape(x syntax.Expr) evaluator {
	if name, ok := columnName(x); ok {
		return func(in *input) (table.Value, bool) { return plain(in.row.Get(name)), true }
	}
	if v, ok := constant(x); ok {
		return func(*input) (table.Value, bool) { return v, true }
	}
	if id, ok := x.(*syntax.Ident); ok && id.Name == "frame" {
		return func(in *input) (table.Value, bool) { return table.IntValue(in.cook.Frame), true }
	} else if ok && id.Name == "time" {
		return func(in *input) (table.Value, bool) { return table.Float64Value(in.cook.Time.Seconds()), true }
	}
	return nil
}

// constant returns the value of a literal, or of a negative one.
func constant(x syntax.Expr) (table.Value, bool) {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return constant(x.X)
	case *syntax.Ident:
		switch x.Name {
		case "None":
			return table.Value{}, true
		case "True", "False":
			return table.BoolValue(x.Name == "True"), true
		}
	case *syntax.Literal:
		switch v := x.Value.(type) {
		case int64:
			return table.IntValue(v), true
		case float64:
			return table.Float64Value(v), true
		case string:
			if x.Token == syntax.BYTES {
				return table.BytesValue([]byte(v)), true
			}
			return table.StringValue(v), true
		}
	case *syntax.UnaryExpr:
		if v, ok := constant(x.X); ok && x.Op == syntax.MINUS {
			return negative(v)
		}
	}
	return table.Value{}, false
}

func negative(v table.Value) (table.Value, bool) {
	switch v.Kind() {
	case table.KindInt:
		return table.IntValue(-v.Int()), v.Int() != math.MinInt64
	case table.KindFloat64:
		f, _ := v.Number()
		return table.Float64Value(-f), true
	}
	return table.Value{}, false
}

func notShape(x evaluator) evaluator {
	if x == nil {
		return nil
	}
	return func(in *input) (table.Value, bool) {
		v, ok := x(in)
		return table.BoolValue(!truth(v)), ok
	}
}

func binaryShape(x *syntax.BinaryExpr) evaluator {
	a, b := shape(x.X), shape(x.Y)
	if a == nil || b == nil {
		return nil
	}
	switch x.Op {
	case syntax.AND, syntax.OR:
		return logicShape(x.Op == syntax.AND, a, b)
	case syntax.EQL, syntax.NEQ:
		if isNoneConstant(x.X) {
			return noneShape(x.Op, b)
		}
		if isNoneConstant(x.Y) {
			return noneShape(x.Op, a)
		}
	case syntax.LT, syntax.LE, syntax.GT, syntax.GE:
	default:
		return nil
	}
	if v, ok := constant(x.Y); ok {
		return againstShape(x.Op, a, v)
	}
	return func(in *input) (table.Value, bool) {
		v, vok := a(in)
		w, wok := b(in)
		if !vok || !wok {
			return v, false
		}
		holds, ok := compareCells(x.Op, v, w)
		return table.BoolValue(holds), ok
	}
}

// isNoneConstant reports whether x is written None, perhaps in parentheses.
func isNoneConstant(x syntax.Expr) bool {
	v, ok := constant(x)
	return ok && v.IsNil()
}

// againstShape compares with a constant.
func againstShape(op syntax.Token, a evaluator, w table.Value) evaluator {
	return func(in *input) (table.Value, bool) {
		v, ok := a(in)
		if !ok {
			return v, false
		}
		holds, ok := compareCells(op, v, w)
		return table.BoolValue(holds), ok
	}
}

func noneShape(op syntax.Token, a evaluator) evaluator {
	return func(in *input) (table.Value, bool) {
		v, ok := a(in)
		return table.BoolValue(v.IsNil() == (op == syntax.EQL)), ok
	}
}

// logicShape is and, and or: the first operand that settles it.
func logicShape(and bool, a, b evaluator) evaluator {
	return func(in *input) (table.Value, bool) {
		v, ok := a(in)
		if !ok || truth(v) != and {
			return v, ok
		}
		return b(in)
	}
}

func callShape(x *syntax.CallExpr) evaluator {
	switch fn := x.Fn.(type) {
	case *syntax.Ident:
		if fn.Name == "near" && (len(x.Args) == 2 || len(x.Args) == 3) {
			return nearShape(x.Args)
		}
	case *syntax.DotExpr:
		if len(x.Args) != 1 || isModule(fn.X) {
			return nil
		}
		part, ok := constant(x.Args[0])
		if !ok || part.Kind() != table.KindString {
			return nil
		}
		switch fn.Name.Name {
		case "startswith":
			return textShape(shape(fn.X), part.Str(), strings.HasPrefix)
		case "endswith":
			return textShape(shape(fn.X), part.Str(), strings.HasSuffix)
		}
	}
	return nil
}

func isModule(x syntax.Expr) bool {
	id, ok := x.(*syntax.Ident)
	return ok && id.Name == "math"
}

func textShape(a evaluator, part string, holds func(s, part string) bool) evaluator {
	if a == nil {
		return nil
	}
	return func(in *input) (table.Value, bool) {
		v, ok := a(in)
		switch {
		case !ok:
			return v, false
		case v.IsNil():
			return v, true
		case v.Kind() == table.KindString:
			return table.BoolValue(holds(v.Str(), part)), true
		}
		return v, false
	}
}

// nearShape is near(a, number) and near(a, number, number), with tol= or without.
func nearShape(args []syntax.Expr) evaluator {
	if len(args) == 3 {
		if b, ok := args[2].(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
			if id := b.X.(*syntax.Ident); id.Name == "tol" {
				args = []syntax.Expr{args[0], args[1], b.Y}
			}
		}
	}
	a := shape(args[0])
	y, ok := numberConstant(args[1])
	tol, tolOK := defaultTolerance, true
	if len(args) == 3 {
		tol, tolOK = numberConstant(args[2])
	}
	if a == nil || !ok || !tolOK {
		return nil
	}
	return func(in *input) (table.Value, bool) {
		v, ok := a(in)
		x, number := v.Number()
		return table.BoolValue(number && isNear(x, y, tol)), ok
	}
}

func numberConstant(x syntax.Expr) (float64, bool) {
	v, ok := constant(x)
	f, number := v.Number()
	return f, ok && number
}
