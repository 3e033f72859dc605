package buffer

import (
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// Slots are packets by number, from a first one on, as a [Ring] has them.
type Slots interface {
	First() seqno.Seq
	Slot(seqno.Seq) *Slot
}

// A Run is packets of one message, one after the other, and all Full.
type Run struct{ First, Last seqno.Seq }

// Join makes packet s, which has just become Full, a run with those of its message on both sides. The first and
// the last packet of a run know each other, so that this takes as long for a message of many packets as for a short one.
func Join(in Slots, s seqno.Seq) Run {
	r := Run{s, s}
	slot := in.Slot(s)
	if before := s.Add(-1); in.First().Before(s) && isFollowed(in.Slot(before), slot) {
		r.First = in.Slot(before).other
	}
	if after := in.Slot(s.Next()); isFollowed(slot, after) {
		r.Last = after.other
	}
	in.Slot(r.First).other, in.Slot(r.Last).other = r.Last, r.First
	return r
}

// isFollowed reports whether the packet in the slot after is of the same message.
func isFollowed(slot, after *Slot) bool {
	return slot != nil && after != nil && slot.State == Full && after.State == Full &&
		slot.Place&wire.Last == 0 && after.Place&wire.First == 0 && slot.Place.Message() == after.Place.Message()
}

// RunFrom returns the run that begins with packet first.
func RunFrom(in Slots, first seqno.Seq) Run { return Run{first, in.Slot(first).other} }

// IsWhole reports whether the run is all of its message.
func (r Run) IsWhole(in Slots) bool {
	return in.Slot(r.First).Place&wire.First != 0 && in.Slot(r.Last).Place&wire.Last != 0
}
