package script

import (
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
)

// bind puts the values of the patch's parameters where x says param.name.
func (r *rewriter) bind(x syntax.Expr) syntax.Expr {
	switch x := x.(type) {
	case *syntax.DotExpr:
		if id, ok := x.X.(*syntax.Ident); ok && id.Name == "param" {
			return r.value(x)
		}
	case *syntax.Ident:
		if x.Name == "param" {
			r.fail(x.NamePos, "param is the parameters of the patch: write param.name; a column of that name is row['param']")
		}
	}
	replaceParts(x, r.bind)
	return x
}

func (r *rewriter) value(x *syntax.DotExpr) syntax.Expr {
	if errs := r.prog.parameter(x.Name); errs != nil {
		r.errs = append(r.errs, errs...)
		return constantOf(nil, x.NamePos)
	}
	return constantOf(r.prog.script.Values[x.Name.Name], x.Name.NamePos)
}

// constantOf returns a value as it would be written at pos.
func constantOf(v any, pos syntax.Position) syntax.Expr {
	switch v := v.(type) {
	case bool:
		return &syntax.Ident{NamePos: pos, Name: starlark.Bool(v).String()}
	case int64:
		return &syntax.Literal{Token: syntax.INT, TokenPos: pos, Value: v}
	case float64:
		return &syntax.Literal{Token: syntax.FLOAT, TokenPos: pos, Value: v}
	case string:
		return &syntax.Literal{Token: syntax.STRING, TokenPos: pos, Value: v}
	case []any:
		list := &syntax.ListExpr{Lbrack: pos, Rbrack: pos}
		for _, item := range v {
			list.List = append(list.List, constantOf(item, pos))
		}
		return list
	}
	return &syntax.Ident{NamePos: pos, Name: "None"}
}

// paramModule is what param is in a callback.
func paramModule(values graph.Values) starlark.Value {
	m := &starlarkstruct.Module{Name: "param", Members: starlark.StringDict{}}
	for name, v := range values {
		m.Members[name] = valueOf(v)
	}
	return m
}

func valueOf(v any) starlark.Value {
	switch v := v.(type) {
	case bool:
		return starlark.Bool(v)
	case int64:
		return starlark.MakeInt64(v)
	case float64:
		return starlark.Float(v)
	case string:
		return starlark.String(v)
	case []any:
		items := make([]starlark.Value, len(v))
		for i, item := range v {
			items[i] = valueOf(item)
		}
		return starlark.NewList(items)
	}
	return starlark.None
}
