package link

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/loss"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

const (
	// mostLate is how far back a sender makes good what it has not sent in time. It bounds bursts.
	mostLate = 2 * time.Millisecond

	// pairEvery is the distance of packet pairs: the packet after each number that it divides follows
	// at once, for the other end to measure capacity (draft, "Packet Pair Based Link Capacity").
	pairEvery = 16
)

// A sender keeps what was written until it is acknowledged.
type sender struct {
	ring  buffer.Ring // from the first packet that no full ACK covers
	acked seqno.Seq   // the first that no ACK covers
	next  seqno.Seq   // the next to be sent for the first time
	end   seqno.Seq   // the next to be written
	lost  loss.List   // to be sent again
	again loss.List   // that were, and are not acknowledged

	message seqno.Message // the next
	flow    int           // packets after acked that the other end takes
	at      time.Duration // when the next data packet may leave
	answers []seqno.Seq   // full ACKs that are to be answered
	err     error

	path    cc.Path
	control cc.Controller

	patience time.Duration // for an answer
	progress time.Duration // when the last ACK with news came, or what is on its way was begun
	probes   int           // since then
}

func newSender(cfg Config, now time.Duration) sender {
	return sender{
		ring:  buffer.NewRing(cfg.Pool, cfg.SendISN),
		acked: cfg.SendISN, next: cfg.SendISN, end: cfg.SendISN,
		message: 1, flow: cfg.PeerWindow, at: now, progress: now,
		path: cc.Path{MSS: cfg.MSS, MaxWindow: cfg.PeerWindow, LastSent: cfg.SendISN.Add(-1), Heard: cfg.SendISN, RTT: cfg.RTT},
	}
}

// room returns how many packets can be written.
func (l *Link) room() int {
	return l.cfg.SendBuffer - l.send.end.Sub(l.send.ring.First())
}

// Unacknowledged returns how many written packets the other end has not acknowledged.
func (l *Link) Unacknowledged() int { return l.send.end.Sub(l.send.ring.First()) }

// SendErr returns [ErrPeer] once the other end has said that it cannot use what it gets.
func (l *Link) SendErr() error { return l.send.err }

// inFlight returns how many packets may be on their way: neither acknowledged, nor before one of which a
// NAK tells that it is missing because later ones came.
func (s *sender) inFlight() int { return s.next.Sub(s.path.Heard) }

// hear notes that a packet before next has arrived.
func (s *sender) hear(next seqno.Seq) {
	if s.path.Heard.Before(next) {
		s.path.Heard = next
	}
}

// mayBegin reports whether windows allow a packet to be sent for the first time.
func (s *sender) mayBegin(control cc.Controller) bool {
	return s.next.Sub(s.acked) < s.flow && s.inFlight() < control.Window()
}

// controller makes the congestion control when there is something to control, so that a connection
// that only receives has none.
func (l *Link) controller() cc.Controller {
	if l.send.control == nil {
		l.send.control = l.cfg.Controller(&l.send.path, l.send.next)
	}
	return l.send.control
}

// canSendNew reports whether a packet may leave for the first time.
func (s *sender) canSendNew() bool {
	if s.next == s.end {
		return false
	}
	return s.control == nil || s.mayBegin(s.control)
}

func (s *sender) due() time.Duration {
	due := never
	if s.lost.Len() > 0 || s.canSendNew() {
		due = s.at
	}
	if s.next != s.ring.First() && s.lost.Len() == 0 {
		due = min(due, s.probeAt())
	}
	return due
}

// pollData appends the next data packet: one to be sent again if there is one, else a new one, if the
// window allows (draft, "Sender's Algorithm").
func (l *Link) pollData(b []byte, now time.Duration) []byte {
	s := &l.send
	if now < s.at {
		return b
	}
	if seq, ok := s.lost.First(); ok {
		if slot := s.ring.Slot(seq); slot.Expires > 0 && now >= slot.Expires {
			return l.giveUp(b, seq)
		}
		s.lost.Remove(seq, seq)
		s.again.Add(seq, seq)
		l.stats.Retransmitted++
		s.path.Again++
		return l.appendData(b, seq, now)
	}
	if s.next == s.end || !s.mayBegin(l.controller()) {
		return b
	}
	if s.next == s.ring.First() {
		s.progress, s.probes = now, 0
		l.setExpiry(now)
	}
	seq := s.next
	s.next = seq.Next()
	s.path.LastSent = seq
	return l.appendData(b, seq, now)
}

func (l *Link) appendData(b []byte, seq seqno.Seq, now time.Duration) []byte {
	s := &l.send
	slot := s.ring.Slot(seq)
	d := wire.Data{
		Seq: seq, Place: slot.Place, To: l.cfg.Peer, Payload: slot.Payload,
		Time: uint32((now - l.cfg.Opened) / time.Microsecond),
	}
	s.at = max(s.at, now-mostLate)
	if seq%pairEvery != 0 {
		s.at += l.controller().Period()
	}
	l.stats.PacketsSent++
	l.stats.BytesSent += uint64(len(slot.Payload))
	b, _ = d.AppendBinary(b)
	return b
}

// giveUp appends a drop request for the rest, from the lost packet seq on, of a message whose time is
// over. Its range is exact, other than the library's.
func (l *Link) giveUp(b []byte, seq seqno.Seq) []byte {
	s := &l.send
	place := s.ring.Slot(seq).Place
	last := seq
	for last.Next() != s.next && s.ring.Slot(last).Place&wire.Last == 0 {
		last = last.Next()
	}
	s.lost.Remove(seq, last)
	s.again.Remove(seq, last)
	l.stats.Expired++
	b, _ = wire.Drop{To: l.cfg.Peer, Message: place.Message(), First: seq, Last: last}.AppendBinary(b)
	return b
}

// probeAt returns when what was sent last is to be asked after.
func (s *sender) probeAt() time.Duration {
	return s.progress + (s.patience+cc.SYN)<<min(s.probes, 6)
}

// checkProbe sends some packets on their way again if no answer came in time: the first, whose NAK may be
// lost; the last, behind which nothing shows that it was lost; and those that were sent again before, as a
// library receiver asks for a packet only once.
func (s *sender) checkProbe(l *Link, now time.Duration) {
	s.path.RTT, s.patience = l.rtt.mean, l.rtt.patience()
	if s.next == s.ring.First() || s.lost.Len() > 0 || now < s.probeAt() {
		return
	}
	s.probes++
	newest := s.next.Add(-1)
	l.stats.Probes++
	s.lost.Add(s.ring.First(), s.ring.First())
	s.lost.Add(newest, newest)
	for _, r := range s.again.Ranges() {
		s.lost.Add(r.First, r.Last)
	}
}

// timeOut sends everything again that is on its way (draft, "Timers", EXP).
func (s *sender) timeOut(l *Link, now time.Duration) {
	if s.next == s.ring.First() {
		return
	}
	l.stats.Timeouts++
	if s.lost.Len() == 0 {
		l.stats.SenderLosses += uint64(s.lost.Add(s.ring.First(), s.next.Add(-1)))
	}
	l.controller().TimedOut(now)
}
