package graph

// A batch is events in order of arrival, with the bytes of those that keep them in one arena.
type batch struct {
	events  []Event
	refused []Event // messages that could not be decoded, while cuts are told of
	arena   []byte
	bytes   int  // of all messages, kept or not
	told    bool // the engine knows that there is something
}

// Limits of what a batch keeps of the messages that could not be decoded.
const (
	maxRefused     = 1000
	maxRefusedSize = 64 << 10 // bytes of one
)

func (b *batch) full() bool { return len(b.events) >= InboxEvents || b.bytes >= InboxBytes }

func (b *batch) reset() {
	clear(b.events)
	clear(b.refused)
	b.events, b.refused, b.arena, b.bytes, b.told = b.events[:0], b.refused[:0], b.arena[:0], 0, false
}

// add appends e, whose message has size bytes. Data is set by alias, since the arena moves while
// it grows.
func (b *batch) add(e *Event, size int, keep bool) {
	b.bytes += size
	b.events = append(b.events, *e)
	b.keep(&b.events[len(b.events)-1], size, keep)
}

// refuse appends a message that could not be decoded, if there is room.
func (b *batch) refuse(e *Event) {
	if len(b.refused) < maxRefused && len(e.Data) <= maxRefusedSize {
		b.refused = append(b.refused, *e)
		b.keep(&b.refused[len(b.refused)-1], len(e.Data), true)
	}
}

func (b *batch) keep(e *Event, size int, keep bool) {
	e.size, e.at, e.kept = size, len(b.arena), keep
	if keep {
		b.arena = append(b.arena, e.Data...)
	}
	e.Data = nil
}

func (b *batch) alias() {
	for _, events := range [...][]Event{b.events, b.refused} {
		for i := range events {
			if e := &events[i]; e.kept {
				e.Data = b.arena[e.at : e.at+e.size : e.at+e.size]
			}
		}
	}
}

// split leaves in b what one cut takes, and moves the rest to next, which is empty.
func (b *batch) split(next *batch) {
	b.alias()
	n := b.oneCut()
	for i := range b.events[n:] {
		e := &b.events[n+i]
		next.add(e, e.size, e.kept)
		b.bytes -= e.size
	}
	if n < len(b.events) {
		b.splitRefused(b.events[n].Seq, next)
	}
	clear(b.events[n:])
	b.events = b.events[:n]
}

// splitRefused moves the messages to next that came after seq.
func (b *batch) splitRefused(seq uint64, next *batch) {
	n := 0
	for n < len(b.refused) && b.refused[n].Seq < seq {
		n++
	}
	for i := range b.refused[n:] {
		next.refuse(&b.refused[n+i])
	}
	clear(b.refused[n:])
	b.refused = b.refused[:n]
}

// oneCut returns how many events a cut takes: at least one, if there are any.
func (b *batch) oneCut() int {
	if len(b.events) <= MaxCut && b.bytes <= MaxCutBytes {
		return len(b.events)
	}
	bytes := 0
	for i, e := range b.events {
		if bytes += e.size; i > 0 && (i == MaxCut || bytes > MaxCutBytes) {
			return i
		}
	}
	return len(b.events)
}
