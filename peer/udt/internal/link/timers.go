package link

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

const (
	leastExpiry   = 300 * time.Millisecond // of the EXP timer, as in the library
	mostKeepAlive = time.Second
)

// A roundTrip is the round trip time and its variance, both smoothed (draft, "Timers"; the order of the
// steps is the library's).
type roundTrip struct {
	mean, variance time.Duration
	measured       bool
}

func newRoundTrip(known time.Duration) roundTrip {
	if known > 0 {
		return roundTrip{mean: known, variance: known / 2}
	}
	return roundTrip{mean: 100 * time.Millisecond, variance: 50 * time.Millisecond}
}

// longest bounds what is believed of a round trip.
const longest = 10 * time.Second

// measure takes in what was measured here. The first one counts in full.
func (r *roundTrip) measure(rtt time.Duration) {
	if !r.measured {
		r.measured, r.mean, r.variance = true, rtt, rtt/2
		return
	}
	r.smooth(rtt)
}

func (r *roundTrip) smooth(rtt time.Duration) {
	rtt = min(rtt, longest)
	r.variance = (3*r.variance + (rtt - r.mean).Abs()) / 4
	r.mean = (7*r.mean + rtt) / 8
}

// patience is how long an answer may take.
func (r *roundTrip) patience() time.Duration { return r.mean + 4*r.variance }

// setExpiry starts the EXP timer (draft, "Timers").
func (l *Link) setExpiry(now time.Duration) {
	n := time.Duration(l.expiries)
	l.expiry = now + max(n*l.rtt.patience()+cc.SYN, n*leastExpiry)
}

// expiryDue returns when the EXP timer has something to do: it sends again what is on its way.
func (l *Link) expiryDue() time.Duration {
	if l.send.next == l.send.ring.First() {
		return never
	}
	return l.expiry
}

// keepAliveAt returns when the other end is to be told that this one is there. It is the same moment for
// many idle links, whose packets then leave together.
func (l *Link) keepAliveAt() time.Duration {
	interval := mostKeepAlive
	if l.cfg.Idle > 0 {
		interval = min(interval, l.cfg.Idle/4)
	}
	beat := interval/8 + 1
	return (l.spoke + interval + beat).Truncate(beat)
}

func (l *Link) checkTimers(now time.Duration) {
	if l.cfg.Idle > 0 && now-l.heard >= l.cfg.Idle {
		l.end(ErrIdle)
	}
	l.send.checkProbe(l, now)
	if now < l.expiryDue() {
		return
	}
	l.expiries++
	l.setExpiry(now)
	l.send.timeOut(l, now)
}

func (l *Link) pollKeepAlive(b []byte, now time.Duration) []byte {
	if now < l.keepAliveAt() {
		return b
	}
	b, _ = wire.NewKeepAlive(l.cfg.Peer).AppendBinary(b)
	return b
}
