package wire

import "linecook.dev/linecook/peer/udt/internal/seqno"

// Data is a data packet (draft-gg-udt-03, "Packet Structures"):
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|0|                     packet sequence number                  |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|F|L|O|                    message number                       |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                           time stamp                          |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                     destination socket ID                     |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                            payload                            |
type Data struct {
	Seq     seqno.Seq
	Place   Place
	Time    uint32 // microseconds since the sender's socket was opened; wraps
	To      ID
	Payload []byte // refers to the packet
}

// A Place is what a data packet is in its message: the second word of the header. In a stream it means
// nothing.
type Place uint32

// The flags of a Place. A message of one packet has First and Last.
const (
	First   Place = 1 << 31
	Last    Place = 1 << 30
	InOrder Place = 1 << 29 // to be delivered after all messages before it
)

// Message returns the number of the message.
func (p Place) Message() seqno.Message { return seqno.Message(p &^ (First | Last | InOrder)) }

// AppendBinary appends the packet to b.
func (d Data) AppendBinary(b []byte) ([]byte, error) {
	b = appendWords(b, uint32(d.Seq&seqno.Max), uint32(d.Place), d.Time, uint32(d.To))
	return append(b, d.Payload...), nil
}

// ParseData reads a data packet.
func ParseData(p []byte) (Data, error) {
	if len(p) < HeaderSize {
		return Data{}, errShort
	}
	if IsControl(p) {
		return Data{}, errType
	}
	return Data{
		Seq:     seqno.Seq(word(p, 0)),
		Place:   Place(word(p, 1)),
		Time:    word(p, 2),
		To:      ID(word(p, 3)),
		Payload: p[HeaderSize:],
	}, nil
}
