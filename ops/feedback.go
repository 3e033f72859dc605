package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Feedback has the table that its target had at the end of the last frame, so that it can be read by what
// makes that table. The target is its first input.
type Feedback struct {
	Target string      `help:"the node whose table of the last frame this is; the inputs are those with the rows to begin with, then. Without it the first input is the target"`
	Reset  graph.Pulse `help:"start anew, with the rows to begin with, or without any"`

	linear
	state feedbackState
}

// A feedbackState says what a Feedback's table is made of.
type feedbackState uint8

const (
	feedbackNew     feedbackState = iota // nothing yet
	feedbackAnew                         // nothing any more
	feedbackInitial                      // the second input, or nothing
	feedbackTarget                       // the first input
)

// Describe implements [graph.Describer].
func (*Feedback) Describe() graph.Description {
	return graph.Description{
		Name: "feedback", Help: "Has the table that another node, its target, had at the end of the last frame, and may be read by what makes that. It begins with the rows of a further input, if it has one.",
		Inputs: graph.Arity{Min: 1, Max: 2}, Class: graph.ClassLinear,
	}
}

// TargetName implements [graph.Targeter].
func (f *Feedback) TargetName() string { return f.Target }

// Check implements [graph.Checker].
func (f *Feedback) Check() error {
	if f.Target == "" {
		return nil
	}
	return ofParam("target", graph.CheckRef(f.Target))
}

// Lags implements [graph.Lagger].
func (*Feedback) Lags() bool { return true }

// Pulse implements [graph.Pulser]: reset.
func (f *Feedback) Pulse(n *graph.Node, _ string) {
	f.state = feedbackAnew
	n.Touch()
}

// Cook implements [graph.Operator].
func (f *Feedback) Cook(c *graph.Cook) error {
	was := f.state
	if was == feedbackAnew || was == feedbackNew && c.NumInputs() == 2 {
		f.begin(c)
		return nil
	}
	f.state = feedbackTarget
	d := c.In(0)
	d.Reset = d.Reset || was != feedbackTarget
	if d.Reset && f.settled(c.Node().Table(), d) {
		return nil
	}
	old, fresh := d.Renew()
	f.cookRows(c, f, d, old, fresh)
	return nil
}

// begin makes the table that of the second input. In the next frame it is that of the first one again,
// whether that changes or not.
func (f *Feedback) begin(c *graph.Cook) {
	f.state = feedbackInitial
	c.Wake(c.Time + 1)
	if c.NumInputs() < 2 {
		c.Out().Reset()
		f.source.reset()
		return
	}
	d := c.In(1)
	d.Reset = true
	old, fresh := d.Renew()
	f.cookRows(c, f, d, old, fresh)
}

// settled reports whether the table holds all that the input does, although that was written anew. It
// notes where its rows come from then.
func (f *Feedback) settled(own *table.Table, d table.Delta) bool {
	if own.Schema().Len() != d.Schema().Len() || own.NumRows() != d.NumRows() || f.schema == nil {
		return false
	}
	for i, name := range d.Schema().Names() {
		if own.Schema().Name(i) != name {
			return false
		}
	}
	for i := range own.NumRows() {
		if !sameCells(own.Row(own.At(i)), d.Row(d.At(i))) {
			return false
		}
	}
	f.source.reset()
	for i := range own.NumRows() {
		f.source.add(own.At(i), d.At(i), 1)
	}
	return true
}

// sameCells reports whether two rows of as many columns are the same.
func sameCells(a, b table.Row) bool {
	for col := range a.Len() {
		if !a.Cell(col).Equal(b.Cell(col)) {
			return false
		}
	}
	return true
}

func (f *Feedback) columns(_ *graph.Cook, d table.Delta, w *table.Writer) { f.copyAll(d, w) }
