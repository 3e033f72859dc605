package cook

import (
	"time"

	"linecook.dev/linecook/graph"
)

// Nodes that are cheap are timed together, since a look at the clock costs as much as they do.
const (
	cheap    = time.Microsecond
	together = 8
)

// A stopwatch measures how long the nodes of a frame take.
type stopwatch struct {
	last   time.Duration // when it was stopped last
	cooked int           // nodes since then
	each   bool          // each node is timed by itself
}

// suits reports whether n can be timed with those that have cooked since the watch was stopped.
func (w *stopwatch) suits(n *graph.Node) bool {
	return !w.each && n.Cost() < cheap && w.cooked < together || w.cooked == 0
}

// stop tells the nodes that have cooked since what each took: the same, if there are several.
func (w *stopwatch) stop(e *Engine) {
	if w.cooked == 0 {
		return
	}
	now := e.now()
	each := (now - w.last) / time.Duration(w.cooked)
	for _, i := range e.cooked[len(e.cooked)-w.cooked:] {
		e.plan.nodes[i].Took(each)
	}
	w.last, w.cooked = now, 0
}
