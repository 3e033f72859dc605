package link

import (
	"math"
	"slices"
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// rates measure how fast packets arrive (draft, "Receiver's Algorithm" and "Packet Pair Based Link
// Capacity"). Packets come in batches, many at one time, so that it is batches that are measured. A library sender
// leaves its slow start with this rate: it must be that of a burst, not of all its pauses.
type rates struct {
	last    time.Duration // when the last batch began
	count   int           // packets in it
	batches [16]batch     // a ring
	at      int
	most    float64 // packets per second, the highest of late

	first   seqno.Seq // of the last packet pair
	firstAt time.Duration
	pairs   [16]time.Duration // between the packets of pairs, a ring
	paired  int
}

type batch struct {
	gap   time.Duration // since the batch before
	count int
}

func (b batch) perPacket() time.Duration { return b.gap / time.Duration(b.count) }

func (r *rates) arrived(s seqno.Seq, now time.Duration) {
	r.pair(s, now)
	if now == r.last {
		r.count++
		return
	}
	if r.count > 0 && r.last > 0 {
		r.batches[r.at%len(r.batches)] = batch{now - r.last, r.count}
		r.at++
	}
	r.last, r.count = now, 1
}

// atOnce is what the time between the packets of a pair that come in one batch counts for. They came while the
// reader woke, some ten microseconds, which those of a link of 100 Mbit/s are too far apart for, or it was late.
// The library, which reads packet by packet, finds the time that this takes then, as short as this one, and a
// sender of the library's is made for that.
const atOnce = time.Microsecond

// pair looks for packet pairs. Those that come at one time count too: a library sender that is told of
// little capacity hardly speeds up again after a loss.
func (r *rates) pair(s seqno.Seq, now time.Duration) {
	switch {
	case s%pairEvery == 0:
		r.first, r.firstAt = s, now
	case r.firstAt > 0 && s == r.first.Next():
		r.pairs[r.paired%len(r.pairs)] = max(now-r.firstAt, atOnce)
		r.paired++
		r.firstAt = 0
	}
}

// rate returns packets per second, 0 while unknown. Gaps far from the median do not count: then the
// sender had nothing to send.
func (r *rates) rate() uint32 {
	known := r.batches[:min(r.at, len(r.batches))]
	if len(known) < len(r.batches)/4 {
		return 0
	}
	var gaps [len(r.batches)]time.Duration
	for i, b := range known {
		gaps[i] = b.perPacket()
	}
	slices.Sort(gaps[:len(known)])
	median := gaps[len(known)/2]
	var sum time.Duration
	count := 0
	for _, b := range known {
		if g := b.perPacket(); g >= median/8 && g <= median*8 {
			sum += b.gap
			count += b.count
		}
	}
	rate := float64(count) / max(sum, 1).Seconds()
	r.most = max(rate, r.most-r.most/256)
	return uint32(min(math.Ceil(rate), math.MaxInt32))
}

// capacity returns packets per second of the link, 0 while unknown: what the median pair says, and no less
// than what the link has lately carried, twice, so that a sender looks for more.
func (r *rates) capacity() uint32 {
	capacity := 2 * r.most
	if r.paired >= len(r.pairs) {
		pairs := r.pairs
		slices.Sort(pairs[:])
		capacity = max(capacity, 1/pairs[len(pairs)/2].Seconds())
	}
	return uint32(min(capacity, math.MaxInt32))
}
