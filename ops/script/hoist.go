package script

import (
	"time"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
)

// A hoisted part of an expression reads other nodes and no column, so that it is the same for all
// rows: it is computed once, and again when what it reads has changed.
type hoisted struct {
	expr *Expr
	at   hoistKey
	read []uint64 // versions of the tables that it reads
	cell table.Value
	ask  bool // instead of cell: it failed, or no kernel can use it
}

type hoistKey struct {
	computed bool
	frame    int64
	time     time.Duration
}

// A hoistNode stands for a hoisted part in a tree.
type hoistNode struct {
	syntax.Expr
	kernel kernel
}

// hoist puts hoistNodes in the place of those parts of x that can be hoisted.
func (e *Expr) hoist(x syntax.Expr) syntax.Expr {
	if !readsNodes(x) {
		return x
	}
	if !readsRow(x) {
		if part, err := compileTree(e.source, x, rowless(x)); err == nil {
			part.parent = e
			return &hoistNode{x, (&hoisted{expr: part}).kernel()}
		}
	}
	replaceParts(x, e.hoist)
	return x
}

func readsNodes(x syntax.Expr) (reads bool) {
	syntax.Walk(x, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok {
			id, ok := call.Fn.(*syntax.Ident)
			reads = reads || ok && id.Name == "op"
		}
		return !reads
	})
	return reads
}

// readsRow reports whether x has a name that is not known without a row. Names of fields, functions
// and arguments are none of those.
func readsRow(x syntax.Expr) (reads bool) {
	known := rowless(x)
	var look func(syntax.Expr) syntax.Expr
	look = func(x syntax.Expr) syntax.Expr {
		switch x := x.(type) {
		case *syntax.Ident:
			isConstant := x.Name == "True" || x.Name == "False" || x.Name == "None"
			reads = reads || !known[x.Name] && !isConstant
		case *syntax.CallExpr:
			if _, named := x.Fn.(*syntax.Ident); named {
				replaceArgs(x.Args, look)
				return x
			}
		}
		replaceParts(x, look)
		return x
	}
	look(x)
	return reads
}

// kernel is the value of the part, for all rows of a block.
func (h *hoisted) kernel() kernel {
	return func(in *input, out *vec) {
		h.update(in)
		out.own(in)
		out.fill(h.cell)
		if h.ask {
			for i := range out.kinds {
				out.kinds[i] = kindAsk
			}
		}
	}
}

// update computes the value if what it reads has changed.
func (h *hoisted) update(in *input) {
	at := hoistKey{true, in.cook.Frame, in.cook.Time}
	same := at == h.at
	for i, node := range h.expr.refs {
		v := in.cook.Ref(h.expr.refOf(node)).Version()
		if i == len(h.read) {
			h.read = append(h.read, v)
		}
		same = same && h.read[i] == v
		h.read[i] = v
	}
	if same {
		return
	}
	h.expr.Peer = h.expr.parent.Peer
	cell, err := h.expr.compute(in.cook, table.Row{})
	h.at, h.cell, h.ask = at, cell, err != nil || classes[cell.Kind()] >= classBytes
}
