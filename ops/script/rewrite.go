package script

import (
	"maps"
	"slices"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
)

// A rewriter turns an expression's syntax tree into one with the rules of [Expr]: operators become
// calls of functions that know about missing cells, and names become parameters. The functions have
// a $ in their names, which no text can contain.
type rewriter struct {
	prog  *Program // for errors
	names []string // what the expression needs from the row, in order of first use
	errs  []*graph.ParamError
}

func (r *rewriter) expr(x syntax.Expr) syntax.Expr {
	switch x := x.(type) {
	case *syntax.Ident:
		r.need(x.Name)
	case *syntax.ParenExpr:
		return r.expr(x.X)
	case *syntax.BinaryExpr:
		return r.binary(x)
	case *syntax.UnaryExpr:
		x.X = r.expr(x.X)
		if x.Op != syntax.NOT {
			return helper("$unary"+x.Op.String(), x.OpPos, x.X)
		}
	case *syntax.CallExpr:
		return r.call(x)
	case *syntax.DotExpr:
		return r.dot(x, "$attr")
	case *syntax.IndexExpr:
		return helper("$index", x.Lbrack, r.expr(x.X), r.expr(x.Y))
	case *syntax.SliceExpr:
		return r.slice(x)
	case *syntax.CondExpr:
		x.Cond, x.True, x.False = r.expr(x.Cond), r.expr(x.True), r.expr(x.False)
	case *syntax.ListExpr:
		r.all(x.List)
	case *syntax.TupleExpr:
		r.all(x.List)
	case *syntax.DictExpr:
		r.all(x.List)
	case *syntax.DictEntry:
		x.Key, x.Value = r.expr(x.Key), r.expr(x.Value)
	case *syntax.LambdaExpr:
		for _, p := range x.Params {
			if p, ok := p.(*syntax.BinaryExpr); ok {
				p.Y = r.expr(p.Y)
			}
		}
		x.Body = r.expr(x.Body)
	case *syntax.Comprehension:
		r.comprehension(x)
	}
	return x
}

func (r *rewriter) all(list []syntax.Expr) {
	for i, x := range list {
		list[i] = r.expr(x)
	}
}

// need notes a name. The variable of a comprehension or lambda hides the column of that name, so
// asking for too many is right, if slow.
func (r *rewriter) need(name string) {
	if name != "True" && name != "False" && name != "None" && !slices.Contains(r.names, name) {
		r.names = append(r.names, name)
	}
}

func (r *rewriter) binary(x *syntax.BinaryExpr) syntax.Expr {
	x.X, x.Y = r.expr(x.X), r.expr(x.Y)
	switch x.Op {
	case syntax.AND, syntax.OR:
		return x
	case syntax.EQL, syntax.NEQ:
		if isNone(x.X) || isNone(x.Y) {
			return x
		}
	}
	return helper("$"+x.Op.String(), x.OpPos, x.X, x.Y)
}

func isNone(x syntax.Expr) bool {
	id, ok := x.(*syntax.Ident)
	return ok && id.Name == "None"
}

func helper(name string, pos syntax.Position, args ...syntax.Expr) syntax.Expr {
	fn := &syntax.Ident{NamePos: pos, Name: name}
	return &syntax.CallExpr{Fn: fn, Lparen: pos, Args: args, Rparen: pos}
}

func (r *rewriter) call(x *syntax.CallExpr) syntax.Expr {
	for i, arg := range x.Args {
		switch arg := arg.(type) {
		case *syntax.BinaryExpr:
			if arg.Op == syntax.EQ {
				arg.Y = r.expr(arg.Y)
				continue
			}
		case *syntax.UnaryExpr:
			if arg.Op == syntax.STAR || arg.Op == syntax.STARSTAR {
				arg.X = r.expr(arg.X)
				continue
			}
		}
		x.Args[i] = r.expr(arg)
	}
	switch fn := x.Fn.(type) {
	case *syntax.Ident:
		x.Fn = r.function(fn)
	case *syntax.DotExpr:
		x.Fn = r.dot(fn, "$method")
	default:
		x.Fn = r.expr(fn)
	}
	return x
}

// function returns the function that a called name stands for.
func (r *rewriter) function(id *syntax.Ident) syntax.Expr {
	if _, ok := functions[id.Name]; !ok {
		hint := graph.DidYouMean(id.Name, maps.Keys(functions))
		r.errs = append(r.errs, r.prog.errorf(id.NamePos, "there is no function %s in expressions%s", id.Name, hint))
	}
	return &syntax.Ident{NamePos: id.NamePos, Name: "$" + id.Name}
}

// dot rewrites x.name: math.name is the module's, anything else may be of a missing cell.
func (r *rewriter) dot(x *syntax.DotExpr, how string) syntax.Expr {
	if id, ok := x.X.(*syntax.Ident); ok && id.Name == "math" {
		x.X = &syntax.Ident{NamePos: id.NamePos, Name: "$math"}
		return x
	}
	name := &syntax.Literal{Token: syntax.STRING, TokenPos: x.NamePos, Raw: x.Name.Name, Value: x.Name.Name}
	return helper(how, x.Dot, r.expr(x.X), name)
}

func (r *rewriter) slice(x *syntax.SliceExpr) syntax.Expr {
	args := []syntax.Expr{r.expr(x.X)}
	for _, bound := range []syntax.Expr{x.Lo, x.Hi, x.Step} {
		if bound == nil {
			bound = &syntax.Ident{NamePos: x.Lbrack, Name: "None"}
		}
		args = append(args, r.expr(bound))
	}
	return helper("$slice", x.Lbrack, args...)
}

func (r *rewriter) comprehension(x *syntax.Comprehension) {
	x.Body = r.expr(x.Body)
	for _, clause := range x.Clauses {
		switch c := clause.(type) {
		case *syntax.ForClause:
			c.X = r.expr(c.X)
		case *syntax.IfClause:
			c.Cond = r.expr(c.Cond)
		}
	}
}
