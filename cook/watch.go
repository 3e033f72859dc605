package cook

import (
	"errors"
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A watcher is told of every change of one node's table.
type watcher struct {
	node *graph.Node
	cur  *table.Cursor // nil once the watcher is gone, and if it is told nothing
	told func(frame int64, d table.Delta)
}

// demands reports whether the watcher's node is wanted for it.
func (w *watcher) demands() bool { return w.told == nil || w.cur != nil }

// Observe calls f at the end of every frame in which the table of n changed, with what changed. n
// is wanted from now on. f is called by the goroutine that cooks: it must not wait, nor call methods
// of the engine or stop. The delta is valid until it returns. If f panics that is logged, and f is
// called no more. Call stop to end it.
func (e *Engine) Observe(n *graph.Node, f func(frame int64, d table.Delta)) (stop func()) {
	w := &watcher{node: n, told: f}
	e.Do(func(*graph.Graph) {
		w.cur = n.Table().Reader()
		e.watchers = append(e.watchers, w)
		e.plan.stale = true
	})
	return func() {
		e.Do(func(*graph.Graph) { e.unwatch(w) })
	}
}

func (e *Engine) unwatch(w *watcher) {
	e.watchers = slices.DeleteFunc(e.watchers, func(o *watcher) bool { return o == w })
	w.detach()
	e.plan.stale = true
}

// observed returns the nodes that have a watcher, and those that are wanted as if they had one.
func (e *Engine) observed() map[*graph.Node]bool {
	nodes := make(map[*graph.Node]bool, len(e.watchers))
	for _, w := range e.watchers {
		if w.demands() {
			nodes[w.node] = true
		}
	}
	if e.config.Wants == nil {
		return nodes
	}
	for n := range e.g.Nodes() {
		if e.config.Wants(n) {
			nodes[n] = true
		}
	}
	return nodes
}

// tellWatched tells of nodes that have come to be observed since the engine was started, or are no more.
func (e *Engine) tellWatched(now map[*graph.Node]bool) {
	before := e.watched
	if e.watched = now; before == nil {
		return
	}
	e.tellWatch(before, now, graph.Off)
	e.tellWatch(now, before, graph.On)
}

// tellWatch tells of nodes that are in one set and not in the other.
func (e *Engine) tellWatch(in, out map[*graph.Node]bool, to graph.Toggle) {
	var nodes []*graph.Node
	for n := range in {
		if !out[n] {
			nodes = append(nodes, n)
		}
	}
	slices.SortFunc(nodes, func(a, b *graph.Node) int { return strings.Compare(a.String(), b.String()) })
	for _, n := range nodes {
		e.changed(graph.Change{Kind: graph.ChangeWatch, Node: n.Path(), Value: to.String()})
	}
}

// follow reads the table that an edit has put in the place of another: it is told as a whole.
func (w *watcher) follow() {
	if t := w.node.Table(); w.cur != nil && w.cur.Table() != t {
		w.detach()
		w.cur = t.Reader()
		w.cur.Forget()
	}
}

// tell hands the watcher what changed.
func (e *Engine) tell(w *watcher) {
	if w.cur == nil || !w.cur.Changed() {
		return
	}
	err := graph.Guard(func() error {
		w.told(e.frame, w.cur.Delta())
		return nil
	})
	if p, ok := errors.AsType[*graph.PanicError](err); ok {
		e.config.Logger.Error("observer", "node", w.node.String(), "err", err, "stack", string(p.Stack))
		w.detach()
		return
	}
	w.cur.Advance()
}

func (w *watcher) detach() {
	if w.cur != nil {
		w.cur.Detach()
		w.cur = nil
	}
}
