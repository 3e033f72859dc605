package link_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/simnet"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// toldOfPairs returns the capacity, in packets per second, that a sender of a pair now and then is told of.
func toldOfPairs(t *testing.T, path simnet.Conditions) float64 {
	r := newRig(t, rigConfig{mode: wire.Stream, conditions: both(path)})
	next := r.now
	for packets := 0; packets < 16*20; {
		r.run(time.Second, func() bool { return r.now >= next })
		packets += 2
		r.ends[0].Write(make([]byte, 2*1456))
		next += 10 * time.Millisecond
		r.run(time.Second, func() bool { return r.ends[0].Unacknowledged() == 0 })
	}
	return r.ends[0].Stats().Capacity
}

// TestPairsThatComeAtOnceAreOfAFastLink: however slow its sender is. A library sender that is told of little
// capacity takes minutes to speed up again after a loss.
func TestPairsThatComeAtOnceAreOfAFastLink(t *testing.T) {
	const least = 750_000 // of which a ninth, which is what it goes by after a loss, is a gigabit per second
	if got := toldOfPairs(t, simnet.Conditions{Delay: time.Millisecond}); got < least {
		t.Errorf("the sender of pairs is told of a capacity of %.0f packets per second, want at least %d", got, least)
	}
}

// TestPairsOfASlowLink tell what the link carries.
func TestPairsOfASlowLink(t *testing.T) {
	const link = 100e6 / 8 / 1472 // packets per second
	got := toldOfPairs(t, simnet.Conditions{Delay: time.Millisecond, Rate: 100e6 / 8, Queue: 1 << 16})
	if got < link*0.8 || got > link*1.25 {
		t.Errorf("the sender of pairs over a link of %.0f packets per second is told of %.0f", link, got)
	}
}
