package link

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/loss"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// spare is how many packets more than the buffer has are taken. The library sends two into a full one.
const spare = 64

// A receiver keeps what came until it is read.
type receiver struct {
	ring   buffer.Ring  // from the first packet that was not read
	newest seqno.Seq    // the newest that came
	lost   loss.List    // before it
	offset int          // bytes of the ring's first packet that were read
	ready  []buffer.Run // complete messages behind a gap that need not wait for it

	acknowledgement
	lateness time.Duration // of packets that were overtaken
	rates    rates
}

func newReceiver(cfg Config, now time.Duration) receiver {
	return receiver{
		ring:            buffer.NewRing(cfg.Pool, cfg.RecvISN),
		newest:          cfg.RecvISN.Add(-1),
		acknowledgement: newAcknowledgement(cfg.RecvISN, now),
		lateness:        leastLateness,
	}
}

// next returns the first packet that has not come.
func (r *receiver) next() seqno.Seq {
	if first, ok := r.lost.First(); ok {
		return first
	}
	return r.newest.Next()
}

// onData takes in a data packet (draft, "Receiver's Algorithm").
func (l *Link) onData(d wire.Data, now time.Duration) {
	r := &l.recv
	offset := d.Seq.Sub(r.ring.First())
	switch {
	case offset >= l.cfg.RecvBuffer+spare || offset < -l.cfg.RecvBuffer:
		l.stats.Beyond++
		return
	case len(d.Payload) == 0 || len(d.Payload) > l.cfg.Pool.Payload():
		l.stats.Malformed++
		return
	case offset < 0 || r.ring.Holds(d.Seq) != buffer.Empty:
		l.stats.Duplicates++
		r.repeatAck(now)
		return
	}
	l.stats.PacketsReceived++
	l.stats.BytesReceived += uint64(len(d.Payload))
	r.rates.arrived(d.Seq, now)
	r.ring.Put(d.Seq, d.Place, d.Payload)
	l.account(d.Seq, now)
	if l.cfg.Mode == wire.Messages {
		r.join(d)
	}
	l.scheduleAck(len(d.Payload) < l.payload, now)
}

// join puts a packet that came into its message, and notes that if it is complete and need not wait for a gap.
func (r *receiver) join(d wire.Data) {
	m := buffer.Join(&r.ring, d.Seq)
	if d.Place&wire.InOrder == 0 && r.next() != r.newest.Next() && m.IsWhole(&r.ring) {
		r.ready = append(r.ready, m)
	}
}

// account keeps the loss list: what lies between the newest packet and s, if s is newer, is lost.
func (l *Link) account(s seqno.Seq, now time.Duration) {
	r := &l.recv
	if !r.newest.Before(s) {
		if removed, of := r.lost.Remove(s, s); removed > 0 {
			l.learnLateness(of, now)
		}
		return
	}
	if gap := s.Sub(r.newest) - 1; gap > 0 {
		l.stats.ReceiverLosses += uint64(gap)
		r.addLoss(r.newest.Next(), s.Add(-1), now)
	}
	r.newest = s
}

// due returns when the receiver has something to say.
func (r *receiver) due() time.Duration {
	if r.lightDue() {
		return 0
	}
	due := r.ackDue
	if r.lost.Len() > 0 {
		due = min(due, r.nakDue)
	}
	return due
}

// An acknowledgement is what a receiver has told of what it has.
type acknowledgement struct {
	told      seqno.Seq     // next in the last full ACK
	confirmed seqno.Seq     // next in the last full ACK that was answered
	light     seqno.Seq     // next in the last ACK of any kind
	number    seqno.Seq     // of the last full ACK
	ackDue    time.Duration // when there is to be a full one
	toldAt    time.Duration
	ratesAt   time.Duration // of the last ACK with rates
	ratesTold int           // how many there were with rates that were known
	free      int           // what the last one said of the buffer, in packets
	expected  seqno.Seq     // next, as scheduleAck last saw it
	sent      []sentAck     // by number, a ring
	nakDue    time.Duration // the earliest in the loss list
}

const (
	sentAcks      = 64               // that may wait for their answer
	lightEvery    = 64               // packets for each light ACK
	leastInterval = time.Millisecond // of full ACKs
	firstRates    = 8                // ACKs that all have rates, so that the other end knows them early
	ratesEvery    = 10 * time.Millisecond
)

func newAcknowledgement(first seqno.Seq, now time.Duration) acknowledgement {
	return acknowledgement{
		told: first, confirmed: first, light: first, expected: first,
		ackDue: never, nakDue: never, toldAt: now - cc.SYN, ratesAt: now - ratesEvery,
		sent: make([]sentAck, 1),
	}
}
