package link

import (
	"math"
	"slices"
	"time"
)

// rates measure how fast packets arrive (draft, "Receiver's Algorithm" and "Packet Pair Based Link
// Capacity"). Packets come in batches, many at one time, so that it is batches that are measured.
type rates struct {
	last    time.Duration // when the last batch began
	count   int           // packets in it
	batches [16]batch     // a ring
	at      int
	most    float64 // packets per second, the highest of late
}

type batch struct {
	gap   time.Duration // since the batch before
	count int
}

func (b batch) perPacket() time.Duration { return b.gap / time.Duration(b.count) }

// batchTime is how long a batch lasts at least: what a sender that sleeps lets go at once is one.
const batchTime = time.Millisecond

func (r *rates) arrived(now time.Duration) {
	if now-r.last < batchTime {
		r.count++
		return
	}
	if r.count > 0 && r.last > 0 {
		r.batches[r.at%len(r.batches)] = batch{now - r.last, r.count}
		r.at++
	}
	r.last, r.count = now, 1
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

// capacity returns packets per second of the link, 0 while unknown: no less than what it has lately
// carried. Pairs of packets, from which the library reckons it, come in one batch.
func (r *rates) capacity() uint32 { return uint32(min(2*r.most, math.MaxInt32)) }
