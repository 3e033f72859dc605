package script

import (
	"slices"
	"strings"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
)

// methodKernel is startswith and endswith of a constant text.
func methodKernel(fn *syntax.DotExpr, args []syntax.Expr) kernel {
	if len(args) != 1 || isModule(fn.X) {
		return nil
	}
	a := kernelOf(fn.X)
	part, ok := constant(args[0])
	if a == nil || !ok || part.Kind() != table.KindString {
		return nil
	}
	switch fn.Name.Name {
	case "startswith":
		return textKernel(a, func(s string) bool { return strings.HasPrefix(s, part.Str()) }, table.KindNil)
	case "endswith":
		return textKernel(a, func(s string) bool { return strings.HasSuffix(s, part.Str()) }, table.KindNil)
	}
	return nil
}

func isModule(x syntax.Expr) bool {
	id, ok := x.(*syntax.Ident)
	return ok && id.Name == "math"
}

// textKernel tells of each text whether it is so; of what is missing it gives that kind, zero.
func textKernel(a kernel, holds func(string) bool, missing table.Kind) kernel {
	var x vec
	return func(in *input, out *vec) {
		a(in, &x)
		out.own(in)
		for i, k := range x.kinds {
			switch classes[k] {
			case classNil:
				out.set(i, missing, 0)
			case classText:
				out.setBool(i, holds(x.text(in, i)))
			default:
				out.kinds[i] = kindAsk
			}
		}
	}
}

func lenKernel(a kernel) kernel {
	if a == nil {
		return nil
	}
	var x vec
	return func(in *input, out *vec) {
		a(in, &x)
		out.own(in)
		for i, k := range x.kinds {
			switch classes[k] {
			case classNil:
				out.set(i, table.KindNil, 0)
			case classText, classBytes:
				out.set(i, table.KindInt, uint64(len(x.text(in, i))))
			default:
				out.kinds[i] = kindAsk
			}
		}
	}
}

// inKernel is a constant text in a text, and a value in a list or tuple of constants.
func inKernel(x *syntax.BinaryExpr) kernel {
	want := x.Op == syntax.IN
	y := x.Y
	for paren, ok := y.(*syntax.ParenExpr); ok; paren, ok = y.(*syntax.ParenExpr) {
		y = paren.X
	}
	switch list := y.(type) {
	case *syntax.ListExpr:
		return memberKernel(kernelOf(x.X), list.List, want)
	case *syntax.TupleExpr:
		return memberKernel(kernelOf(x.X), list.List, want)
	}
	part, ok := constant(x.X)
	a := kernelOf(y)
	if a == nil || !ok || part.Kind() != table.KindString {
		return nil
	}
	return textKernel(a, func(s string) bool { return strings.Contains(s, part.Str()) == want }, table.KindBool)
}

// memberKernel looks for a value in a list of constants.
func memberKernel(a kernel, list []syntax.Expr, want bool) kernel {
	var m members
	for _, x := range list {
		v, ok := constant(x)
		if f, number := v.Number(); !ok || number && f != f {
			return nil
		}
		m.add(v)
	}
	if a == nil {
		return nil
	}
	var x vec
	return func(in *input, out *vec) {
		a(in, &x)
		out.own(in)
		for i, k := range x.kinds {
			switch classes[k] {
			case classNil:
				out.setBool(i, false)
			case classOther, classAsk:
				out.kinds[i] = kindAsk
			default:
				out.setBool(i, m.has(in, &x, i) == want)
			}
		}
	}
}

// members are constants, by what they can be equal to. None is equal to nothing.
type members struct {
	texts, bytes []string
	numbers      []table.Value
	bools        []uint64
}

func (m *members) add(v table.Value) {
	switch c := classes[v.Kind()]; {
	case c == classText:
		m.texts = append(m.texts, v.Str())
	case c == classBytes:
		m.bytes = append(m.bytes, v.Str())
	case c == classBool:
		m.bools = append(m.bools, v.Bits())
	case c.isNumber():
		m.numbers = append(m.numbers, v)
	}
}

func (m *members) has(in *input, x *vec, i int) bool {
	num := x.nums[i]
	switch c := classes[x.kinds[i]]; c {
	case classText:
		return slices.Contains(m.texts, x.text(in, i))
	case classBytes:
		return slices.Contains(m.bytes, x.text(in, i))
	case classBool:
		return slices.Contains(m.bools, num)
	default:
		return slices.ContainsFunc(m.numbers, func(v table.Value) bool {
			order, ok := compareNumbers(c, num, classes[v.Kind()], v.Bits())
			return ok && order == 0
		})
	}
}
