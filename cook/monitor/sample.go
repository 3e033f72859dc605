package monitor

import (
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// A sample is how the engine was at one moment.
type sample struct {
	graph.Moment
	seq        uint64 // counts samples
	wall       time.Time
	stats      cook.Stats
	generation uint64 // of the graph
	states     []nodeState
	failing    int
}

// A nodeState is a node as JSON.
type nodeState struct {
	count   count
	state   string
	json    []byte
	changed uint64 // the sample in which it changed last
}

// take copies what is wanted, between two frames.
func (h *hub) take(p cook.Peek) {
	h.taken.Moment, h.taken.stats = p.Moment, p.Stats
	if p.Version != h.taken.generation || len(p.Nodes) != len(h.nodes) {
		h.taken.generation = p.Version
		h.know(p)
		h.stripped.reset() // they are of other nodes
	}
	for i, n := range p.Nodes {
		h.counts[i] = countOf(p, i, n)
	}
	if h.countsPeers() {
		for i, n := range p.Nodes {
			h.ops[i] = n.Operator()
		}
	}
	h.hearing, h.heard = h.heard, h.hearing
	h.stripped, h.frames = h.frames, h.stripped
	left := budget{totalCells, totalText}
	for _, t := range h.order {
		if t.node != nil {
			t.take(&left)
		}
	}
	if left.cells <= 0 || left.text <= 0 {
		h.takeTurns()
	}
}

// takeTurns has another tail be the first the next time.
func (h *hub) takeTurns() {
	first := h.order[0]
	copy(h.order, h.order[1:])
	h.order[len(h.order)-1] = first
}

// know looks at a graph that is new.
func (h *hub) know(p cook.Peek) {
	h.nodes = append(h.nodes[:0], p.Nodes...)
	h.counts = make([]count, len(p.Nodes))
	h.inputs = make([][]int, len(p.Nodes))
	h.ops, h.peers = make([]graph.Operator, len(p.Nodes)), make([]int, len(p.Nodes))
	for i, n := range p.Nodes {
		for _, in := range n.Inputs() {
			if j, ok := p.Index(in); ok {
				h.inputs[i] = append(h.inputs[i], j)
			}
		}
	}
}

// publish tells the viewers what was taken, and reports whether it is of another graph than before.
func (h *hub) publish() (renewed bool) {
	for i, n := range h.nodes {
		h.complete(i, n)
	}
	h.taken.wall = time.Now()
	h.tell()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.taken.seq++
	h.logAll()
	h.logFrames()
	renewed = h.generation != h.taken.generation || len(h.states) != len(h.nodes)
	h.showAll(renewed)
	for _, t := range h.order {
		if t.publish(h.seq); t.node == nil && !renewed {
			t.lose()
		}
	}
	for v := range h.viewers {
		v.wake()
	}
	return renewed
}

// showAll makes the sample that was taken the one that viewers are told.
func (h *hub) showAll(renewed bool) {
	states := h.states
	if renewed {
		states = make([]nodeState, len(h.nodes))
	}
	h.sample = h.taken
	h.states, h.failing = states, 0
	for i := range states {
		if h.counts[i].failing {
			h.failing++
		}
		h.show(i)
	}
}

// peersEvery is how many samples lie between two counts of peers.
const peersEvery = 10

func (h *hub) countsPeers() bool { return h.m.config.NumPeers != nil && h.taken.seq%peersEvery == 0 }

// complete adds what any goroutine may ask a node.
func (h *hub) complete(i int, n *graph.Node) {
	c := &h.counts[i]
	if h.countsPeers() {
		h.peers[i] = h.m.config.NumPeers(h.ops[i])
	}
	c.peers = h.peers[i]
	if in := n.Inbox(); in != nil {
		c.events = in.Stats().Events
	}
	c.lost = n.Lost()
	if t := h.tails[n.String()]; t != nil {
		c.watchers = t.viewers
	}
}

// show makes JSON of node i, if it has changed.
func (h *hub) show(i int) {
	s, c := &h.states[i], &h.counts[i]
	state := c.state(h.counts, h.inputs[i])
	if s.count == *c && s.state == state {
		return
	}
	s.count, s.state, s.changed = *c, state, h.seq
	s.json = c.appendNode(s.json[:0], i, state)
}
