package wire

import "linecook.dev/linecook/peer/udt/internal/seqno"

// Ack2 answers a full ACK, by its number, so that its receiver learns the round trip time
// (draft-gg-udt-03, "Packet Structures", type 6). The additional information is the number; there is no
// body.
type Ack2 struct {
	To     ID
	Number seqno.Seq
}

// AppendBinary appends the packet to b.
func (a Ack2) AppendBinary(b []byte) ([]byte, error) {
	return appendWords(appendControl(b, TypeAck2, 0, uint32(a.Number), a.To), 0), nil
}

// ParseAck2 reads an ACK2.
func ParseAck2(c Control) (Ack2, error) {
	if c.Type != TypeAck2 {
		return Ack2{}, errType
	}
	return Ack2{To: c.To, Number: seqno.Seq(c.Info) & seqno.Max}, nil
}
