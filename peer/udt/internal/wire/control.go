package wire

import (
	"encoding/binary"
	"fmt"
)

// A Type is a kind of control packet.
type Type uint16

// The types that the library knows. Others are to be ignored, but count as a sign of life.
const (
	TypeHandshake  Type = 0
	TypeKeepAlive  Type = 1
	TypeAck        Type = 2
	TypeNak        Type = 3
	TypeCongestion Type = 4
	TypeShutdown   Type = 5
	TypeAck2       Type = 6
	TypeDrop       Type = 7
	TypePeerError  Type = 8
	TypeUser       Type = 0x7fff
)

func (t Type) String() string {
	names := [...]string{"handshake", "keep-alive", "ACK", "NAK", "congestion warning", "shutdown", "ACK2", "drop request", "peer error"}
	if int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("type %#x", uint16(t))
}

// Control is any control packet (draft-gg-udt-03, "Packet Structures"):
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|1|             type            |         extended type         |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                     additional information                    |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                           time stamp                          |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                     destination socket ID                     |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                             body                              |
//
// The time stamp is always 0, as in the library. The library's bodies of nothing are 4 zero bytes.
type Control struct {
	Type     Type
	Extended uint16
	Info     uint32
	To       ID
	Body     []byte // a multiple of 4 bytes; refers to the packet
}

var nothing = []byte{0, 0, 0, 0}

// NewKeepAlive returns the packet that says only that its sender is there.
func NewKeepAlive(to ID) Control { return Control{Type: TypeKeepAlive, To: to, Body: nothing} }

// NewShutdown returns the packet that ends a connection, both ways.
func NewShutdown(to ID) Control { return Control{Type: TypeShutdown, To: to, Body: nothing} }

// AppendBinary appends the packet to b.
func (c Control) AppendBinary(b []byte) ([]byte, error) {
	return append(appendControl(b, c.Type, c.Extended, c.Info, c.To), c.Body...), nil
}

// ParseControl reads a control packet of any type.
func ParseControl(p []byte) (Control, error) {
	switch {
	case len(p) < HeaderSize:
		return Control{}, errShort
	case !IsControl(p):
		return Control{}, errType
	case len(p)%4 != 0:
		return Control{}, errLength
	}
	first := word(p, 0)
	return Control{
		Type:     Type(first >> 16 & 0x7fff),
		Extended: uint16(first),
		Info:     word(p, 1),
		To:       ID(word(p, 3)),
		Body:     p[HeaderSize:],
	}, nil
}

func appendControl(b []byte, t Type, extended uint16, info uint32, to ID) []byte {
	return appendWords(b, 1<<31|uint32(t)<<16|uint32(extended), info, 0, uint32(to))
}

func appendWords(b []byte, words ...uint32) []byte {
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

// word returns the i-th word of b.
func word(b []byte, i int) uint32 { return binary.BigEndian.Uint32(b[4*i:]) }
