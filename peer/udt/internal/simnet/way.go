// Package simnet is a network in virtual time, for tests: what it does to packets depends on nothing but
// its seed and what is sent.
package simnet

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"time"
)

// Never is when nothing more arrives.
const Never = time.Duration(math.MaxInt64)

// Conditions say what a way does to packets. The zero Conditions are a perfect network.
type Conditions struct {
	Loss, Duplicate, Corrupt float64 // shares of packets
	Delay                    time.Duration
	Jitter                   time.Duration // up to which is added to the delay, so that packets overtake
	Rate                     float64       // bytes per second of a bottleneck; 0 means no limit
	Queue                    int           // bytes that may wait before the bottleneck
	OutageFrom, OutageTo     time.Duration // nothing that is sent in between arrives
}

// A Way carries packets in one direction.
type Way struct {
	Conditions
	Lost int // packets that did not arrive

	random *rand.Rand
	queue  queue
	sent   uint64
	free   time.Duration // when the bottleneck has sent what waits
}

// NewWay returns a way with nothing on it.
func NewWay(c Conditions, seed uint64) *Way {
	return &Way{Conditions: c, random: rand.New(rand.NewPCG(seed, 1))}
}

// Send puts a copy of p on the way.
func (w *Way) Send(p []byte, now time.Duration) {
	outage := w.OutageFrom <= now && now < w.OutageTo
	if outage || w.chance(w.Loss) {
		w.Lost++
		return
	}
	if w.Rate > 0 {
		w.free = max(w.free, now)
		if (w.free-now).Seconds()*w.Rate > float64(w.Queue) {
			w.Lost++
			return
		}
		w.free += time.Duration(float64(len(p)) / w.Rate * 1e9)
		now = w.free
	}
	w.put(p, now)
	if w.chance(w.Duplicate) {
		w.put(p, now)
	}
}

func (w *Way) put(p []byte, now time.Duration) {
	p = append([]byte(nil), p...)
	if len(p) > 0 && w.chance(w.Corrupt) {
		p[w.random.IntN(len(p))] ^= 1 << w.random.IntN(8)
	}
	at := now + w.Delay
	if w.Jitter > 0 {
		at += time.Duration(w.random.Int64N(int64(w.Jitter)))
	}
	w.sent++
	heap.Push(&w.queue, packet{at, w.sent, p})
}

func (w *Way) chance(share float64) bool { return share > 0 && w.random.Float64() < share }

// Next returns when a packet arrives next.
func (w *Way) Next() time.Duration {
	if len(w.queue) == 0 {
		return Never
	}
	return w.queue[0].at
}

// Receive returns the next packet that has arrived.
func (w *Way) Receive(now time.Duration) (p []byte, ok bool) {
	if w.Next() > now {
		return nil, false
	}
	return heap.Pop(&w.queue).(packet).bytes, true
}

type packet struct {
	at    time.Duration
	order uint64
	bytes []byte
}

type queue []packet

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].order < q[j].order
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

func (q *queue) Push(x any) { *q = append(*q, x.(packet)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	(*q)[last] = packet{}
	*q = (*q)[:last]
	return x
}
