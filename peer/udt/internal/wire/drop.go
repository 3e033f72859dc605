package wire

import "linecook.dev/linecook/peer/udt/internal/seqno"

// Drop tells a receiver not to wait for a message any more (draft-gg-udt-03, "Packet Structures", type
// 7). The additional information is the number of the message; the body is two words:
//
//	word 0   first sequence number given up
//	word 1   last sequence number given up
//
// The library says one too many: its last is the first packet of the next message.
type Drop struct {
	To          ID
	Message     seqno.Message
	First, Last seqno.Seq
}

// AppendBinary appends the packet to b.
func (d Drop) AppendBinary(b []byte) ([]byte, error) {
	return appendWords(appendControl(b, TypeDrop, 0, uint32(d.Message), d.To), uint32(d.First), uint32(d.Last)), nil
}

// ParseDrop reads a drop request.
func ParseDrop(c Control) (Drop, error) {
	switch {
	case c.Type != TypeDrop:
		return Drop{}, errType
	case len(c.Body) < 8:
		return Drop{}, errLength
	case c.Info >= 1<<29:
		return Drop{}, errMessage
	}
	return Drop{
		To:      c.To,
		Message: seqno.Message(c.Info),
		First:   seqno.Seq(word(c.Body, 0)) & seqno.Max,
		Last:    seqno.Seq(word(c.Body, 1)) & seqno.Max,
	}, nil
}
