package cook

import (
	"time"

	"linecook.dev/linecook/graph"
)

// Edit changes the graph between two frames, as [graph.Graph.Edit] does. New nodes are opened, and
// those that are gone are closed. What had arrived at a node that gets another operator is cooked by the one
// before.
func (e *Engine) Edit(f func(*graph.Edit)) (err error) {
	e.Do(func(*graph.Graph) { err = e.edit(f, e.changed) })
	return err
}

func (e *Engine) edit(f func(*graph.Edit), tell func(graph.Change)) error {
	edit, err := e.g.Prepare(f)
	if err != nil {
		return err
	}
	defer e.settle(edit.Replacing())()
	edit.Apply()
	for c := range edit.Changes() {
		tell(c)
	}
	return nil
}

// settle cooks what has arrived at nodes, for an edit or a pulse. What comes from then on waits until resume is called,
// and counts from the next frame on.
func (e *Engine) settle(nodes []*graph.Node) (resume func()) {
	var resumes []func()
	began := time.Now()
	for _, n := range nodes {
		i, planned := e.plan.place(n)
		if n.Inbox() == nil || !planned || e.inQuarantine(i, n) {
			continue
		}
		resumes = append(resumes, n.Inbox().Hold())
		if e.inFrame {
			e.settled = append(e.settled, n)
		}
		for more := true; more; {
			more = e.cookArrived(i, n)
		}
	}
	e.settling += time.Since(began)
	return func() {
		for _, resume := range resumes {
			resume()
		}
	}
}

// cookArrived cooks what a cut takes at one node, and reports whether there is more.
func (e *Engine) cookArrived(i int, n *graph.Node) (more bool) {
	more, changed := n.Cut(e.moment())
	if changed {
		e.spread(i)
	}
	if !changed && !n.HasEvents() || !n.Prepare(e.frame, e.time) {
		return more
	}
	_, changed, _ = n.Run(e.frame, e.time) // the error is shown on the node
	if changed {
		e.spread(i)
	}
	n.Flush(e.moment())
	n.Release()
	return more
}

// A Desk is an engine's graph at the beginning of a frame. It is valid until the function that it was given to
// returns.
type Desk struct {
	*graph.Graph
	e *Engine
}

// Edit is [Engine.Edit], but for that nobody is told.
func (d Desk) Edit(f func(*graph.Edit)) error { return d.e.edit(f, func(graph.Change) {}) }

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
	if e.config.Changed != nil {
		e.config.Changed(e.effective(), c)
	}
}

// effective returns the frame that sees first what is done now.
func (e *Engine) effective() graph.Moment {
	if e.inFrame {
		return e.moment()
	}
	return graph.Moment{Frame: e.frame + 1, Time: max(e.time, e.frameTime(e.frame+1))}
}
