package cc_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/cc"
)

func TestSlowStartGrowsByWhatIsAcknowledged(t *testing.T) {
	path := &cc.Path{MSS: 1500, MaxWindow: 200, RTT: 10 * time.Millisecond}
	n := cc.NewNative(path, 0, 1)
	begin := n.Window()
	n.Acked(cc.SYN, 50)
	if got := n.Window(); got != begin+50 {
		t.Errorf("after an ACK of 50 packets Window() = %d, want %d", got, begin+50)
	}
	n.Acked(cc.SYN+1, 100)
	if got := n.Window(); got != begin+50 {
		t.Errorf("after an ACK sooner than SYN Window() = %d, want %d", got, begin+50)
	}
}

func TestSlowStartEndsAtTheRateOfArrival(t *testing.T) {
	path := &cc.Path{MSS: 1500, MaxWindow: 8192, RTT: 10 * time.Millisecond, Rate: 1000}
	n := cc.NewNative(path, 0, 1)
	n.Lost(0, 5)
	if got := n.Period(); got != time.Millisecond {
		t.Errorf("after a loss at 1000 packets per second Period() = %v, want 1ms", got)
	}
}

func TestLossSlowsDownAndAcksSpeedUp(t *testing.T) {
	path := &cc.Path{MSS: 1500, MaxWindow: 8192, RTT: 10 * time.Millisecond, Rate: 1000, Capacity: 10000, LastSent: 100}
	n := cc.NewNative(path, 0, 1)
	n.Lost(0, 5)
	n.Lost(0, 6)
	slow := n.Period()
	if want := 1125 * time.Microsecond; slow != want {
		t.Errorf("after a second loss Period() = %v, want %v", slow, want)
	}
	for i := range 20 {
		before := n.Period()
		n.Acked(time.Duration(i+1)*cc.SYN, 100)
		if after := n.Period(); after > before {
			t.Errorf("ACK %d raises the period from %v to %v", i, before, after)
		}
	}
	if n.Period() >= slow {
		t.Errorf("after 20 ACKs Period() = %v, want less than %v", n.Period(), slow)
	}
}
