package handshake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/udt/internal/wire"
)

// Cookies prove that a client gets what is sent to its address. They cost no memory.
type Cookies struct{ key [16]byte }

// NewCookies returns cookies that nobody can guess.
func NewCookies() *Cookies {
	var c Cookies
	_, _ = rand.Read(c.key[:]) // does not fail
	return &c
}

// Answer returns what a listener says to a client that has no cookie yet. It is as long as the question.
func (c *Cookies) Answer(h wire.Handshake, from netip.AddrPort, now time.Duration) wire.Handshake {
	h.To, h.Cookie = h.From, c.of(from, minute(now))
	return h
}

// Valid reports whether h has the cookie of its source, of this minute or the last.
func (c *Cookies) Valid(h wire.Handshake, from netip.AddrPort, now time.Duration) bool {
	m := minute(now)
	return h.Cookie == c.of(from, m) || h.Cookie == c.of(from, m-1)
}

// of is a hash of the key and a text of fixed length, which fit one block.
func (c *Cookies) of(from netip.AddrPort, minute int64) uint32 {
	b := make([]byte, 0, sha256.BlockSize)
	ip := from.Addr().As16()
	b = append(append(b, c.key[:]...), ip[:]...)
	b = binary.BigEndian.AppendUint16(b, from.Port())
	b = binary.BigEndian.AppendUint64(b, uint64(minute))
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint32(sum[:])
}

func minute(now time.Duration) int64 { return int64(now / time.Minute) }

// Refusal returns what a listener says to a client that it does not want.
func Refusal(h wire.Handshake) wire.Handshake {
	h.To, h.Request = h.From, wire.Refuse
	return h
}

// Accept returns what follows for a listener that offers o from the request h with a valid cookie, and
// its answer. The first sequence number is the client's, both ways: the library takes no other.
func Accept(o Offer, h wire.Handshake) (Agreement, wire.Handshake) {
	o.ISN = h.ISN
	a := o.agree(h)
	answer := o.request(wire.Conclude)
	answer.To, answer.MSS, answer.Cookie = h.From, uint32(a.MSS), h.Cookie
	return a, answer
}
