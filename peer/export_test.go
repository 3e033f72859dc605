package peer

import (
	"net/netip"
	"time"
)

// Backoffs returns the pauses after attempts that brought connections of these lives.
func Backoffs(random float64, lives ...time.Duration) (pauses []time.Duration) {
	var b backoff
	for _, life := range lives {
		pauses = append(pauses, b.next(life, random))
	}
	return pauses
}

// A ContactBook is the peers of a datagram socket, with the time as an argument.
type ContactBook struct{ c contacts }

// NewContactBook returns a book of at most limit peers, which are forgotten after idle.
func NewContactBook(limit int, idle time.Duration) *ContactBook {
	return &ContactBook{newContacts(limit, idle)}
}

// Hear notes a message from a.
func (b *ContactBook) Hear(a netip.AddrPort, now time.Time) {
	if p := b.c.byAddr[a]; p != nil {
		b.c.heard(p, now)
		return
	}
	b.c.add(&Peer{addr: a}, now)
}

// Knows reports whether a is in the book.
func (b *ContactBook) Knows(a netip.AddrPort) bool { return b.c.byAddr[a] != nil }

// Len returns how many peers the book has.
func (b *ContactBook) Len() int { return len(b.c.byAddr) }
