package handshake

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A Rendezvous connects to one who does the same at the same time (draft-gg-udt-03, "Rendezvous
// Connection Setup").
type Rendezvous struct {
	turn
	offer  Offer
	own    wire.Request
	other  wire.Handshake // what the other end offers, once it was heard
	agreed bool
	err    error
}

// NewRendezvous returns one that has said nothing yet.
func NewRendezvous(o Offer, now time.Duration) *Rendezvous {
	return &Rendezvous{turn: turn{now}, offer: o, own: wire.Rendezvous}
}

// Poll appends a packet to b if one is to be sent now.
func (r *Rendezvous) Poll(b []byte, now time.Duration) []byte {
	if r.agreed || !r.take(now) {
		return b
	}
	return r.say(r.own, b)
}

func (r *Rendezvous) say(own wire.Request, b []byte) []byte {
	h := r.offer.request(own)
	h.To = r.other.From
	b, _ = h.AppendBinary(b)
	return b
}

// Receive takes in a handshake from the other end's address.
func (r *Rendezvous) Receive(h wire.Handshake, now time.Duration) {
	switch {
	case r.agreed || h.Request == wire.Ask:
	case r.own == wire.Conclude && (h.Request == wire.Conclude || h.Request == wire.Agree):
		r.agreed = true
	case Plausible(h) && (r.own == wire.Rendezvous || h.Request == wire.Rendezvous):
		if h.Version == wire.Version && h.Mode != r.offer.Mode {
			r.agreed, r.err = true, ErrMode
			return
		}
		r.other, r.own = h, wire.Conclude
		r.turn.at = now
	}
}

// Heard says that the other end has sent something else than a handshake: it is connected.
func (r *Rendezvous) Heard() { r.agreed = r.agreed || r.own == wire.Conclude }

// Answer appends what a connected peer says to one that is not yet.
func (r *Rendezvous) Answer(h wire.Handshake, b []byte) []byte {
	if h.Request == wire.Agree {
		return b
	}
	return r.say(wire.Agree, b)
}

// Done returns what was agreed on, once that is decided.
func (r *Rendezvous) Done() (a Agreement, done bool, err error) {
	return r.offer.agree(r.other), r.agreed, r.err
}
