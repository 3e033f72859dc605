package monitor

import (
	"context"
	"slices"
	"sync"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// Limits of the feed.
const (
	maxViewers  = 64
	sampleEvery = 50 * time.Millisecond
)

// A hub samples the engine for all viewers together, as long as there is one that wants something.
type hub struct {
	m    *Monitor
	peek func(cook.Peek) // bound once

	changed chan struct{} // holds a token when wishes have changed
	buffers sync.Pool     // of messages

	mu      sync.Mutex
	viewers map[*viewer]struct{}
	sample                   // what viewers are told
	tails   map[string]*tail // that are watched, by path
	raws    map[string]*rawLog
	logs    map[logKey]*msgLog

	frameLog     frameLog
	reasons      map[string]string // why nodes have cooked last, by path, since frames are traced
	reasonsUntil time.Time

	// Of the goroutine that samples, and of the one that cooks while it waits.
	order  []*tail // whose turn it is
	taken  sample  // what is being taken
	counts []count
	nodes  []*graph.Node
	inputs [][]int          // of each node
	ops    []graph.Operator // of each node, as of the last count of peers
	peers  []int            // of each node
	tapped string           // which nodes are heard, in words; empty for none

	hearing hearing // of the goroutine that cooks
	heard   hearing // of the one that samples
	told    []telling
	heardN  uint64 // how many messages were heard

	tracing  bool  // the engine tells of its frames
	stripped strip // of the goroutine that cooks
	frames   strip // of the one that samples
}

func newHub(m *Monitor) *hub {
	h := &hub{
		m: m, changed: make(chan struct{}, 1), viewers: map[*viewer]struct{}{}, tails: map[string]*tail{},
		raws: map[string]*rawLog{}, logs: map[logKey]*msgLog{}, reasons: map[string]string{},
	}
	h.peek = h.take
	h.buffers.New = func() any { return new([]byte) }
	return h
}

// run samples until ctx ends.
func (h *hub) run(ctx context.Context) {
	defer h.release()
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for h.awaitWish(ctx) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.followChanged()
			h.expire()
			if err := graph.Guard(h.look); err != nil { // the show goes on
				h.m.config.Logger.Error("monitor", "err", err)
			}
		}
	}
}

// followChanged follows what was wished since the sample before, however often that was.
func (h *hub) followChanged() {
	select {
	case <-h.changed:
		h.follow()
	default:
	}
}

// look takes a sample, and tells the viewers.
func (h *hub) look() error {
	h.m.engine.Peek(h.peek)
	if h.publish() {
		h.meetAgain()
	}
	return nil
}

// awaitWish returns when a viewer wants something; false if ctx has ended.
func (h *hub) awaitWish(ctx context.Context) bool {
	for !h.isWanted() {
		h.expire()
		select {
		case <-ctx.Done():
			return false
		case <-h.changed:
			h.follow()
		}
	}
	return ctx.Err() == nil
}

// expire ends what was asked for a while.
func (h *hub) expire() {
	h.mu.Lock()
	over := h.tracing && time.Now().After(h.reasonsUntil)
	h.mu.Unlock()
	if over {
		h.trace()
	}
}

func (h *hub) isWanted() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for v := range h.viewers {
		if !v.wish.empty() {
			return true
		}
	}
	return time.Now().Before(h.reasonsUntil)
}

// A demand is what all viewers want of one node.
type demand struct{ rows, viewers int }

func (h *hub) wishes() map[string]demand {
	all := map[string]demand{}
	for v := range h.viewers {
		for _, w := range v.wish.Watch {
			d := all[w.Path]
			all[w.Path] = demand{max(d.rows, w.Rows), d.viewers + 1}
		}
	}
	return all
}

// follow makes the tails those that are wanted, and lets the engine know.
func (h *hub) follow() {
	gone, come := h.turnOver()
	for _, t := range gone {
		t.leave()
	}
	for _, t := range come {
		t.meet(h.m.engine, h.find(t.path))
	}
	h.listen()
	h.trace()
}

// turnOver makes the list of tails that of those that are wanted, and returns which are gone and which are
// new.
func (h *hub) turnOver() (gone, come []*tail) {
	h.mu.Lock()
	defer h.mu.Unlock()
	wishes := h.wishes()
	for _, t := range h.order {
		if wishes[t.path].viewers == 0 {
			delete(h.tails, t.path)
			gone = append(gone, t)
		}
	}
	h.order = slices.DeleteFunc(h.order, func(t *tail) bool { return h.tails[t.path] == nil })
	for path, w := range wishes {
		t := h.tails[path]
		if t == nil {
			t = &tail{path: path}
			h.tails[path], h.order, come = t, append(h.order, t), append(come, t)
		}
		t.void = t.void || w.rows > t.want
		t.want, t.viewers = w.rows, w.viewers
	}
	return gone, come
}

func (h *hub) find(path string) *graph.Node {
	for _, n := range h.nodes {
		if n.String() == path {
			return n
		}
	}
	return nil
}

// release takes all demands back.
func (h *hub) release() {
	for _, t := range h.order {
		t.leave()
	}
	h.deafen()
	if h.tracing {
		h.m.engine.SetTrace(nil)
	}
}

// meetAgain finds the watched nodes in a graph that is new.
func (h *hub) meetAgain() {
	for _, t := range h.order {
		if n := h.find(t.path); n != t.node {
			t.leave()
			t.meet(h.m.engine, n)
		}
	}
}
