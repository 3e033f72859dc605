package link

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/wire"
)

// Write takes as much of p as there is room for, and returns how much that was. It is for stream mode.
func (l *Link) Write(p []byte) (n int) {
	s := &l.send
	if s.end != s.next {
		n = s.ring.Extend(s.end.Add(-1), p, l.payload)
	}
	for n < len(p) && l.room() > 0 {
		size := min(len(p)-n, l.payload)
		s.ring.Put(s.end, wire.First|wire.Last|wire.Place(s.message), p[n:n+size])
		s.message = s.message.Next()
		s.end = s.end.Next()
		n += size
	}
	return n
}

// Writable reports whether Write would take something.
func (l *Link) Writable() bool { return l.room() > 0 }

// Read copies what has come in order to p, and returns how much that was. It is for stream mode.
func (l *Link) Read(p []byte, now time.Duration) (n int) {
	r := &l.recv
	next := r.next()
	at := r.ring.First()
	for n < len(p) && at.Before(next) {
		payload := r.ring.Slot(at).Payload[r.offset:]
		copied := copy(p[n:], payload)
		n += copied
		r.offset += copied
		if copied == len(payload) {
			r.offset = 0
			at = at.Next()
		}
	}
	r.ring.RemoveBefore(at)
	l.wasRead(now)
	return n
}

// Readable reports whether Read or ReadMessage would return something.
func (l *Link) Readable() bool {
	if l.cfg.Mode == wire.Messages {
		_, ok := l.findMessage()
		return ok
	}
	return l.recv.ring.First().Before(l.recv.next())
}

// Complete reports whether nothing is missing of what is known to have been sent.
func (l *Link) Complete() bool { return l.recv.lost.Len() == 0 }
