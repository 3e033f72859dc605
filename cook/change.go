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
