package graph

// A batch is the events of one cut in order of arrival, with the bytes of those that keep them in one arena.
type batch struct {
	events  []Event
	refused []Event // messages that could not be decoded, while cuts are told of
	arena   []byte
	count   int    // of what came; there are fewer events if some stand for several messages
	bytes   int    // of all messages, kept or not
	from    uint64 // the first row
}

// Limits of what a batch keeps of the messages that could not be decoded.
const (
	maxRefused     = 1000
	maxRefusedSize = 64 << 10 // bytes of one
)

func (b *batch) reset() {
	clear(b.events)
	clear(b.refused)
	b.events, b.refused, b.arena, b.count, b.bytes = b.events[:0], b.refused[:0], b.arena[:0], 0, 0
}

// hasRoom reports whether one cut can take a message of so many bytes with what is there.
func (b *batch) hasRoom(size int) bool {
	return b.count == 0 || b.count < MaxCut && b.bytes+size <= MaxCutBytes
}

// add appends e. Its Data is set by alias, since the arena moves while it grows. A message whose bytes are not
// kept is one event with those of the same peer just before it.
func (b *batch) add(e *Event, keep bool) {
	if b.count == 0 {
		b.from = e.Rows.Lo
	}
	b.count++
	b.bytes += len(e.Data)
	if !keep && b.join(e) {
		return
	}
	b.events = append(b.events, *e)
	b.keep(&b.events[len(b.events)-1], len(e.Data), keep)
}

// join makes e a part of the last event, if it can be one.
func (b *batch) join(e *Event) bool {
	if len(b.events) == 0 || e.Kind != Message {
		return false
	}
	last := &b.events[len(b.events)-1]
	if last.Kind != Message || last.Peer != e.Peer || last.kept {
		return false
	}
	last.Time, last.Seq, last.Rows.Hi = e.Time, e.Seq, e.Rows.Hi
	return true
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
