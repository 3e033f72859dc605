package script

import (
	"slices"
	"strings"

	"go.starlark.net/syntax"
)

// Columns returns the columns of a row that the expression reads by name, each once. Those that it reads
// as row['x y'] are not among them.
func (e *Expr) Columns() []string {
	if e.rowless {
		return nil
	}
	bound := append(e.bound(), "row", "frame", "time")
	return slices.DeleteFunc(slices.Clone(e.names), func(name string) bool {
		return strings.HasPrefix(name, nodePrefix) || slices.Contains(bound, name)
	})
}

// bound returns the names that comprehensions and lambdas of the expression bind.
func (e *Expr) bound() (names []string) {
	tree, err := options().ParseExpr(e.param, e.script.Text, 0)
	if err != nil {
		return nil
	}
	note := func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	}
	syntax.Walk(tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.ForClause:
			syntax.Walk(n.Vars, note)
		case *syntax.LambdaExpr:
			for _, p := range n.Params {
				syntax.Walk(p, note)
			}
		}
		return true
	})
	return names
}
