package link

import (
	"errors"
	"time"

	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// ErrTooLong is the error of a message that does not fit the send buffer, or the buffer of the other end.
var ErrTooLong = errors.New("message longer than the buffers of the connection")

// MaxMessage returns how many bytes a message may have.
func (l *Link) MaxMessage() int {
	return min(l.cfg.SendBuffer, l.cfg.PeerWindow-1) * l.payload
}

// WriteMessage takes the message p if there is room for it. An ordered message is delivered after all
// before it. A message whose packets are lost after expires, which may be 0 for never, is given up.
func (l *Link) WriteMessage(p []byte, ordered bool, expires time.Duration) (ok bool, err error) {
	if len(p) > l.MaxMessage() {
		return false, ErrTooLong
	}
	s := &l.send
	if (len(p)+l.payload-1)/l.payload > l.room() {
		return false, nil
	}
	place := wire.First | wire.Place(s.message)
	if ordered {
		place |= wire.InOrder
	}
	for len(p) > 0 {
		size := min(len(p), l.payload)
		if size == len(p) {
			place |= wire.Last
		}
		s.ring.Put(s.end, place, p[:size])
		s.ring.Slot(s.end).Expires = expires
		s.end = s.end.Next()
		p = p[size:]
		place &^= wire.First
	}
	s.message = s.message.Next()
	return true, nil
}

// ReadMessage appends the next message to b. ok is false if there is none.
func (l *Link) ReadMessage(b []byte, now time.Duration) (out []byte, ok bool) {
	r := &l.recv
	m, ok := l.findMessage()
	if !ok {
		return b, false
	}
	for at := m.First; !m.Last.Before(at); at = at.Next() {
		slot := r.ring.Slot(at)
		b = append(b, slot.Payload...)
		slot.State = buffer.Gone
	}
	if m.First == r.ring.First() {
		r.ring.RemoveBefore(m.Last.Next())
	}
	l.wasRead(now)
	return b, true
}

// findMessage returns the next message to be delivered: the first in the buffer if all before the first
// gap, else one that need not wait. It passes over what cannot be delivered any more.
func (l *Link) findMessage() (m buffer.Run, ok bool) {
	r := &l.recv
	next := r.next()
	for at := r.ring.First(); at.Before(next); at = r.ring.First() {
		if r.ring.Holds(at) == buffer.Gone {
			r.ring.RemoveBefore(at.Next())
			continue
		}
		m = buffer.RunFrom(&r.ring, at)
		if m.IsWhole(&r.ring) {
			return m, true
		}
		if r.mayGrow(m) {
			if next.Sub(at) < l.cfg.RecvBuffer-1 {
				break
			}
			l.stats.Oversized++
		}
		r.ring.RemoveBefore(m.Last.Next())
	}
	return r.firstReady()
}

// mayGrow reports whether what is missing of m may still come. m begins where nothing before it is missing.
func (r *receiver) mayGrow(m buffer.Run) bool {
	return r.ring.Slot(m.First).Place&wire.First != 0 && r.ring.Holds(m.Last.Next()) == buffer.Empty
}

// firstReady returns the first message that was noted and not delivered since.
func (r *receiver) firstReady() (buffer.Run, bool) {
	for len(r.ready) > 0 {
		m := r.ready[0]
		if !m.First.Before(r.ring.First()) && r.ring.Holds(m.First) == buffer.Full {
			return m, true
		}
		r.ready = r.ready[1:]
	}
	r.ready = nil
	return buffer.Run{}, false
}

// onDrop gives up the packets of a message that the other end does not send again. Unless the range is
// one packet, its last may be the library's one too many, and is kept, to be asked for again.
func (l *Link) onDrop(d wire.Drop, now time.Duration) {
	r := &l.recv
	window := l.cfg.RecvBuffer + spare
	first, last := d.First, d.Last
	base := r.ring.First()
	from, to := first.Sub(base), last.Sub(base)
	if l.cfg.Mode != wire.Messages || from > to || to >= window || from < -window {
		l.stats.Lies++
		return
	}
	if first != last && !r.belongs(last, d.Message) {
		last = last.Add(-1)
	}
	if from < 0 {
		first = base
	}
	if last.Before(first) {
		return
	}
	if r.newest.Next().Before(first) {
		r.addLoss(r.newest.Next(), first.Add(-1), now)
	}
	if r.newest.Before(last) {
		r.newest = last
	}
	for at := first; !last.Before(at); at = at.Next() {
		if r.ring.Holds(at) == buffer.Empty {
			r.ring.Make(at).State = buffer.Gone
		}
	}
	r.lost.Remove(first, last)
	l.scheduleAck(true, now)
}

// belongs reports whether the packet after s came and is of the same message.
func (r *receiver) belongs(s seqno.Seq, message seqno.Message) bool {
	after := s.Next()
	if r.ring.Holds(after) != buffer.Full {
		return false
	}
	place := r.ring.Slot(after).Place
	return place.Message() == message && place&wire.First == 0
}
