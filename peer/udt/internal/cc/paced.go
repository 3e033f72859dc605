package cc

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// Paced sends at the rate at which packets are acknowledged, as BBR does (draft-cardwell-iccrg-bbr-
// congestion-control-00, simplified): it looks now and then whether more goes through, and bounds what is
// on its way by that rate and the shortest round trip. Loss alone does not slow it down, so that it fills
// links that lose packets by themselves. Loss while round trips are longer than they need to be is that of
// a full queue, and lowers how much may be on its way.
type Paced struct {
	path *Path

	started    bool // the rate is known, and not growing as it did at the start
	window     float64
	bound      float64             // of the window, by what queues had no room for
	bent       bool                // the bound was lowered at the end of the last round
	rates      [rateRounds]float64 // packets per second of the last rounds, a ring
	round      int                 // that is going on
	phase      int                 // of the gains
	best       float64             // the highest in rates
	highest    float64             // rate at the start
	plateau    int                 // rounds without growth since
	beginAt    time.Duration       // of the round
	beginHeard seqno.Seq
	beginLost  int
	beginAgain int
	heard      seqno.Seq
	limited    bool // in this round there was not always something to send

	shortest   time.Duration // round trip of late
	shortestAt time.Duration
}

const (
	rateRounds   = 10 // that a rate counts
	startGain    = 2.0
	shortestLife = 10 * time.Second
	muchLess     = 8
	unknownMost  = 1024 // packets on their way before any rate is known
	leastPackets = 16   // in a round trip, the library's first window
	untilAck     = 4096 // packets at most for what is sent until the next ACK
	bendGain     = 0.75
	mostLost     = 12 // one of so many may be lost in a round, and leastLost more, before that is too much
	leastLost    = 8
	leastQueue   = 500 * time.Microsecond // in round trips that are too long
)

// gains are by how much the pace differs from the rate in successive rounds: one to let go what the start,
// or the last of them, has piled up, some to cruise, and one to look whether more goes through.
var gains = [8]float64{0.75, 1, 1, 1, 1, 1, 1, 1.25}

// NewPaced returns a controller for a connection whose first packet is first.
func NewPaced(path *Path, first seqno.Seq) *Paced {
	return &Paced{path: path, window: firstWindow, bound: float64(path.MaxWindow), heard: first, beginHeard: first, beginAt: -1}
}

// Window implements [Controller].
func (p *Paced) Window() int { return int(p.window) }

// Period implements [Controller].
func (p *Paced) Period() time.Duration {
	if p.best == 0 {
		return time.Microsecond
	}
	gain := startGain
	if p.started {
		gain = gains[p.phase%len(gains)]
	}
	return max(1, time.Duration(1e9/max(p.best*gain, p.least())))
}

// least is the rate at which it sends however little went through so far: that may be because there was
// no more to send. Its packets on their way are leastPackets at most, so that it yields to a queue.
func (p *Paced) least() float64 { return leastPackets / max(p.path.RTT, SYN).Seconds() }

// Acked implements [Controller].
func (p *Paced) Acked(now time.Duration, _ seqno.Seq) { p.progress(now) }

// progress takes in that more has arrived.
func (p *Paced) progress(now time.Duration) {
	if p.beginAt < 0 {
		p.begin(now)
	}
	if advance := p.path.Heard.Sub(p.heard); advance > 0 {
		p.heard = p.path.Heard
		if !p.started {
			p.window += float64(advance)
		}
	}
	if p.path.RTT <= p.shortest || p.shortest == 0 || now-p.shortestAt > shortestLife {
		p.shortest, p.shortestAt = p.path.RTT, now
	}
	p.limited = p.limited || p.path.Limited
	if now-p.beginAt >= max(p.path.RTT, SYN) {
		p.measure(now)
		p.begin(now)
	}
	p.setWindow()
}

func (p *Paced) begin(now time.Duration) {
	p.beginAt, p.beginHeard, p.limited = now, p.heard, p.path.Limited
	p.beginLost, p.beginAgain = p.path.Lost, p.path.Again
}

// measure ends a round.
func (p *Paced) measure(now time.Duration) {
	lost := p.path.Lost - p.beginLost
	p.bend(lost, p.heard.Sub(p.beginHeard))
	arrived := p.heard.Sub(p.beginHeard) - max(0, lost-(p.path.Again-p.beginAgain))
	rate := float64(max(0, arrived)) / (now - p.beginAt).Seconds()
	if told := p.path.LastRate; told*muchLess > rate { // else the other end does not know it yet
		rate = min(rate, told) // some of what was heard of is lost
	}
	if p.limited && rate < p.best {
		return // a rate that says nothing of the path
	}
	p.round++
	p.rates[p.round%rateRounds] = rate
	p.best = 0
	for _, r := range p.rates {
		p.best = max(p.best, r)
	}
	if p.started {
		p.phase++
	} else {
		p.grow(p.best)
	}
}

// bend moves the bound by what was lost in a round. Packets wait in a queue if the round trip is longer
// than it must be: as long as they do, the path is full with less on its way. A queue too short to show
// that loses many.
func (p *Paced) bend(lost, of int) {
	queued := p.path.RTT > p.shortest+p.shortest/4+leastQueue
	full := lost > 0 && queued || lost > leastLost+of/mostLost
	switch {
	case !full:
		p.bound = min(float64(p.path.MaxWindow), p.bound+p.bound/128+1)
	case !p.bent: // else what was lost was on its way before
		p.bound = max(firstWindow, p.best*p.shortest.Seconds(), min(p.bound, p.window)*bendGain)
		p.started = p.started || queued
	}
	p.bent = full && !p.bent
}

// grow sees whether a start is over, as the rate grows no more.
func (p *Paced) grow(rate float64) {
	if rate > p.highest*1.25 {
		p.highest, p.plateau = rate, 0
		return
	}
	p.plateau++
	p.started = p.plateau >= 3
}

// setWindow bounds what is on its way by what the path holds, and what comes until the next ACK.
func (p *Paced) setWindow() {
	most := float64(p.path.MaxWindow)
	if p.started {
		p.window = p.best*(p.shortest*5/4).Seconds() + min(p.best*SYN.Seconds(), untilAck) + firstWindow
	}
	if p.best == 0 {
		most = min(most, unknownMost)
	}
	p.window = min(p.window, most, p.bound)
}

// Lost implements [Controller].
func (p *Paced) Lost(now time.Duration, _ seqno.Seq) {
	p.progress(now)
}

// TimedOut implements [Controller]. What was known of the path may not hold any more.
func (p *Paced) TimedOut(now time.Duration) {
	for i := range p.rates {
		p.rates[i] /= 2
	}
	p.best /= 2
	p.begin(now)
}
