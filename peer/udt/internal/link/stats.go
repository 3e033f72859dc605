package link

import "time"

// Stats are counters since the link was opened, and what holds now.
type Stats struct {
	PacketsSent     uint64 // data, with retransmissions
	PacketsReceived uint64 // data that was new
	BytesSent       uint64 // payload, with retransmissions
	BytesReceived   uint64 // payload that was new
	Retransmitted   uint64
	SenderLosses    uint64 // packets that entered the sender's loss list by NAK or time-out
	ReceiverLosses  uint64 // packets that were missing when a later one came
	Duplicates      uint64
	AcksSent        uint64 // full ones
	AcksReceived    uint64
	NaksSent        uint64
	NaksReceived    uint64
	Probes          uint64 // of a sender that got no answer
	Timeouts        uint64
	Expired         uint64 // drop requests for messages whose time was over
	Oversized       uint64 // messages that do not fit the receive buffer, and were lost
	Beyond          uint64 // data packets outside the receive window
	Malformed       uint64
	Lies            uint64 // ACKs, NAKs and drop requests outside the window

	RTT, RTTVar time.Duration
	Period      time.Duration // between two packets that are sent
	Window      int           // packets, of the congestion control
	FlowWindow  int           // packets that the other end takes
	InFlight    int           // packets
	Unacked     int           // packets that were written and not acknowledged, of at most [Config].SendBuffer
	Unread      int           // packets that have come, or whose room is kept, and were not read
	Rate        float64       // packets per second that arrive at the other end; 0 if unknown
	Capacity    float64       // packets per second of the link; 0 if unknown
}

// Lost is what a link has lost, of all that [Stats] counts.
type Lost struct{ Oversized, Malformed uint64 }

// Lost returns what was lost so far.
func (l *Link) Lost() Lost { return Lost{l.stats.Oversized, l.stats.Malformed} }

// Stats returns the counters.
func (l *Link) Stats() Stats {
	s := l.stats
	s.RTT, s.RTTVar = l.rtt.mean, l.rtt.variance
	if c := l.send.control; c != nil {
		s.Period, s.Window = c.Period(), c.Window()
	}
	s.FlowWindow, s.InFlight = l.send.flow, l.send.inFlight()
	s.Unacked, s.Unread = l.Unacknowledged(), l.recv.newest.Next().Sub(l.recv.ring.First())
	s.Rate, s.Capacity = l.send.path.Rate, l.send.path.Capacity
	return s
}
