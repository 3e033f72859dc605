package peer_test

import (
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linecook.dev/linecook/peer"
)

func addr(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 9000)
}

// Whatever is heard when, a peer that has sent twice within the last 10 s is known, as long as there
// are not more such peers than there is room; silent ones are forgotten; the limit holds.
func TestContacts(t *testing.T) {
	const limit, idle, proven = 8, 60 * time.Second, 10 * time.Second
	rapid.Check(t, func(t *rapid.T) {
		b := peer.NewContactBook(limit, idle)
		now := time.Unix(0, 0)
		heard := map[int][]time.Time{}
		for range rapid.IntRange(1, 200).Draw(t, "messages") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond)
			from := rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(4, 500)).Draw(t, "from")
			known := b.Knows(addr(from))
			b.Hear(addr(from), now)
			if !known {
				heard[from] = nil // what a peer sent before it was forgotten does not count
			}
			heard[from] = append(heard[from], now)
			if b.Len() > limit {
				t.Fatalf("%d peers are known, want at most %d", b.Len(), limit)
			}
			for i := range 4 {
				times := heard[i]
				if n := len(times); n >= 2 && now.Sub(times[n-2]) <= proven && !b.Knows(addr(i)) {
					t.Fatalf("peer %d was heard at %v and %v; at %v it is not known", i, times[n-2], times[n-1], now)
				}
			}
		}
	})
}

func TestSilentContactsAreForgotten(t *testing.T) {
	b := peer.NewContactBook(8, time.Minute)
	start := time.Unix(0, 0)
	b.Hear(addr(1), start)
	b.Hear(addr(2), start)
	b.Hear(addr(2), start.Add(time.Second))
	b.Hear(addr(3), start.Add(61*time.Second))
	if b.Knows(addr(1)) || !b.Knows(addr(2)) || !b.Knows(addr(3)) {
		t.Errorf("after 61 s known are 1: %t, 2: %t, 3: %t; want those heard in the last minute, 2 and 3",
			b.Knows(addr(1)), b.Knows(addr(2)), b.Knows(addr(3)))
	}
}
