package link

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/loss"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// Packets that arrive later than the next one are not lost yet. How long they are waited for follows
// what is seen, between these limits.
const (
	leastLateness = time.Millisecond
	mostLateness  = 20 * time.Millisecond
)

// addLoss notes that packets are missing. The first NAK of a connection waits for rates to be told: a
// library sender falls back to 16 packets per second if it knows of no rate.
func (r *receiver) addLoss(first, last seqno.Seq, now time.Duration) {
	due := now + r.lateness
	if r.ratesTold == 0 {
		due = max(due, now+2*cc.SYN)
		r.ackDue = min(r.ackDue, now)
	}
	r.lost.Append(loss.Range{First: first, Last: last, Found: now, Due: due})
	r.nakDue = min(r.nakDue, due)
}

// learnLateness sees how late a packet is that was taken for lost, if it was not sent again: nothing had
// asked for it, or so recently that this cannot be the answer.
func (l *Link) learnLateness(of loss.Range, now time.Duration) {
	r := &l.recv
	late := now - of.Found
	if of.Asked > 0 && (of.Asked > 1 || !l.rtt.measured || late > r.lateness+l.rtt.mean/2) {
		r.lateness = max(leastLateness, r.lateness-r.lateness/64)
		return
	}
	if late = late * 5 / 4; late > r.lateness {
		r.lateness = min(late, mostLateness)
	}
}

// pollNak appends a NAK with all that is due to be asked for. The library asks once; this one asks again
// when a retransmission does not come, each time later.
func (l *Link) pollNak(b []byte, now time.Duration) []byte {
	r := &l.recv
	if r.lost.Len() == 0 || now < r.nakDue {
		return b
	}
	out, _ := wire.NewNak(l.cfg.Peer).AppendBinary(b)
	empty, full := len(out), len(b)+wire.HeaderSize+l.payload-8
	r.nakDue = never
	ranges := r.lost.Ranges()
	for i := range ranges {
		lost := &ranges[i]
		if lost.Due <= now && len(out) < full {
			out = wire.AppendLoss(out, lost.First, lost.Last)
			lost.Due = now + l.rtt.patience()<<min(lost.Asked, 4) + cc.SYN
			lost.Asked++
		}
		r.nakDue = min(r.nakDue, lost.Due)
	}
	if len(out) == empty {
		return b
	}
	l.stats.NaksSent++
	return out
}
