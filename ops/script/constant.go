package script

import (
	"math"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
)

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
		return literalValue(x)
	case *syntax.UnaryExpr:
		if v, ok := constant(x.X); ok && x.Op == syntax.MINUS {
			return negative(v)
		}
	}
	return table.Value{}, false
}

func literalValue(x *syntax.Literal) (table.Value, bool) {
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

// isNoneConstant reports whether x is written None, perhaps in parentheses.
func isNoneConstant(x syntax.Expr) bool {
	v, ok := constant(x)
	return ok && v.IsNil()
}

func numberConstant(x syntax.Expr) (float64, bool) {
	v, ok := constant(x)
	f, number := v.Number()
	return f, ok && number
}
