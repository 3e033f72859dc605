package wire

import (
	"iter"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// Nak says what is missing (draft-gg-udt-03, "Packet Structures", type 3). Its body is a list of packets
// in increasing order. A word without its top bit is one packet; a word with it is the first of a range,
// of which the next word is the last:
//
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|0|                          one packet                         |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|1|                     first packet of many                    |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|0|                       the last of them                      |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
type Nak struct {
	To   ID
	list []byte // valid; refers to the packet
}

// rangeMark is the top bit of the first number of a range.
const rangeMark = 1 << 31

// NewNak returns a NAK without packets. [AppendLoss] adds them to what its AppendBinary appended.
func NewNak(to ID) Nak { return Nak{To: to} }

// AppendLoss appends the packets from first to last to the body of the NAK at the end of b.
func AppendLoss(b []byte, first, last seqno.Seq) []byte {
	if first == last {
		return appendWords(b, uint32(first))
	}
	return appendWords(b, uint32(first)|rangeMark, uint32(last))
}

// AppendBinary appends the packet to b.
func (n Nak) AppendBinary(b []byte) ([]byte, error) {
	return append(appendControl(b, TypeNak, 0, 0, n.To), n.list...), nil
}

// Losses returns the ranges, the first and the last packet of each.
func (n Nak) Losses() iter.Seq2[seqno.Seq, seqno.Seq] {
	return func(yield func(first, last seqno.Seq) bool) {
		for i := 0; i < len(n.list)/4; i++ {
			first := word(n.list, i)
			last := first
			if first&rangeMark != 0 {
				i++
				first, last = first&^rangeMark, word(n.list, i)
			}
			if !yield(seqno.Seq(first), seqno.Seq(last)) {
				return
			}
		}
	}
}

// ParseNak reads a NAK.
func ParseNak(c Control) (Nak, error) {
	if c.Type != TypeNak {
		return Nak{}, errType
	}
	if len(c.Body) == 0 {
		return Nak{}, errLength
	}
	for i, words := 0, len(c.Body)/4; i < words; i++ {
		if word(c.Body, i)&rangeMark == 0 {
			continue
		}
		if i++; i == words || word(c.Body, i)&rangeMark != 0 {
			return Nak{}, errRange
		}
	}
	return Nak{To: c.To, list: c.Body}, nil
}
