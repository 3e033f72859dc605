package graphtest

import (
	"time"

	"linecook.dev/linecook/graph"
)

// Frame cooks every active node of g once, inputs first, as an engine at 60 frames a second would
// if all were dirty: what has arrived is cut first, and what was posted is sent last.
func Frame(g *graph.Graph, frame int64) {
	at := graph.Moment{Frame: frame, Time: time.Duration(frame-1) * time.Second / 60}
	for n := range g.Nodes() {
		if n.Inbox() != nil && n.Active() {
			n.Cut(at)
		}
	}
	done := map[*graph.Node]bool{}
	for n := range g.Nodes() {
		cook(n, at, done)
	}
	for n := range g.Nodes() {
		n.Flush(at)
		n.Release()
	}
}

func cook(n *graph.Node, at graph.Moment, done map[*graph.Node]bool) {
	if done[n] {
		return
	}
	done[n] = true
	for _, in := range append(n.Inputs(), n.Refs()...) {
		cook(in, at, done)
	}
	if n.Due(); n.Active() && n.Prepare(at.Frame, at.Time) {
		_, _, _ = n.Run(at.Frame, at.Time) // the error is shown on the node
	}
}
