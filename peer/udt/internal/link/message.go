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

// An extent is the packets of one message.
type extent struct{ first, last seqno.Seq }

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
	for at := m.first; !m.last.Before(at); at = at.Next() {
		slot := r.ring.Slot(at)
		b = append(b, slot.Payload...)
		slot.State = buffer.Gone
	}
	if m.first == r.ring.First() {
		r.ring.RemoveBefore(m.last.Next())
	}
	l.wasRead(now)
	return b, true
}

// findMessage returns the next message to be delivered: the first in the buffer if all before the first
// gap, else one that need not wait. It passes over what cannot be delivered any more.
func (l *Link) findMessage() (m extent, ok bool) {
	r := &l.recv
	next := r.next()
	for at := r.ring.First(); at.Before(next); at = r.ring.First() {
		if r.ring.Holds(at) == buffer.Gone {
			r.ring.RemoveBefore(at.Next())
			continue
		}
		m, state := r.extentFrom(at)
		if state == whole && m.last.Before(next) {
			return m, true
		}
		if state != broken {
			if next.Sub(at) < l.cfg.RecvBuffer-1 {
				break
			}
			l.stats.Oversized++
			m.last = next.Add(-1)
		}
		r.ring.RemoveBefore(m.last.Next())
	}
	return r.firstReady()
}

type wholeness int

const (
	partial wholeness = iota
	whole
	broken
)

// extentFrom returns the packets, from first on, of the message that begins there. Those of one that is
// broken are what is of no use.
func (r *receiver) extentFrom(first seqno.Seq) (extent, wholeness) {
	message := r.ring.Slot(first).Place.Message()
	if r.ring.Slot(first).Place&wire.First == 0 {
		return extent{first, first}, broken
	}
	for at := first; !r.newest.Before(at); at = at.Next() {
		slot := r.ring.Slot(at)
		switch {
		case slot == nil || slot.State == buffer.Empty:
			return extent{first, at}, partial
		case slot.State == buffer.Gone, slot.Place.Message() != message, at != first && slot.Place&wire.First != 0:
			return extent{first, at.Add(-1)}, broken
		case slot.Place&wire.Last != 0:
			return extent{first, at}, whole
		}
	}
	return extent{first, r.newest}, partial
}

// findReady notes the message of packet s if it is complete.
func (r *receiver) findReady(s seqno.Seq) {
	for at := s; r.ring.Holds(at) == buffer.Full; at = at.Add(-1) {
		if r.ring.Slot(at).Place&wire.First != 0 {
			if m, state := r.extentFrom(at); state == whole && !m.last.Before(s) {
				r.ready = append(r.ready, m)
			}
			return
		}
		if at == r.ring.First() {
			return
		}
	}
}

// firstReady returns the first message that was noted and not delivered since.
func (r *receiver) firstReady() (extent, bool) {
	for len(r.ready) > 0 {
		m := r.ready[0]
		if !m.first.Before(r.ring.First()) && r.ring.Holds(m.first) == buffer.Full {
			return m, true
		}
		r.ready = r.ready[1:]
	}
	r.ready = nil
	return extent{}, false
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
