package cc

import (
	"math"
	"math/rand/v2"
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// firstWindow is larger than the library's 16, so that light ACKs, of which there is one in 64 packets,
// come back from the first flight: a library receiver acknowledges a shorter one after 100 ms.
const firstWindow = 64

// Native is UDT's own congestion control (draft-gg-udt-03, "Native Congestion Control"; CUDTCC of the
// library). It differs from the library's in that a rate is used only once it is known.
type Native struct {
	path   *Path
	random *rand.Rand

	slowStart bool
	window    float64       // packets
	period    time.Duration // between two packets

	lastIncrease time.Duration
	lastAck      seqno.Seq
	loss         bool // since the last increase

	lastDecrease   seqno.Seq     // the newest packet sent then
	decreasePeriod time.Duration // the period before it
	naks           int           // since the last decrease
	averageNaks    int
	decreases      int // in this congestion period
	every          int // of how many NAKs one is a reason to decrease again
}

// NewNative returns a controller for a connection whose first packet is first. The seed is for the
// choice of NAKs to react to.
func NewNative(path *Path, first seqno.Seq, seed uint64) *Native {
	return &Native{
		path: path, random: rand.New(rand.NewPCG(seed, 0)), slowStart: true, window: firstWindow,
		period: time.Microsecond, lastAck: first, lastDecrease: first.Add(-1), averageNaks: 1, every: 1,
	}
}

// Window implements [Controller].
func (n *Native) Window() int { return int(n.window) }

// Period implements [Controller].
func (n *Native) Period() time.Duration { return n.period }

// Acked implements [Controller].
func (n *Native) Acked(now time.Duration, next seqno.Seq) {
	if now-n.lastIncrease < SYN {
		return
	}
	n.lastIncrease = now
	if n.slowStart {
		n.window += float64(next.Sub(n.lastAck))
		n.lastAck = next
		if n.window > float64(n.path.MaxWindow) {
			n.leaveSlowStart()
		}
		return
	}
	n.window = n.path.Rate*(n.path.RTT+SYN).Seconds() + firstWindow
	if n.loss {
		n.loss = false
		return
	}
	n.increase()
}

// increase adds to each SYN the packets that the free capacity allows.
func (n *Native) increase() {
	free := n.path.Capacity - 1/n.period.Seconds()
	if n.period > n.decreasePeriod && n.path.Capacity/9 < free {
		free = n.path.Capacity / 9
	}
	packets := 0.01
	if free > 0 {
		bits := free * float64(n.path.MSS) * 8
		packets = max(packets, math.Pow(10, math.Ceil(math.Log10(bits)))*1.5e-6/float64(n.path.MSS))
	}
	perSYN := SYN.Seconds()/n.period.Seconds() + packets
	n.period = max(1, time.Duration(float64(SYN)/perSYN))
}

// Lost implements [Controller].
func (n *Native) Lost(_ time.Duration, first seqno.Seq) {
	if n.slowStart {
		n.leaveSlowStart()
		if n.path.Rate > 0 {
			return
		}
	}
	n.loss = true
	switch {
	case n.lastDecrease.Before(first):
		n.decreasePeriod = n.period
		n.averageNaks = int(math.Ceil(0.875*float64(n.averageNaks) + 0.125*float64(n.naks)))
		n.naks, n.decreases = 1, 1
		n.every = 1 + n.random.IntN(max(1, n.averageNaks))
		n.decrease()
	case n.decreases <= 5:
		n.naks++
		if n.naks%n.every == 0 {
			n.decreases++
			n.decrease()
		}
	}
}

func (n *Native) decrease() {
	n.period = n.period * 9 / 8
	n.lastDecrease = n.path.LastSent
}

// TimedOut implements [Controller].
func (n *Native) TimedOut(time.Duration) {
	if n.slowStart {
		n.leaveSlowStart()
	}
}

func (n *Native) leaveSlowStart() {
	n.slowStart = false
	if n.path.Rate > 0 {
		n.period = time.Duration(1e9 / n.path.Rate)
	} else {
		n.period = time.Duration(float64(n.path.RTT+SYN) / n.window)
	}
}
