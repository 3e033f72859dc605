// Package handshake opens connections, without sockets or clocks: each end of a handshake is told what
// came and asked for what to send. Time is what has passed since an epoch of the caller's.
package handshake

import (
	"errors"
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// The reasons why there is no connection.
var (
	ErrRefused = errors.New("connection refused")
	ErrMode    = errors.New("the other end has not the same mode, stream or messages")
	ErrISN     = errors.New("the other end chose its own first sequence number")
)

// repeatAfter is how long an answer is waited for.
const repeatAfter = 250 * time.Millisecond

// Limits of what is taken from the other end.
const (
	LeastMSS    = 76 // bytes
	mostMSS     = 65535
	leastWindow = 2 // packets
)

// An Offer is what one end proposes.
type Offer struct {
	ID     wire.ID
	Mode   wire.Mode
	ISN    seqno.Seq
	MSS    int // bytes, headers included
	Window int // packets
	Peer   netip.Addr
}

func (o Offer) request(r wire.Request) wire.Handshake {
	return wire.Handshake{
		Version: wire.Version, Mode: o.Mode, ISN: o.ISN, MSS: uint32(o.MSS), Window: uint32(o.Window),
		Request: r, From: o.ID, Peer: o.Peer,
	}
}

// An Agreement is what both ends know when they are connected.
type Agreement struct {
	Peer             wire.ID
	SendISN, RecvISN seqno.Seq
	MSS              int           // bytes, the smaller one
	PeerWindow       int           // packets
	RTT              time.Duration // of the handshake; 0 if unknown
}

// agree returns what follows from the other end's handshake.
func (o Offer) agree(h wire.Handshake) Agreement {
	return Agreement{
		Peer: h.From, SendISN: o.ISN, RecvISN: h.ISN,
		MSS: min(o.MSS, int(h.MSS)), PeerWindow: int(min(h.Window, 1<<20)),
	}
}

// Plausible reports whether a connection could follow from h.
func Plausible(h wire.Handshake) bool {
	return h.From > 0 && h.From <= wire.MaxID && h.MSS >= LeastMSS && h.MSS <= mostMSS && h.Window >= leastWindow
}

// A turn says when the next packet is to be sent.
type turn struct{ at time.Duration }

func (t *turn) Next() time.Duration { return t.at }

// take reports whether it is time, and sets the next one.
func (t *turn) take(now time.Duration) bool {
	if now < t.at {
		return false
	}
	t.at = now + repeatAfter
	return true
}
