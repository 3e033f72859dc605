package script

import "go.starlark.net/syntax"

// replaceParts puts f(part) in the place of each expression that x directly consists of. Names that x
// binds, and those of its arguments and fields, are no parts.
func replaceParts(x syntax.Expr, f func(syntax.Expr) syntax.Expr) {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		x.X = f(x.X)
	case *syntax.UnaryExpr:
		x.X = f(x.X)
	case *syntax.BinaryExpr:
		x.X, x.Y = f(x.X), f(x.Y)
	case *syntax.CondExpr:
		x.Cond, x.True, x.False = f(x.Cond), f(x.True), f(x.False)
	case *syntax.DotExpr:
		x.X = f(x.X)
	case *syntax.IndexExpr:
		x.X, x.Y = f(x.X), f(x.Y)
	case *syntax.SliceExpr:
		x.X = f(x.X)
		for _, bound := range []*syntax.Expr{&x.Lo, &x.Hi, &x.Step} {
			if *bound != nil {
				*bound = f(*bound)
			}
		}
	case *syntax.ListExpr:
		replaceAll(x.List, f)
	case *syntax.TupleExpr:
		replaceAll(x.List, f)
	case *syntax.DictExpr:
		replaceAll(x.List, f)
	case *syntax.DictEntry:
		x.Key, x.Value = f(x.Key), f(x.Value)
	case *syntax.CallExpr:
		x.Fn = f(x.Fn)
		replaceArgs(x.Args, f)
	case *syntax.LambdaExpr:
		for _, p := range x.Params {
			if p, ok := p.(*syntax.BinaryExpr); ok {
				p.Y = f(p.Y)
			}
		}
		x.Body = f(x.Body)
	case *syntax.Comprehension:
		x.Body = f(x.Body)
		for _, clause := range x.Clauses {
			switch c := clause.(type) {
			case *syntax.ForClause:
				c.X = f(c.X)
			case *syntax.IfClause:
				c.Cond = f(c.Cond)
			}
		}
	}
}

func replaceAll(list []syntax.Expr, f func(syntax.Expr) syntax.Expr) {
	for i, x := range list {
		list[i] = f(x)
	}
}

// replaceArgs leaves name=, * and ** of arguments where they are.
func replaceArgs(args []syntax.Expr, f func(syntax.Expr) syntax.Expr) {
	for i, arg := range args {
		switch arg := arg.(type) {
		case *syntax.BinaryExpr:
			if arg.Op == syntax.EQ {
				arg.Y = f(arg.Y)
				continue
			}
		case *syntax.UnaryExpr:
			if arg.Op == syntax.STAR || arg.Op == syntax.STARSTAR {
				arg.X = f(arg.X)
				continue
			}
		}
		args[i] = f(arg)
	}
}

// boundNames returns the names that lambdas and comprehensions in x bind.
func boundNames(x syntax.Expr) map[string]bool {
	names := map[string]bool{}
	bind := func(x syntax.Expr) {
		syntax.Walk(x, func(n syntax.Node) bool {
			if id, ok := n.(*syntax.Ident); ok {
				names[id.Name] = true
			}
			return true
		})
	}
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.LambdaExpr:
			for _, p := range n.Params {
				switch p := p.(type) {
				case *syntax.Ident:
					bind(p)
				case *syntax.BinaryExpr:
					bind(p.X)
				case *syntax.UnaryExpr:
					if p.X != nil {
						bind(p.X)
					}
				}
			}
		case *syntax.ForClause:
			bind(n.Vars)
		}
		return true
	})
	return names
}
