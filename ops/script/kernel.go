package script

import (
	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
)

// A kernel is the columnar form of an expression, or of a part of one. It gives for each row exactly
// what the interpreter gives, or kindAsk: for an error, or a kind of value that is seldom seen. Each
// kernel is always given the same out.
type kernel func(in *input, out *vec)

// kernelOf returns the columnar form of an expression of these: columns, constants, frame and time;
// comparisons, arithmetic, and, or and not; near, abs and len; startswith and endswith; in a list of
// constants, and a constant text in a text. It is nil for anything else.
func kernelOf(x syntax.Expr) kernel {
	if v, ok := constant(x); ok {
		return constantKernel(v)
	}
	switch x := x.(type) {
	case *hoistNode:
		return x.kernel
	case *syntax.ParenExpr:
		return kernelOf(x.X)
	case *syntax.Ident, *syntax.IndexExpr:
		return nameKernel(x)
	case *syntax.UnaryExpr:
		return unaryKernel(x.Op, kernelOf(x.X))
	case *syntax.BinaryExpr:
		return binaryKernel(x)
	case *syntax.CallExpr:
		return callKernel(x)
	}
	return nil
}

func binaryKernel(x *syntax.BinaryExpr) kernel {
	if x.Op == syntax.IN || x.Op == syntax.NOT_IN {
		return inKernel(x)
	}
	a, b := kernelOf(x.X), kernelOf(x.Y)
	if a == nil || b == nil {
		return nil
	}
	switch x.Op {
	case syntax.AND, syntax.OR:
		return logicKernel(x.Op == syntax.AND, a, b)
	case syntax.PLUS, syntax.MINUS, syntax.STAR, syntax.SLASH, syntax.SLASHSLASH, syntax.PERCENT:
		return arithmeticKernel(x.Op, a, b)
	}
	if mirrored[x.Op] != 0 {
		return comparisonKernel(x, a, b)
	}
	return nil
}

func callKernel(x *syntax.CallExpr) kernel {
	switch fn := x.Fn.(type) {
	case *syntax.Ident:
		switch {
		case fn.Name == "near" && (len(x.Args) == 2 || len(x.Args) == 3):
			return nearKernel(x.Args)
		case fn.Name == "abs" && len(x.Args) == 1:
			return absKernel(kernelOf(x.Args[0]))
		case fn.Name == "len" && len(x.Args) == 1:
			return lenKernel(kernelOf(x.Args[0]))
		}
	case *syntax.DotExpr:
		return methodKernel(fn, x.Args)
	}
	return nil
}

// columnName returns the name of the column that an expression is.
func columnName(x syntax.Expr) (name string, ok bool) {
	switch x := x.(type) {
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

func nameKernel(x syntax.Expr) kernel {
	if name, ok := columnName(x); ok {
		return columnKernel(name)
	}
	id, ok := x.(*syntax.Ident)
	switch {
	case ok && id.Name == "frame":
		return momentKernel(func(in *input) table.Value { return table.IntValue(in.cook.Frame) })
	case ok && id.Name == "time":
		return momentKernel(func(in *input) table.Value { return table.Float64Value(in.cook.Time.Seconds()) })
	}
	return nil
}

func columnKernel(name string) kernel {
	var schema *table.Schema
	var none vec
	col := -1
	return func(in *input, out *vec) {
		if in.schema != schema {
			schema, col = in.schema, in.schema.Index(name)
		}
		out.kinds, out.nums, out.col = nil, nil, col
		if col >= 0 {
			out.kinds, out.nums = in.block.Column(col)
		}
		if out.kinds == nil {
			none.own(in) // all of it nil
			out.kinds, out.nums = none.kinds, none.nums
		}
	}
}

func constantKernel(v table.Value) kernel {
	var all vec
	return func(in *input, out *vec) {
		if len(all.kinds) < in.n {
			all.own(in)
			all.fill(v)
		}
		out.kinds, out.nums, out.strs, out.col = all.kinds[:in.n], all.nums[:in.n], all.strs, -1
	}
}

// momentKernel is a value that all rows of a block share.
func momentKernel(of func(*input) table.Value) kernel {
	return func(in *input, out *vec) {
		out.own(in)
		out.fill(of(in))
	}
}

// fill makes every value v.
func (x *vec) fill(v table.Value) {
	for i := range x.kinds {
		x.set(i, v.Kind(), v.Bits())
		if v.Kind() >= table.KindString {
			x.setText(i, v.Str())
		}
	}
}

func unaryKernel(op syntax.Token, a kernel) kernel {
	if a == nil {
		return nil
	}
	switch op {
	case syntax.NOT:
		return notKernel(a)
	case syntax.MINUS:
		return minusKernel(a)
	}
	return nil
}

func notKernel(a kernel) kernel {
	var x vec
	return func(in *input, out *vec) {
		a(in, &x)
		out.own(in)
		for i := range in.n {
			if v := x.verdict(in, i); v == ask {
				out.kinds[i] = kindAsk
			} else {
				out.setBool(i, v == no)
			}
		}
	}
}

// logicKernel is and, and or: the first operand that settles it. What the first one settles is not
// asked about.
func logicKernel(and bool, a, b kernel) kernel {
	var x, y vec
	goOn := verdictOf(and)
	return func(in *input, out *vec) {
		a(in, &x)
		b(in, &y)
		out.own(in)
		for i := range in.n {
			from := &x
			v := x.verdict(in, i)
			if v == goOn {
				from = &y
			}
			switch c := classes[from.kinds[i]]; {
			case v == ask || c >= classBytes:
				out.kinds[i] = kindAsk
			default:
				out.set(i, from.kinds[i], from.nums[i])
				if c == classText {
					out.setText(i, from.text(in, i))
				}
			}
		}
	}
}
