package cook

import "linecook.dev/linecook/graph"

// Edit changes the graph between two frames, as [graph.Graph.Edit] does. New nodes are opened, and
// those that are gone are closed.
func (e *Engine) Edit(f func(*graph.Edit)) (err error) {
	e.Do(func(g *graph.Graph) {
		var edit *graph.Edit
		err = g.Edit(func(x *graph.Edit) {
			edit = x
			f(x)
		})
		if err != nil {
			return
		}
		for c := range edit.Changes() {
			e.changed(c)
		}
	})
	return err
}

// A Desk is an engine's graph at the beginning of a frame. It is valid until the function that it was given to
// returns.
type Desk struct {
	*graph.Graph
	e *Engine
}

// Pulse is [Engine.Pulse].
func (d Desk) Pulse(n *graph.Node, param string) error { return d.e.pulse(n, param) }

// AtCut has f called when the next frame begins, before anything is cut: where calls come that reach an engine
// while it runs. It is for stepping by hand. A panic of f is that of the step.
func (e *Engine) AtCut(f func(Desk)) {
	e.bell.call(func() {
		if err := e.call(func(g *graph.Graph) { f(Desk{g, e}) }); err != nil {
			panic(err)
		}
		e.plan.stale = true
	})
}

// changed tells of a change, and in which frame it is seen first.
func (e *Engine) changed(c graph.Change) {
	if e.config.Changed == nil {
		return
	}
	at := e.moment()
	if !e.inFrame {
		at = graph.Moment{Frame: e.frame + 1, Time: max(e.time, e.frameTime(e.frame+1))}
	}
	e.config.Changed(at, c)
}
