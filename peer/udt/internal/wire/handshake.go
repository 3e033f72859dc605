package wire

import (
	"net/netip"
	"slices"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// Handshake opens a connection (draft-gg-udt-03, "Connection Setup and shutdown"):
//
//	word 0   version, 4
//	word 1   socket type: 1 stream, 2 messages (the draft's 0 and 1 are not what is sent)
//	word 2   initial sequence number
//	word 3   maximum segment size in bytes, with the headers of IPv4 and UDP
//	word 4   flight window in packets
//	word 5   request type
//	word 6   socket ID of the sender
//	word 7   cookie
//	words 8-11  IP address of the receiver, each word byte-reversed; IPv4 in word 8 alone
type Handshake struct {
	To      ID // 0 but for answers
	Version uint32
	Mode    Mode
	ISN     seqno.Seq
	MSS     uint32
	Window  uint32
	Request Request
	From    ID
	Cookie  uint32
	Peer    netip.Addr // IPv4, or IPv6 without a zone; the zero Addr is sent as 0.0.0.0
}

// Version is the only version that there is.
const Version = 4

// A Mode is the type of a socket.
type Mode uint32

// The modes.
const (
	Stream   Mode = 1
	Messages Mode = 2
)

// A Request says which step of a handshake a packet is.
type Request int32

// The requests.
const (
	Ask        Request = 1 // of a client; the listener's cookie comes back in the same
	Rendezvous Request = 0
	Conclude   Request = -1 // of a client with a cookie, or a rendezvous peer that heard the other; also the answer
	Agree      Request = -2 // of a rendezvous peer that is connected already
	Refuse     Request = 1002
)

// HandshakeSize is the length in bytes of a handshake. The library answers to no other.
const HandshakeSize = HeaderSize + 48

// AppendBinary appends the packet to b.
func (h Handshake) AppendBinary(b []byte) ([]byte, error) {
	b = appendControl(b, TypeHandshake, 0, 0, h.To)
	b = appendWords(b, h.Version, uint32(h.Mode), uint32(h.ISN), h.MSS, h.Window, uint32(h.Request), uint32(h.From), h.Cookie)
	var ip [16]byte
	if h.Peer.Is4() {
		four := h.Peer.As4()
		copy(ip[:], four[:])
	} else if h.Peer.IsValid() {
		ip = h.Peer.As16()
	}
	reverseWords(&ip)
	return append(b, ip[:]...), nil
}

// ParseHandshake reads a handshake. More bytes than there should be are ignored.
func ParseHandshake(c Control) (Handshake, error) {
	if c.Type != TypeHandshake {
		return Handshake{}, errType
	}
	if len(c.Body) < HandshakeSize-HeaderSize {
		return Handshake{}, errLength
	}
	ip := [16]byte(c.Body[32:48])
	reverseWords(&ip)
	addr := netip.AddrFrom16(ip)
	if [12]byte(ip[4:]) == [12]byte{} {
		addr = netip.AddrFrom4([4]byte(ip[:4]))
	}
	return Handshake{
		To:      c.To,
		Version: word(c.Body, 0),
		Mode:    Mode(word(c.Body, 1)),
		ISN:     seqno.Seq(word(c.Body, 2)) & seqno.Max,
		MSS:     word(c.Body, 3),
		Window:  word(c.Body, 4),
		Request: Request(word(c.Body, 5)),
		From:    ID(word(c.Body, 6)),
		Cookie:  word(c.Body, 7),
		Peer:    addr,
	}, nil
}

// reverseWords turns each word of ip around: the library keeps addresses as little-endian numbers.
func reverseWords(ip *[16]byte) {
	for i := 0; i < len(ip); i += 4 {
		slices.Reverse(ip[i : i+4])
	}
}
