// Package cc decides how fast to send.
package cc

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// SYN is the interval of UDT's rate control and of its full ACKs.
const SYN = 10 * time.Millisecond

// A Path is what a connection knows about its way to the other end. The connection keeps it up to date.
type Path struct {
	MSS       int           // bytes, headers included
	MaxWindow int           // packets: the flight window of the other end
	LastSent  seqno.Seq     // the newest packet sent
	Heard     seqno.Seq     // all before it has arrived, or was lost and told so
	Lost      int           // packets that the other end has told to be missing
	Again     int           // packets that were sent again
	RTT       time.Duration // smoothed
	Rate      float64       // packets per second that arrive at the other end, smoothed; 0 if unknown
	LastRate  float64       // the same, as it was told last
	Capacity  float64       // packets per second of the narrowest link, smoothed; 0 if unknown
	Limited   bool          // there is nothing to send that the window would not allow
}

// A Controller reacts to what the other end says. Times are those of its caller.
type Controller interface {
	Acked(now time.Duration, next seqno.Seq) // a full ACK came: all before next has arrived
	Lost(now time.Duration, first seqno.Seq) // a NAK came, and this is the first packet in it
	TimedOut(now time.Duration)              // nothing came although packets are on their way
	Window() int                             // packets that may be on their way
	Period() time.Duration                   // between two packets
}
