package script

import (
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
	if a == nil {
		return nil
	}
	items := make([]kernel, len(list))
	for i, x := range list {
		v, ok := constant(x)
		if f, number := v.Number(); !ok || number && f != f {
			return nil
		}
		items[i] = constantKernel(v)
	}
	var x vec
	all := make([]vec, len(items))
	return func(in *input, out *vec) {
		a(in, &x)
		for k, item := range items {
			item(in, &all[k])
		}
		out.own(in)
		for i, k := range x.kinds {
			switch classes[k] {
			case classNil:
				out.setBool(i, false)
			case classOther, classAsk:
				out.kinds[i] = kindAsk
			default:
				out.setBool(i, x.isAmong(in, i, all) == want)
			}
		}
	}
}

func (x *vec) isAmong(in *input, i int, list []vec) bool {
	for k := range list {
		if equal, _ := compareAt(syntax.EQL, in, x, &list[k], i); equal {
			return true
		}
	}
	return false
}
