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
	prog  *Program        // for errors, and the nodes that the expression reads
	known map[string]bool // the names that there are; nil if there is a row, with columns of any name
	names []string        // what the expression needs, in order of first use; "op x" is the node x
	errs  []*graph.ParamError
}

func (r *rewriter) expr(x syntax.Expr) syntax.Expr {
	switch x := x.(type) {
	case *syntax.Ident:
		r.need(x)
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
	default:
		replaceParts(x, r.expr)
	}
	return x
}

// need notes a name. The variable of a comprehension or lambda hides the column of that name, so
// asking for too many is right, if slow.
func (r *rewriter) need(id *syntax.Ident) {
	switch name := id.Name; {
	case name == "True", name == "False", name == "None", slices.Contains(r.names, name):
	case r.known != nil && !r.known[name]:
		r.fail(id.NamePos, "there is no name %s here%s", name, graph.DidYouMean(name, maps.Keys(r.known)))
	default:
		r.names = append(r.names, name)
	}
}

func (r *rewriter) fail(pos syntax.Position, format string, args ...any) {
	r.errs = append(r.errs, r.prog.errorf(pos, format, args...))
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
	if id, ok := x.Fn.(*syntax.Ident); ok && id.Name == "op" {
		return r.node(x)
	}
	replaceArgs(x.Args, r.expr)
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

// node rewrites op('name'), the table of another node, as a name.
func (r *rewriter) node(x *syntax.CallExpr) syntax.Expr {
	if errs := r.prog.reference(x); errs != nil {
		r.errs = append(r.errs, errs...)
		return x
	}
	name := nodePrefix + x.Args[0].(*syntax.Literal).Value.(string)
	if !slices.Contains(r.names, name) {
		r.names = append(r.names, name)
	}
	return &syntax.Ident{NamePos: x.Lparen, Name: name}
}

// nodePrefix begins the names that stand for nodes.
const nodePrefix = "op "

// function returns the function that a called name stands for.
func (r *rewriter) function(id *syntax.Ident) syntax.Expr {
	if _, ok := functions[id.Name]; !ok {
		hint := graph.DidYouMean(id.Name, maps.Keys(functions))
		r.fail(id.NamePos, "there is no function %s in expressions%s", id.Name, hint)
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
