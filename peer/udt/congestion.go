package udt

import (
	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// A Congestion is a way to find out how fast to send.
type Congestion int

// The ways. Both get on with the reference library, which has its own.
const (
	Paced  Congestion = iota // at the rate that goes through, whether packets are lost or not
	Native                   // as the reference library does
)

func (c Congestion) controller(path *Path, first Seq) Controller {
	if c == Native {
		return cc.NewNative(path, first, uint64(randomWord()))
	}
	return cc.NewPaced(path, first)
}

// A Controller decides how fast a connection sends (draft-gg-udt-03, "Configurable Congestion Control
// (CCC)"). Its calls come one at a time, with the lock of the connection held: it must not wait, nor call
// the connection. Times are what has passed since a moment of the port's.
type Controller = cc.Controller

// A Path is what a Controller is told of the way to the other end. It changes between calls.
type Path = cc.Path

// A Seq is the number of a packet: 31 bits, followed by 0. Compare them with its methods.
type Seq = seqno.Seq
