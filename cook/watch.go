package cook

import (
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A watcher is told of every change of one node's table.
type watcher struct {
	node *graph.Node
	cur  *table.Cursor
	told func(frame int64, d table.Delta)
}

// Observe calls f at the end of every frame in which the table of n changed, with what changed. n
// is wanted from now on. f is called by the goroutine that cooks and must not wait; the delta is
// valid until it returns. Call stop to end it.
func (e *Engine) Observe(n *graph.Node, f func(frame int64, d table.Delta)) (stop func()) {
	w := &watcher{node: n, told: f}
	e.Do(func(*graph.Graph) {
		e.watchers = append(e.watchers, w)
		e.plan.stale = true
	})
	return func() {
		e.Do(func(*graph.Graph) {
			e.watchers = slices.DeleteFunc(e.watchers, func(o *watcher) bool { return o == w })
			w.detach()
			e.plan.stale = true
		})
	}
}

func (e *Engine) isObserved(n *graph.Node) bool {
	return slices.ContainsFunc(e.watchers, func(w *watcher) bool { return w.node == n })
}

// tell hands the watcher what changed. A table that took the place of another is told as a whole.
func (w *watcher) tell(frame int64) {
	if t := w.node.Table(); w.cur == nil || w.cur.Table() != t {
		replaced := w.cur != nil
		w.detach()
		if w.cur = t.Reader(); replaced {
			w.cur.Forget()
		}
	}
	if w.cur.Changed() {
		w.told(frame, w.cur.Delta())
		w.cur.Advance()
	}
}

func (w *watcher) detach() {
	if w.cur != nil {
		w.cur.Detach()
		w.cur = nil
	}
}
