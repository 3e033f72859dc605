package link

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// mostAnswers bounds how many ACK2 wait to be sent.
const mostAnswers = 16

// onAck takes in an ACK (draft, "Sender's Algorithm"). Unlike the library it does not end the link when
// an ACK covers what was never sent.
func (l *Link) onAck(a wire.Ack, now time.Duration) {
	s := &l.send
	if s.next.Before(a.Next) {
		l.stats.Lies++
		return
	}
	if a.IsLight() {
		if advance := a.Next.Sub(s.acked); advance > 0 {
			s.acked = a.Next
			s.hear(a.Next)
			s.flow -= advance
			s.progressed(now)
		}
		return
	}
	l.stats.AcksReceived++
	if len(s.answers) < mostAnswers {
		s.answers = append(s.answers, a.Number)
	}
	if a.Next.Before(s.ring.First()) {
		return
	}
	if !a.Next.Before(s.acked) {
		s.acked = a.Next
		s.hear(a.Next)
		s.flow = int(min(a.Free, uint32(l.cfg.PeerWindow)))
	}
	if a.Next != s.ring.First() {
		s.progressed(now)
		s.lost.RemoveBefore(a.Next)
		s.again.RemoveBefore(a.Next)
		s.ring.RemoveBefore(a.Next)
		if s.end == a.Next {
			s.ring.Clear()
		}
	}
	l.learn(a)
	s.path.Limited = s.next == s.end && s.lost.Len() == 0
	l.controller().Acked(now, a.Next)
}

func (s *sender) progressed(now time.Duration) { s.progress, s.probes = now, 0 }

// learn takes over what the other end measured and has smoothed already.
func (l *Link) learn(a wire.Ack) {
	if !l.rtt.measured {
		l.rtt.mean, l.rtt.variance = min(a.RTT, longest), min(a.RTTVar, longest)
	}
	path := &l.send.path
	if a.HasRates {
		path.LastRate = float64(a.Rate)
		path.Rate = smoothRate(path.Rate, a.Rate)
		path.Capacity = smoothRate(path.Capacity, a.Capacity)
	}
}

func smoothRate(old float64, measured uint32) float64 {
	switch {
	case measured == 0:
		return old
	case old == 0:
		return float64(measured)
	}
	return (7*old + float64(measured)) / 8
}

func (l *Link) pollAck2(b []byte, _ time.Duration) []byte {
	s := &l.send
	if len(s.answers) == 0 {
		return b
	}
	b, _ = wire.Ack2{To: l.cfg.Peer, Number: s.answers[0]}.AppendBinary(b)
	s.answers = append(s.answers[:0], s.answers[1:]...)
	return b
}

// onNak puts what the other end misses into the loss list. A range of what was never sent, or one that
// runs backwards, is ignored; what was acknowledged is cut off.
func (l *Link) onNak(n wire.Nak, now time.Duration) {
	s := &l.send
	l.stats.NaksReceived++
	told := false
	for first, last := range n.Losses() {
		una := s.ring.First()
		from, to := first.Sub(una), last.Sub(una)
		if from > to || to >= s.next.Sub(una) {
			l.stats.Lies++
			continue
		}
		if to < 0 {
			continue
		}
		first = una.Add(max(0, from))
		s.hear(last.Next())
		added := s.lost.Add(first, last)
		l.stats.SenderLosses += uint64(added)
		s.path.Lost += added
		if added > 0 && !told {
			told = true
			l.controller().Lost(now, first)
		}
	}
}

// onAck2 measures the round trip of the ACK that is answered.
func (l *Link) onAck2(a wire.Ack2, now time.Duration) {
	r := &l.recv
	sent := &r.sent[int(a.Number)%len(r.sent)]
	if sent.number != a.Number || sent.at == 0 {
		return
	}
	l.rtt.measure(now - sent.at)
	sent.at = 0
	if r.confirmed.Before(sent.next) {
		r.confirmed = sent.next
	}
}

// A sentAck is a full ACK that is not answered yet.
type sentAck struct {
	number, next seqno.Seq
	at           time.Duration // 0 if it was
}
