package script

import (
	"errors"
	"runtime/debug"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// An Expr is a compiled expression over one row, such as "arg1 > 0.5 and address != '/b'". Its names
// are the row's columns, row['x y'] those that are no names; frame and time are the cook's. A name
// that is called is a function, so a column may be called type or len.
//
// # Missing cells
//
// A cell that is nil, or a column that the row's table has not, is None. Comparing it gives False,
// with != and not in as well, unless the other side is written None: x != None asks whether there is
// a cell. Arithmetic with it, and its methods, parts and items, give None, and so do the functions
// that take a number or a text. An item that a list has not is None too.
//
// # Other rules
//
// Values of different kinds are not equal and have no order, so a < b between them is False; ints
// and floats are one kind, and compare by exact value. NaN compares as in Python. A float32 has its
// exact value: use near(x, 0.1) for what came in as 0.1. True is not 1.
//
// An Expr belongs to one goroutine at a time.
type Expr struct {
	// Peer is as in [Env]. An expression can look at a peer, but not send.
	Peer func(c *graph.Cook, p table.Peer) Peer
	// FirstRef is the index of the first of [Expr.Refs] among the node's references.
	FirstRef int

	source
	rowless bool
	parent  *Expr // that it is a hoisted part of
	refs    []string
	read    []uint64 // versions of the tables of refs, as of the last Follow

	kernel kernel // nil unless the expression has a common shape
	out    vec    // of it
	input  input

	fn      *starlark.Function
	names   []string // of the parameters of fn
	args    []starlark.Value
	thread  starlark.Thread
	spent   bool
	in      Instance // gives peers their cook
	current rowValue
}

// CompileExpr compiles the expression that is the value of the parameter called param. Every mistake
// it can see is reported, a [graph.ParamError] each, in a multierror.Error.
func CompileExpr(param string, s graph.Script) (*Expr, error) {
	return compileExpr(param, s, func(syntax.Expr) map[string]bool { return nil })
}

// compileExpr compiles an expression with those names, or those of a row if they are nil.
func compileExpr(param string, s graph.Script, names func(syntax.Expr) map[string]bool) (*Expr, error) {
	p := &Program{source: source{param, s}}
	if line, col, err := checkDepth(s.Text); err != nil {
		return nil, p.mistakes(&graph.ParamError{Param: param, Line: line, Col: col, Msg: err.Error()})
	}
	tree, err := options().ParseExpr(param, s.Text, 0)
	if err != nil {
		return nil, p.mistakes(p.explain(err)...)
	}
	e, err := compileTree(p.source, tree, names(tree))
	if err != nil || e.rowless {
		return e, err
	}
	again, err := options().ParseExpr(param, s.Text, 0) // the first tree was rewritten
	if err == nil {
		r := rewriter{prog: p}
		e.kernel = kernelOf(e.hoist(r.bind(again)))
	}
	return e, err
}

// compileTree compiles an expression, which it rewrites, for the interpreter.
func compileTree(s source, tree syntax.Expr, known map[string]bool) (*Expr, error) {
	p := &Program{source: s}
	r := rewriter{prog: p, known: known}
	body := r.expr(r.bind(tree))
	if len(r.errs) > 0 {
		return nil, p.mistakes(r.errs...)
	}
	e := &Expr{source: s, names: r.names, refs: p.refs, rowless: known != nil}
	if err := e.load(body); err != nil {
		return nil, p.mistakes(p.explain(err)...)
	}
	return e, nil
}

// Refs returns the names of the nodes that the expression reads with op('name'), each once, as
// [graph.Referrer] wants them.
func (e *Expr) Refs() []string { return slices.Clone(e.refs) }

// Timed reports whether the expression reads the frame or the time.
func (e *Expr) Timed() bool {
	return slices.Contains(e.names, "frame") || slices.Contains(e.names, "time")
}

// Follow is to be called by an operator before it looks at its inputs in c: if a table that the
// expression reads with op has changed, they are given anew, as [graph.Cook.Restart] says.
func (e *Expr) Follow(c *graph.Cook) {
	moved := false
	for i := range e.refs {
		v := c.Ref(e.FirstRef + i).Version()
		if i == len(e.read) {
			e.read = append(e.read, v)
		}
		moved = moved || e.read[i] != v
		e.read[i] = v
	}
	if moved {
		c.Restart()
	}
}

// load makes body, whose free names are e.names, a function with them as its parameters.
func (e *Expr) load(body syntax.Expr) error {
	file, err := options().Parse(e.param, "def expression():\n    return 0\n", 0)
	if err != nil {
		return err
	}
	def := file.Stmts[0].(*syntax.DefStmt)
	for _, name := range e.names {
		def.Params = append(def.Params, &syntax.Ident{NamePos: def.Lparen, Name: name})
	}
	def.Body[0].(*syntax.ReturnStmt).Result = body
	code, err := starlark.FileProgram(file, expressionNames.Has)
	if err != nil {
		return err
	}
	globals, err := code.Init(&e.thread, expressionNames)
	if err != nil {
		return err
	}
	e.fn = globals["expression"].(*starlark.Function)
	e.args = make([]starlark.Value, len(e.names))
	e.thread.SetMaxExecutionSteps(MaxSteps)
	e.thread.OnMaxSteps = func(t *starlark.Thread) {
		e.spent = true
		t.Cancel(ErrSteps.Error())
	}
	return nil
}

// Eval returns the expression's value for a row, in c. Text in it may share the row's memory. A
// number is an int64 or a float64. An error is an [*Error].
func (e *Expr) Eval(c *graph.Cook, row table.Row) (table.Value, error) {
	if e.kernel != nil {
		s, b := row.Block()
		if v, ok := e.value(e.over(c, s, b), 0); ok {
			return v, nil
		}
	}
	return e.compute(c, row)
}

// compute is Eval by the interpreter.
func (e *Expr) compute(c *graph.Cook, row table.Row) (table.Value, error) {
	v, err := e.interpret(c, row)
	if err != nil {
		return table.Value{}, err
	}
	cell, err := Cell(v)
	if err != nil {
		return table.Value{}, e.failure("", err)
	}
	return cell, nil
}

// Test reports whether the expression's value for a row, in c, is true, as Python has it: nil, zero
// and what is empty are not. An error is an [*Error].
func (e *Expr) Test(c *graph.Cook, row table.Row) (bool, error) {
	if e.kernel != nil {
		s, b := row.Block()
		if v := e.verdict(e.over(c, s, b), 0); v != ask {
			return v == yes, nil
		}
	}
	return e.ask(c, row)
}

// ask is Test by the interpreter.
func (e *Expr) ask(c *graph.Cook, row table.Row) (bool, error) {
	v, err := e.interpret(c, row)
	if err != nil {
		return false, err
	}
	return bool(v.Truth()), nil
}

// interpret lets Starlark evaluate the expression.
func (e *Expr) interpret(c *graph.Cook, row table.Row) (v starlark.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &graph.PanicError{Value: p, Stack: debug.Stack()}
		}
		e.in.cook = nil
		if err != nil {
			v, err = nil, e.fail(err)
		}
	}()
	e.in.cook, e.in.pure, e.in.env.Peer = c, true, e.Peer
	e.current = rowValue{row, e.peer}
	e.thread.Steps, e.spent = 0, false
	e.thread.Uncancel()
	for i, name := range e.names {
		e.args[i] = e.named(c, row, name)
	}
	return starlark.Call(&e.thread, e.fn, e.args, nil)
}

