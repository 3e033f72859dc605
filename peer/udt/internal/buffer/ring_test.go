package buffer_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// TestRingIsAMap compares the ring with a map, in a window that moves across the wrap.
func TestRingIsAMap(t *testing.T) {
	pool := buffer.NewPool(8)
	rapid.Check(t, func(t *rapid.T) {
		const window = 500
		first := seqno.Max.Add(-window)
		ring, held := buffer.NewRing(pool, first), map[seqno.Seq][]byte{}
		defer ring.Clear()
		some := func(t *rapid.T) seqno.Seq { return first.Add(rapid.IntRange(0, window).Draw(t, "offset")) }
		t.Repeat(map[string]func(*rapid.T){
			"Put": func(t *rapid.T) {
				s, payload := some(t), rapid.SliceOfN(rapid.Byte(), 0, 10).Draw(t, "payload")
				held[s] = payload[:min(8, len(payload))]
				if n := ring.Put(s, 0, payload); n != len(held[s]) {
					t.Fatalf("Put of %d bytes = %d", len(payload), n)
				}
			},
			"RemoveBefore": func(t *rapid.T) {
				first = some(t)
				ring.RemoveBefore(first)
				for s := range held {
					if s.Before(first) {
						delete(held, s)
					}
				}
			},
			"": func(t *rapid.T) {
				if ring.First() != first {
					t.Fatalf("First() = %d, want %d", ring.First(), first)
				}
				for i := range window + 1 {
					s := first.Add(i)
					want, ok := held[s]
					if got := ring.Holds(s); (got == buffer.Full) != ok {
						t.Fatalf("Holds(%d) = %v, want a payload: %t", s, got, ok)
					}
					if ok && !bytes.Equal(ring.Slot(s).Payload, want) {
						t.Fatalf("packet %d has payload %q, want %q", s, ring.Slot(s).Payload, want)
					}
				}
			},
		})
	})
}
