package peer

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/osc"
)

// A Handle is a Peer as one cook sees it, and is valid as long as that cook. What it sends is
// encoded and checked now, and is handed to the peer when the frame's cooks are done, in order. The
// peer is taken to be alive until its owner has cooked its Close event, and its queue to have the
// room it had when this cook first sent to it, less what the cook has sent since.
type Handle struct {
	*Peer
	cook *graph.Cook
}

// A view is what one node knows of a peer while it cooks, and what it did to it.
type view struct {
	node   *graph.Node
	frame  int64
	left   room   // in the queue
	seen   room   // left when the node first asked in this frame
	name   string // of the host, if the node has asked in this frame
	told   bool   // that there was too little room in this frame
	closed bool   // by this node
}

// In returns p as c sees it.
func (p *Peer) In(c *graph.Cook) Handle { return Handle{p, c} }

// Gone tells p that its owner has cooked its Close event: from now on every cook sees it closed. The
// connection itself is let go when what the cooks sent until now has gone out.
func (p *Peer) Gone(c *graph.Cook) {
	if !p.gone.Swap(true) {
		c.Post(p, verbGone, nil)
	}
}

// Send implements [Sender].
func (h Handle) Send(terminator string, messages ...string) (int, error) {
	return h.send(encodeText(h.via.scratches(), terminator, messages))
}

// SendBytes implements [Sender].
func (h Handle) SendBytes(messages ...any) (int, error) {
	return h.send(encodeBytes(h.via.scratches(), messages))
}

// SendOSC implements [Sender].
func (h Handle) SendOSC(o osc.Options, pairs ...osc.Pair) (int, error) {
	return h.send(encodeOSC(h.via.scratches(), o, h.via.longest(), pairs))
}

// SendPacket sends an OSC packet that is encoded already, as SendOSC does.
func (h Handle) SendPacket(packet []byte) (int, error) {
	s := newScratch(h.via.scratches(), VerbOSC)
	s.buf = append(s.buf, packet...)
	s.ends = append(s.ends, len(s.buf))
	return h.send(s)
}

// Close ends the connection, or forgets the datagram peer, after what was sent before. It is true
// the first time. Sends of this node fail with [ErrClosed] from then on.
func (h Handle) Close() bool {
	v := h.lock()
	defer h.mu.Unlock()
	if v.closed || h.gone.Load() {
		return false
	}
	v.closed = true
	h.cook.Post(h.Peer, VerbClose, nil)
	return true
}

// Alive reports whether sends of this cook can succeed.
func (h Handle) Alive() bool {
	v := h.lock()
	defer h.mu.Unlock()
	return !v.closed && !h.gone.Load()
}

func (h Handle) send(s *scratch) (int, error) {
	defer s.release()
	if s.err == nil {
		s.err = h.post(s)
	}
	if s.err != nil {
		h.failed.Add(1)
		return 0, s.err
	}
	return len(s.buf), nil
}

// post keeps what is in s for after the cook.
func (h Handle) post(s *scratch) error {
	if len(s.ends) == 0 {
		return nil
	}
	o := outgoing{verb: s.verb, buf: s.buf, ends: s.ends}
	bytes, longest := h.via.measure(o)
	if longest > h.via.longest() {
		return &SizeError{longest, h.via.longest()}
	}
	if err := h.reserve(o.count(), bytes); err != nil {
		return err
	}
	for i := range o.count() {
		h.cook.Post(h.Peer, o.verb, o.message(i))
	}
	return nil
}

// reserve takes room for messages out of what this cook saw in the queue.
func (h Handle) reserve(messages, bytes int) error {
	v := h.lock()
	defer h.mu.Unlock()
	switch {
	case v.closed || h.gone.Load():
		return ErrClosed
	case messages > v.left.messages || bytes > v.left.bytes:
		h.saw(v)
		return &QueueError{messages, bytes, v.left.messages, v.left.bytes}
	}
	v.left.messages -= messages
	v.left.bytes -= bytes
	return nil
}

// lock locks h.mu and returns the node's view of the peer in this frame.
func (h Handle) lock() *view {
	h.mu.Lock()
	v := h.find(h.cook.Node())
	if v.frame != h.cook.Frame {
		v.frame, v.name, v.told = h.cook.Frame, "", false
		v.seen = h.room()
		v.left = v.seen
	}
	return v
}

func (h Handle) find(n *graph.Node) *view {
	for _, v := range h.views {
		if v.node == n {
			return v
		}
	}
	v := &view{node: n, frame: -1}
	h.views = append(h.views, v)
	return v
}