func (e *Expr) fail(err error) error {
	f := e.failure("", err)
	f.Calls = nil
	if e.spent || errors.Is(err, ErrSteps) {
		f.Msg, f.Err = ErrSteps.Error(), ErrSteps
	}
	return f
}

// named returns what a name of the expression stands for.
func (e *Expr) named(c *graph.Cook, row table.Row, name string) starlark.Value {
	switch name {
	case "row":
		return &e.current
	case "frame":
		return starlark.MakeInt64(c.Frame)
	case "time":
		return starlark.Float(c.Time.Seconds())
	}
	if node, ok := strings.CutPrefix(name, nodePrefix); ok {
		return &Dat{in: &e.in, ref: e.refOf(node)}
	}
	if e.rowless {
		return starlark.None // the expression binds it itself
	}
	return fromCell(row.Get(name), e.peer)
}

// refOf returns the index of a node among the references of the node that cooks.
func (e *Expr) refOf(node string) int {
	if e.parent != nil {
		return e.parent.refOf(node)
	}
	return e.FirstRef + slices.Index(e.refs, node)
}

func (e *Expr) peer(p table.Peer) starlark.Value { return &peerValue{&e.in, p} }

// A rowValue is the row in an expression: row['x y'] is a cell, None if there is no such column.
type rowValue struct {
	row  table.Row
	peer func(table.Peer) Value
}

func (r *rowValue) String() string        { return "row" }
func (r *rowValue) Type() string          { return "row" }
func (r *rowValue) Freeze()               {}
func (r *rowValue) Truth() starlark.Bool  { return true }
func (r *rowValue) Hash() (uint32, error) { return 0, errors.New("unhashable type: row") }

// Get implements row[name].
func (r *rowValue) Get(key starlark.Value) (starlark.Value, bool, error) {
	name, ok := key.(starlark.String)
	if !ok {
		return nil, false, errors.New("a column is named by text, as row['x y']")
	}
	return fromCell(r.row.Get(string(name)), r.peer), true, nil
}
