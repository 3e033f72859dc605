package monitor

import (
	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Limits of what is heard from one sample to the next. What is over them is lost to viewers, the oldest first.
const (
	maxHeard     = 8 << 10
	maxHeardText = 1 << 20 // bytes
	maxHeardCut  = 2 << 10 // of one cut
	maxHead      = 1 << 10 // bytes of a message that are kept
)

// A Message is one that a node has received or sent, for [Config.Describe].
type Message struct {
	Op   graph.Operator // of the node
	Sent bool
	Verb graph.Verb // of one that was sent
	Data []byte     // the first kilobyte; not to be kept
	Size int        // bytes, of all
}

// A heard message is one as it was when it was received or sent.
type heard struct {
	node string
	op   graph.Operator
	sent bool
	kind graph.EventKind
	verb graph.Verb
	at   graph.Moment
	wall int64      // ns since 1970; of what was sent, when the hub has heard of it
	peer table.Peer // of what was received
	to   graph.Sink // of what was sent
	from int        // of its head, in the arena
	head int        // bytes of it
	size int
	rows table.Range
	err  error
}

// A hearing is what was heard since the last sample. The goroutine that cooks fills it.
type hearing struct {
	list   []heard
	arena  []byte
	missed uint64
}

func (h *hearing) reset() {
	clear(h.list)
	h.list, h.arena, h.missed = h.list[:0], h.arena[:0], 0
}

func (h *hearing) add(m heard, data []byte) {
	if len(h.list) >= maxHeard || len(h.arena) >= maxHeardText {
		missed := h.missed + uint64(len(h.list))
		h.reset()
		h.missed = missed
	}
	m.size, m.from, m.head = len(data), len(h.arena), min(len(data), maxHead)
	h.arena = append(h.arena, data[:m.head]...)
	h.list = append(h.list, m)
}

// cut hears what a node has received.
func (h *hearing) cut(n *graph.Node, at graph.Moment, events, refused []graph.Event) {
	if many := len(events) - maxHeardCut; many > 0 {
		h.missed += uint64(many)
		events = events[many:]
	}
	for len(events) > 0 || len(refused) > 0 {
		if len(refused) > 0 && (len(events) == 0 || refused[0].Seq < events[0].Seq) {
			h.receive(n, at, &refused[0])
			refused = refused[1:]
		} else {
			h.receive(n, at, &events[0])
			events = events[1:]
		}
	}
}

func (h *hearing) receive(n *graph.Node, at graph.Moment, e *graph.Event) {
	h.add(heard{
		node: n.String(), op: n.Operator(), kind: e.Kind, at: at, wall: e.Time, peer: e.Peer, rows: e.Rows, err: e.Err,
	}, e.Data)
}

// sent hears what a node sends. The verb of what has no payload is an order, not a message.
func (h *hearing) sent(n *graph.Node, at graph.Moment, to graph.Sink, verb graph.Verb, payload []byte) {
	if len(payload) > 0 {
		h.add(heard{node: n.String(), op: n.Operator(), sent: true, verb: verb, at: at, to: to}, payload)
	}
}

// tap returns what hears those nodes for the hub.
func (h *hub) tap(nodes func(n *graph.Node) bool) *cook.Tap {
	return &cook.Tap{
		Nodes: nodes,
		Cut: func(n *graph.Node, at graph.Moment, events, refused []graph.Event) {
			h.hearing.cut(n, at, events, refused)
		},
		Sent: func(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
			h.hearing.sent(n, n.Tally().Cooked, to, verb, payload)
		},
	}
}
