package buffer_test

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A counted ring counts how often a slot is looked at.
type counted struct {
	*buffer.Ring
	looks int
}

func (c *counted) Slot(s seqno.Seq) *buffer.Slot {
	c.looks++
	return c.Ring.Slot(s)
}

// TestJoinTakesAsLongForLongMessages: however many packets came before.
func TestJoinTakesAsLongForLongMessages(t *testing.T) {
	const packets, each = 10_000, 8
	first := seqno.Max.Add(-packets / 2)
	ring := buffer.NewRing(buffer.NewPool(8), first)
	defer ring.Clear()
	c := &counted{Ring: &ring}
	var last buffer.Run
	for i, offset := range rand.New(rand.NewPCG(1, 2)).Perm(packets) {
		s, place := first.Add(offset), wire.Place(7)
		switch offset {
		case 0:
			place |= wire.First
		case packets - 1:
			place |= wire.Last
		}
		ring.Put(s, place, nil)
		last = buffer.Join(c, s)
		if whole := last.IsWhole(c); whole != (i == packets-1) {
			t.Fatalf("after packet %d of %d IsWhole() = %t", i+1, packets, whole)
		}
	}
	if want := (buffer.Run{First: first, Last: first.Add(packets - 1)}); last != want {
		t.Errorf("Join of the last packet to come = %v, want %v", last, want)
	}
	if c.looks > each*packets {
		t.Errorf("%d packets of one message were looked at %d times, want at most %d each", packets, c.looks, each)
	}
}

// TestRunsAreWhatAWalkFinds, in any order of packets of any kind.
func TestRunsAreWhatAWalkFinds(t *testing.T) {
	pool := buffer.NewPool(8)
	rapid.Check(t, func(t *rapid.T) {
		const packets = 40
		first := seqno.Max.Add(-packets / 2)
		ring := buffer.NewRing(pool, first)
		defer ring.Clear()
		for _, offset := range rapid.Permutation(seq(packets)).Draw(t, "order") {
			s := first.Add(offset)
			flags := rapid.SampledFrom([]wire.Place{0, 0, 0, wire.First, wire.Last}).Draw(t, "flags")
			ring.Put(s, flags|wire.Place(rapid.IntRange(1, 2).Draw(t, "message")), nil)
			got, want := buffer.Join(&ring, s), walk(&ring, s)
			if got != want || buffer.RunFrom(&ring, want.First) != want {
				t.Fatalf("Join(%d) = %v and RunFrom(%d) = %v, want %v", s, got, want.First, buffer.RunFrom(&ring, want.First), want)
			}
		}
	})
}

func seq(n int) (s []int) {
	for i := range n {
		s = append(s, i)
	}
	return s
}

// walk looks for the run of s packet by packet.
func walk(ring *buffer.Ring, s seqno.Seq) buffer.Run {
	goesOn := func(a, b seqno.Seq) bool {
		return ring.Holds(a) == buffer.Full && ring.Holds(b) == buffer.Full && ring.Slot(a).Place&wire.Last == 0 &&
			ring.Slot(b).Place&wire.First == 0 && ring.Slot(a).Place.Message() == ring.Slot(b).Place.Message()
	}
	r := buffer.Run{First: s, Last: s}
	for ring.First().Before(r.First) && goesOn(r.First.Add(-1), r.First) {
		r.First = r.First.Add(-1)
	}
	for goesOn(r.Last, r.Last.Next()) {
		r.Last = r.Last.Next()
	}
	return r
}
