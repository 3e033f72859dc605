package wire

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// Ack says what has arrived (draft-gg-udt-03, "Packet Structures", type 2). Its additional information
// is the number of the ACK, 0 in a light one. The body has one word, four or six:
//
//	word 0   next sequence number expected: everything before it has arrived
//	word 1   round trip time in microseconds
//	word 2   its variance in microseconds
//	word 3   free receive buffer in packets (the draft's bytes are not what is sent)
//	word 4   rate of arrival in packets per second, 0 when unknown
//	word 5   capacity of the link in packets per second
//
// The library reads four words of whatever is not exactly one word long.
type Ack struct {
	To     ID
	Number seqno.Seq // 0 for a light ACK, which has Next and nothing more
	Next   seqno.Seq

	RTT, RTTVar    time.Duration // in whole microseconds
	Free           uint32        // packets
	HasRates       bool
	Rate, Capacity uint32 // packets per second; only with HasRates
}

// IsLight reports whether the ACK tells a position and nothing more, and is not answered.
func (a Ack) IsLight() bool { return a.Number == 0 }

// AppendBinary appends the packet to b.
func (a Ack) AppendBinary(b []byte) ([]byte, error) {
	b = appendWords(appendControl(b, TypeAck, 0, uint32(a.Number), a.To), uint32(a.Next))
	if a.IsLight() {
		return b, nil
	}
	b = appendWords(b, microseconds(a.RTT), microseconds(a.RTTVar), a.Free)
	if a.HasRates {
		b = appendWords(b, a.Rate, a.Capacity)
	}
	return b, nil
}

// ParseAck reads an ACK. One that has a body of one word is light, whatever its number.
func ParseAck(c Control) (Ack, error) {
	if c.Type != TypeAck {
		return Ack{}, errType
	}
	if len(c.Body) < 4 || len(c.Body) > 4 && len(c.Body) < 16 {
		return Ack{}, errLength
	}
	a := Ack{To: c.To, Next: seqno.Seq(word(c.Body, 0)) & seqno.Max}
	if len(c.Body) == 4 {
		return a, nil
	}
	a.Number = seqno.Seq(c.Info) & seqno.Max
	if a.IsLight() {
		return a, nil
	}
	a.RTT = time.Duration(word(c.Body, 1)) * time.Microsecond
	a.RTTVar = time.Duration(word(c.Body, 2)) * time.Microsecond
	a.Free = word(c.Body, 3)
	if a.HasRates = len(c.Body) >= 24; a.HasRates {
		a.Rate, a.Capacity = word(c.Body, 4), word(c.Body, 5)
	}
	return a, nil
}

func microseconds(d time.Duration) uint32 { return uint32(d / time.Microsecond) }
