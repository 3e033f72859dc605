package ops

import (
	"context"
	"errors"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// Execute calls functions of a script, or Go functions, or both, the Go function first: when the patch
// starts and ends, in every frame, and when an input changes. Their errors, and panics, are shown on the
// node and stop nothing. What they send goes out at the end of the frame.
type Execute struct {
	Callbacks graph.Script `help:"Starlark script with the functions to call: onStart(), onExit(), onFrameStart(frame), onFrameEnd(frame), onRowAppended(dat, rowIndex), onTableChange(dat), onSizeChange(dat); in a patch it stands beside the operator, as text or as the name of a .star file"`

	OnStart       func(c *graph.Cook) error // before all else
	OnFrameStart  func(c *graph.Cook) error // in every frame, once the node's inputs have cooked
	OnRowAppended func(c *graph.Cook, t InputChange) error
	OnTableChange func(c *graph.Cook, t InputChange) error // once for each input that changed in a frame
	OnSizeChange  func(c *graph.Cook, t InputChange) error // the input has more or fewer rows or columns
	OnFrameEnd    func(c *graph.Cook) error                // in every frame, when all has cooked and was sent
	OnExit        func(c *graph.Cook) error                // after all else

	program  *script.Program
	byFrame  bool // something is called in every frame
	byRow    bool // something is called for each row
	instance *script.Instance
	dats     []*script.Dat // of the inputs
	sizes    []tableSize
	begun    bool
	ended    bool
	err      error // of the script's start: it is not tried again
}

// An InputChange is an input of an Execute that changed.
type InputChange struct {
	Input    *graph.Node
	View     table.View // for OnRowAppended as of that row, which is the last one
	RowIndex int        // of the row that was appended, in View, counted from 0; otherwise -1
}

type tableSize struct{ rows, columns int }

var executeCallbacks = []string{"onStart", "onExit", "onFrameStart", "onFrameEnd", "onRowAppended", "onTableChange", "onSizeChange"}

// Describe implements [graph.Describer].
func (*Execute) Describe() graph.Description {
	return graph.Description{
		Name: "execute", Help: "Calls functions when the patch starts and ends, in every frame, and when an input changes.",
		Inputs: graph.Arity{Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Check implements [graph.Checker].
func (x *Execute) Check() (err error) {
	x.program, err = compileCallbacks(x.Callbacks, executeCallbacks)
	x.byFrame = x.OnFrameStart != nil || x.defines("onFrameStart")
	x.byRow = x.OnRowAppended != nil || x.defines("onRowAppended")
	return err
}

// Refs implements [graph.Referrer].
func (x *Execute) Refs() []string {
	if x.program == nil {
		return nil
	}
	return x.program.Refs()
}

// Effect implements [graph.Effect].
func (*Execute) Effect() bool { return true }

// EveryFrame implements [graph.Ticker].
func (x *Execute) EveryFrame() bool { return x.byFrame }

func (x *Execute) defines(callback string) bool {
	return x.program != nil && slices.ContainsFunc(x.program.Functions(), func(f script.Function) bool { return f.Name == callback })
}

// Start implements [graph.Starter]: an engine may be closed and started again.
func (x *Execute) Start(context.Context, *graph.Node) error {
	x.begun, x.ended = false, false
	return nil
}

// StartOffline implements [graph.OfflineStarter].
func (x *Execute) StartOffline(*graph.Node) { x.begun, x.ended = false, false }

// Adopt implements [graph.Adopter]: what has started goes on, unless the script has changed.
func (x *Execute) Adopt(old graph.Operator) error {
	was := old.(*Execute)
	if !x.Callbacks.Same(was.Callbacks) {
		return errors.New("the script has changed")
	}
	x.program, x.instance, x.err = was.program, was.instance, was.err
	x.dats, x.sizes, x.begun, x.ended = was.dats, was.sizes, was.begun, was.ended
	return nil
}

// Cook implements [graph.Operator].
func (x *Execute) Cook(c *graph.Cook) error {
	if x.ended {
		return nil
	}
	if !x.begun {
		x.begin(c)
	}
	x.call(c, "onFrameStart", x.OnFrameStart, script.Int(int(c.Frame)))
	for i := range c.NumInputs() {
		x.input(c, i)
	}
	return x.err
}

// begin starts the script.
func (x *Execute) begin(c *graph.Cook) {
	x.begun = true
	x.dats, x.sizes = make([]*script.Dat, c.NumInputs()), make([]tableSize, c.NumInputs())
	if x.program != nil && x.instance == nil && x.err == nil {
		x.instance, x.err = x.program.Start(c, script.Env{Slow: slowCallback(c.Node().Logger(), c.Node().Counter("slowcallbacks"))})
	}
	if x.instance != nil {
		for i, n := range c.Node().Inputs() {
			x.dats[i] = x.instance.Other(n)
		}
	}
	x.call(c, "onStart", x.OnStart)
}

// call calls back for something that is of no input.
func (x *Execute) call(c *graph.Cook, name string, f func(*graph.Cook) error, args ...script.Value) {
	if f != nil {
		c.Try(func() error { return f(c) })
	}
	x.script(c, name, args...)
}

func (x *Execute) script(c *graph.Cook, name string, args ...script.Value) {
	if x.instance == nil || !x.instance.Has(name) {
		return
	}
	if _, err := x.instance.Call(c, name, args...); err != nil {
		c.Report(err)
	}
}

// input calls back for what changed in an input.
func (x *Execute) input(c *graph.Cook, i int) {
	d := c.In(i)
	if d.Empty() {
		return
	}
	t := InputChange{Input: c.Node().Inputs()[i]}
	if x.byRow {
		for row := range d.NewRows() {
			t.View = d.AsOf(row.Number())
			t.RowIndex = t.View.NumRows() - 1
			x.changed(c, i, "onRowAppended", x.OnRowAppended, t, script.Int(t.RowIndex))
		}
	}
	t.View, t.RowIndex = *d.View, -1
	if size := (tableSize{t.View.NumRows(), t.View.Schema().Len()}); size != x.sizes[i] {
		x.sizes[i] = size
		x.changed(c, i, "onSizeChange", x.OnSizeChange, t)
	}
	x.changed(c, i, "onTableChange", x.OnTableChange, t)
}

func (x *Execute) changed(c *graph.Cook, i int, name string, f func(*graph.Cook, InputChange) error, t InputChange, args ...script.Value) {
	if f != nil {
		c.Try(func() error { return f(c, t) })
	}
	if dat := x.dats[i]; dat != nil {
		dat.Show(t.View)
		x.script(c, name, append([]script.Value{dat}, args...)...)
	}
}

// Look implements [graph.Looker]: the frame ends.
func (x *Execute) Look(s graph.Sight) bool {
	if x.begun && !x.ended {
		x.call(s.Cook, "onFrameEnd", x.OnFrameEnd, script.Int(int(s.Frame)))
	}
	return false
}

// End implements [graph.Ender].
func (x *Execute) End(c *graph.Cook) {
	if x.begun && !x.ended {
		x.call(c, "onExit", x.OnExit)
	}
	x.ended = true
}
