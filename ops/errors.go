package ops

import (
	"fmt"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Errors has a row for each failure of other nodes, from the frame after the one in which it was. Nodes
// that read this one, directly or not, are left out: a log that cannot be written would log that for ever.
type Errors struct {
	Op    []string `default:"/*" help:"patterns of the nodes to look at, as /stage/* or in*; a name without / is in the network of this node, and ^ before a pattern excepts; a * stands for / too"`
	Kinds []string `help:"only failures of these kinds: start, param, connect, cook, row, decode, send, write, read"`
	Window

	nodes   nodePattern
	node    *graph.Node            // itself; nil before the first cook
	began   int64                  // frame from which on it looks
	seen    map[*graph.Node]uint64 // the newest failure of a node that it has
	pending []errorRow             // until the next cook
	reads   map[*graph.Node]bool   // of one look: whether a node reads this one
}

// An errorRow is a row of the table to be.
type errorRow struct {
	graph.Failure
	node    string
	message string
	sample  string
}

// Bounds of errors.
const (
	maxErrorRows = 10_000  // of one frame
	maxErrorText = 4 << 10 // bytes of a message
)

// errorColumns are the columns of the table.
var errorColumns = []string{"time", "frame", "node", "kind", "message", "count", "row", "sample"}

// Describe implements [graph.Describer].
func (*Errors) Describe() graph.Description {
	return graph.Description{
		Name: "errors", Class: graph.ClassSource,
		Help: "A row for each failure of the patch's nodes, one frame later: time, frame, node, kind, message, count of failures that are told together; of a row that failed, its number and its cells as JSON (sample).",
	}
}

// Check implements [graph.Checker].
func (e *Errors) Check() (err error) {
	if e.nodes, err = parseNodePattern(e.Op); err != nil {
		return err
	}
	var errs []error
	for _, kind := range e.Kinds {
		if !slices.Contains(slices.Collect(graph.FaultKinds()), kind) {
			msg := fmt.Sprintf("%q is no kind of failure%s", kind, graph.DidYouMean(kind, graph.FaultKinds()))
			errs = append(errs, &graph.ParamError{Param: "kinds", Msg: msg})
		}
	}
	return checkAll(errs...)
}

// Adopt implements [graph.Adopter]: what has failed before is not told again.
func (e *Errors) Adopt(old graph.Operator) error {
	was := old.(*Errors)
	e.node, e.began, e.seen, e.pending = was.node, was.began, was.seen, was.pending
	return nil
}

// Look implements [graph.Looker].
func (e *Errors) Look(s graph.Sight) bool {
	if e.node == nil {
		return false
	}
	e.reads = map[*graph.Node]bool{e.node: true}
	for _, n := range s.Failed {
		if e.nodes.has(e.node.Path().Network(), n) && !e.isReader(n) {
			e.take(n)
		}
	}
	if len(e.seen) > 2*len(s.Nodes) {
		e.forget(s.Nodes)
	}
	return len(e.pending) > 0
}

// take keeps a node's failures since the last look.
func (e *Errors) take(n *graph.Node) {
	for f := range n.FailuresSince(e.seen[n]) {
		e.seen[n] = f.Seq
		switch {
		case f.Frame < e.began, len(e.Kinds) > 0 && !slices.Contains(e.Kinds, f.Kind.String()):
		case len(e.pending) == maxErrorRows:
			e.node.Loss("errors over 10000 in a frame").Add(f.Count)
		default:
			message := f.Err.Error()
			message = message[:min(len(message), maxErrorText)]
			e.pending = append(e.pending, errorRow{*f, n.String(), message, string(f.Sample)})
		}
	}
}

// isReader reports whether n reads this node, directly or not.
func (e *Errors) isReader(n *graph.Node) bool {
	reads, known := e.reads[n]
	if !known {
		e.reads[n] = false // until it is known
		up := slices.Concat(n.Inputs(), n.Refs())
		reads = slices.ContainsFunc(up, e.isReader)
		e.reads[n] = reads
	}
	return reads
}

// forget lets go of nodes that were removed.
func (e *Errors) forget(nodes []*graph.Node) {
	left := make(map[*graph.Node]uint64, len(nodes))
	for _, n := range nodes {
		if seq, ok := e.seen[n]; ok {
			left[n] = seq
		}
	}
	e.seen = left
}

// Outside implements [graph.Outsider].
func (*Errors) Outside() bool { return true }

// Cook implements [graph.Operator].
func (e *Errors) Cook(c *graph.Cook) error {
	if e.node == nil {
		e.node, e.began, e.seen = c.Node(), c.Frame, map[*graph.Node]uint64{}
	}
	w := c.Out()
	w.AddCols(errorColumns...)
	for i := range e.pending {
		e.pending[i].write(w)
	}
	e.pending = nil
	return nil
}

func (r *errorRow) write(w *table.Writer) {
	w.Row()
	w.SetFloat64(0, r.Time.Seconds())
	w.SetInt(1, r.Frame)
	w.SetString(2, r.node)
	w.SetString(3, r.Kind.String())
	w.SetString(4, r.message)
	w.SetInt(5, int64(r.Count))
	if r.sample != "" {
		w.SetInt(6, int64(r.Row))
		w.SetString(7, r.sample)
	}
}
