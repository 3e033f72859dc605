package link_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/simnet"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// TestPairsThatComeAtOnceAreOfAFastLink: however slow its sender is. A library sender that is told of little
// capacity takes minutes to speed up again after a loss.
func TestPairsThatComeAtOnceAreOfAFastLink(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Stream, conditions: both(simnet.Conditions{Delay: time.Millisecond})})
	const every, least = 10 * time.Millisecond, 100_000 // packets per second
	next := r.now
	for packets := 0; packets < 16*20; {
		r.run(time.Second, func() bool { return r.now >= next })
		packets += 2
		r.ends[0].Write(make([]byte, 2*1456))
		next += every
		r.run(time.Second, func() bool { return r.ends[0].Unacknowledged() == 0 })
	}
	if got := r.ends[0].Stats().Capacity; got < least {
		t.Errorf("the sender of pairs is told of a capacity of %.0f packets per second, want at least %d", got, least)
	}
}
