package graph

// A batch is events in order of arrival, with the bytes of those that keep them in one arena.
type batch struct {
	events []Event
	arena  []byte
	bytes  int  // of all messages, kept or not
	told   bool // the engine knows that there is something
}

func (b *batch) full() bool { return len(b.events) >= InboxEvents || b.bytes >= InboxBytes }

func (b *batch) reset() {
	clear(b.events)
	b.events, b.arena, b.bytes, b.told = b.events[:0], b.arena[:0], 0, false
}

// add appends e, whose message has size bytes. Data is set by alias, since the arena moves while
// it grows.
func (b *batch) add(e Event, size int, keep bool) {
	e.size, e.at, e.kept = size, len(b.arena), keep
	b.bytes += size
	if keep {
		b.arena = append(b.arena, e.Data...)
	}
	e.Data = nil
	b.events = append(b.events, e)
}

func (b *batch) alias() {
	for i := range b.events {
		if e := &b.events[i]; e.kept {
			e.Data = b.arena[e.at : e.at+e.size : e.at+e.size]
		}
	}
}

// split leaves in b what one cut takes, and moves the rest to next, which is empty.
func (b *batch) split(next *batch) {
	b.alias()
	n := b.oneCut()
	for _, e := range b.events[n:] {
		next.add(e, e.size, e.kept)
		b.bytes -= e.size
	}
	clear(b.events[n:])
	b.events = b.events[:n]
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
