package graph

// A Sink takes what a node sends: a peer, a file's writer.
type Sink interface {
	// Accept takes one payload, which it must copy, or obeys a verb that has none. It must not
	// wait. What the verbs mean is the Sink's own.
	Accept(verb Verb, payload []byte) error
}

// A Flusher is a Sink that may put off what it accepts until Flush, which is called when all that a node
// has sent in this frame has been handed out. It must not wait.
type Flusher interface{ Flush() }

// A Verb says what a Sink is to do.
type Verb uint8

// An Outbox keeps what a node sends while it cooks. After the frame's cooks the engine empties the
// outboxes in plan order, so that parallel branches cannot change what goes out.
type Outbox struct {
	entries []posting
	arena   []byte
	sent    uint64
	failed  uint64
}

type posting struct {
	to          Sink
	verb        Verb
	from, until int
}

// Post keeps a copy of payload for to.
func (o *Outbox) Post(to Sink, verb Verb, payload []byte) {
	from := len(o.arena)
	o.arena = append(o.arena, payload...)
	o.entries = append(o.entries, posting{to, verb, from, len(o.arena)})
}

// Len returns how many postings wait.
func (o *Outbox) Len() int { return len(o.entries) }

// flush hands everything that n sent to the sinks, in order; one that panics keeps nothing from the
// others. It returns how many refused it, and the first one's error.
func (o *Outbox) flush(n *Node) (failed int, err error) {
	sent := n.env.Load().Sent
	for _, p := range o.entries {
		o.sent++
		payload := o.arena[p.from:p.until]
		sent(n, p.to, p.verb, payload)
		accept := func() error { return p.to.Accept(p.verb, payload) }
		if e := Guard(accept); e != nil {
			if failed++; err == nil {
				err = e
			}
		}
	}
	for i, p := range o.entries { // not before all is handed out: sinks may share a queue
		if f, ok := p.to.(Flusher); ok && (i+1 == len(o.entries) || o.entries[i+1].to != p.to) {
			_ = Guard(func() error { f.Flush(); return nil })
		}
	}
	o.drop()
	o.failed += uint64(failed)
	return failed, err
}

func (o *Outbox) drop() {
	clear(o.entries)
	o.entries, o.arena = o.entries[:0], o.arena[:0]
}
