package cook

import "linecook.dev/linecook/graph"

// A Peek is what an engine is like between two frames, for who looks at it from outside. It is valid
// until the function that it was given to returns; nothing it leads to may be changed.
type Peek struct {
	graph.Moment               // of the newest frame
	Stats        Stats         //
	Version      uint64        // of the graph; it moves with every edit
	Nodes        []*graph.Node // in the order in which they cook; empty before the engine is started

	e *Engine
}

// Wanted reports whether something asks for the table of node i.
func (p Peek) Wanted(i int) bool { return p.e.plan.wanted[i] }

// Dirty reports whether node i is going to cook in the next frame.
func (p Peek) Dirty(i int) bool { return p.e.dirty.has(i) }

// Watched reports whether node i is wanted since somebody outside of the graph watches it.
func (p Peek) Watched(i int) bool {
	for _, w := range p.e.watchers {
		if w.node == p.Nodes[i] && w.demands() {
			return true
		}
	}
	return false
}

// Readers returns which nodes read node i.
func (p Peek) Readers(i int) []int { return p.e.plan.next[i] }

// Index returns where n is among the nodes.
func (p Peek) Index(n *graph.Node) (i int, ok bool) {
	i, ok = p.e.plan.place(n)
	return i, ok
}

// Peek calls f between two frames, as Do does, but begins no frame for it: an idle engine stays idle.
// It waits as long as the frame that is being cooked. A panic of f is Peek's.
func (e *Engine) Peek(f func(Peek)) {
	if err := e.reach(e.bell.peek, func() error { return e.peek(f) }); err != nil {
		panic(err)
	}
}

func (e *Engine) peek(f func(Peek)) error {
	return graph.Guard(func() error {
		f(Peek{Moment: e.moment(), Stats: e.stats, Version: e.g.Version(), Nodes: e.plan.nodes, e: e})
		return nil
	})
}

// Want makes n wanted until stop is called, as Observe does, for who reads its table by Peek. It waits as
// Peek does.
func (e *Engine) Want(n *graph.Node) (stop func()) {
	w := &watcher{node: n}
	e.Peek(func(Peek) {
		e.watchers = append(e.watchers, w)
		e.plan.stale = true
	})
	e.bell.strike()
	return func() {
		e.Peek(func(Peek) { e.unwatch(w) })
		e.bell.strike()
	}
}
