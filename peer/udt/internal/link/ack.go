package link

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// scheduleAck sees that what has come is acknowledged: SYN after the last ACK, and sooner when many
// packets came or a short one, which may be the last for a while. A library sender that has filled its
// window goes on with nothing but a full ACK.
func (l *Link) scheduleAck(soon bool, now time.Duration) {
	r := &l.recv
	next := r.next()
	if next == r.expected {
		return
	}
	r.expected = next
	interval := cc.SYN
	if soon || next.Sub(r.told) >= lightEvery || r.ratesTold < firstRates {
		interval = min(max(leastInterval, l.rtt.mean/32), cc.SYN)
	}
	r.ackDue = min(r.ackDue, max(now, r.toldAt+interval))
}

// repeatAck tells again what has come to one who sends what is here: the ACK may have been lost.
func (r *receiver) repeatAck(now time.Duration) {
	r.ackDue = min(r.ackDue, max(now, r.toldAt+cc.SYN))
}

func (r *receiver) lightDue() bool { return r.expected.Sub(r.light) >= lightEvery }

// freePackets returns how many packets after the next one there is room for.
func (l *Link) freePackets() int {
	return l.cfg.RecvBuffer - 1 - l.recv.next().Sub(l.recv.ring.First())
}

// pollAck appends an ACK if one is due. While the buffer is full it waits: the library sends two packets
// into a buffer without room and goes on only with an ACK for new ones, which then brings the room that
// has come free.
func (l *Link) pollAck(b []byte, now time.Duration) []byte {
	r := &l.recv
	if now < r.ackDue {
		return l.pollLightAck(b)
	}
	free := l.freePackets()
	if free < 2 && r.free < 2 && r.number > 0 {
		r.ackDue = never
		return b
	}
	r.free = max(free, 0)
	r.number = nextAckNumber(r.number)
	a := wire.Ack{
		To: l.cfg.Peer, Number: r.number, Next: r.next(),
		RTT: l.rtt.mean, RTTVar: l.rtt.variance, Free: uint32(max(2, free)),
	}
	if a.HasRates = r.ratesTold < firstRates || now-r.ratesAt >= ratesEvery; a.HasRates {
		r.ratesAt = now
		a.Rate, a.Capacity = r.rates.rate(), r.rates.capacity()
		if a.Rate > 0 {
			r.ratesTold++
		}
	}
	r.remember(sentAck{a.Number, a.Next, now})
	r.told, r.light, r.expected, r.toldAt = a.Next, a.Next, a.Next, now
	r.ackDue = never
	if a.Next != r.confirmed {
		r.ackDue = now + l.rtt.patience() + cc.SYN
	}
	l.stats.AcksSent++
	b, _ = a.AppendBinary(b)
	return b
}

// remember keeps an ACK until it is answered or the ring has gone round. The ring is small until a
// second ACK is on its way.
func (r *receiver) remember(a sentAck) {
	if len(r.sent) < sentAcks && r.sent[0].at != 0 {
		first := r.sent[0]
		r.sent = make([]sentAck, sentAcks)
		r.sent[int(first.number)%sentAcks] = first
	}
	r.sent[int(a.number)%len(r.sent)] = a
}

func nextAckNumber(n seqno.Seq) seqno.Seq {
	if n == seqno.Max {
		return 1
	}
	return n + 1
}

func (l *Link) pollLightAck(b []byte) []byte {
	r := &l.recv
	if !r.lightDue() || l.freePackets() < 2 {
		r.light = r.expected
		return b
	}
	r.light = r.expected
	b, _ = wire.Ack{To: l.cfg.Peer, Next: r.light}.AppendBinary(b)
	return b
}

// wasRead tells the other end of room that has come free, if it thinks that there is little.
func (l *Link) wasRead(now time.Duration) {
	r := &l.recv
	if r.ring.First() == r.newest.Next() {
		r.ring.Clear()
	}
	few := l.cfg.RecvBuffer / 4
	if free := l.freePackets(); r.number > 0 && r.free < few && free >= 2*few {
		r.ackDue = min(r.ackDue, now)
	}
}
