package link_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/link"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// TestIdleLinksWakeTogether: an idle link is looked at once a second, to say that it is there, at the
// same moment as others.
func TestIdleLinksWakeTogether(t *testing.T) {
	const begin, seconds = time.Second, 100
	moments := map[time.Duration]bool{}
	wakes := 0
	for i := range 100 {
		opened := begin + time.Duration(i)*time.Millisecond
		end := newIdle(opened)
		for now := end.Next(); now < begin+seconds*time.Second; now = end.Next() {
			if packet := end.Poll(nil, now); len(packet) == 0 {
				t.Fatalf("woken at %v to say nothing", now)
			}
			wakes++
			moments[now] = true
		}
	}
	if wakes > 100*seconds || len(moments) > 10*seconds {
		t.Errorf("100 idle links are woken %d times in %d s, at %d moments", wakes, seconds, len(moments))
	}
}

func newIdle(opened time.Duration) *link.Link {
	return link.New(link.Config{Peer: 1, Mode: wire.Stream, MSS: 1500, PeerWindow: 8192, SendBuffer: 8192, RecvBuffer: 8192, Opened: opened}, opened)
}
