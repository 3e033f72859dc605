// Package buffer keeps packets between the network and the application, by sequence number.
package buffer

import (
	"sync"
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// pageSize is how many packets share one piece of memory: 46 KiB at the usual MSS.
const pageSize = 32

// A State says what a slot holds.
type State uint8

// The states.
const (
	Empty State = iota // nothing has arrived
	Full               // a payload
	Gone               // a payload that was delivered out of order, or given up
)

// A Slot is the place of one packet.
type Slot struct {
	Payload []byte // memory of the ring, valid until the ring passes the packet
	Place   wire.Place
	State   State
	other   seqno.Seq     // the last packet of the run that begins here, or the first of the one that ends here
	Expires time.Duration // when a sender gives the packet up; 0 means never
}

// A Pool has spare pages for rings whose payloads have the same size.
type Pool struct {
	payload int
	pages   sync.Pool
}

// NewPool returns a pool for payloads of at most payload bytes.
func NewPool(payload int) *Pool {
	p := &Pool{payload: payload}
	p.pages.New = func() any { return &page{data: make([]byte, pageSize*payload)} }
	return p
}

// Payload returns the most bytes that a payload may have.
func (p *Pool) Payload() int { return p.payload }

type page struct {
	slots [pageSize]Slot
	data  []byte
}

// A Ring keeps packets from its first on. It has memory only for pages that hold some.
type Ring struct {
	pool  *Pool
	pages []*page   // page n at n % len, a power of two
	index uint64    // of the first packet, from when the ring was made
	first seqno.Seq // its sequence number
}

// NewRing returns an empty ring that begins with packet first.
func NewRing(pool *Pool, first seqno.Seq) Ring { return Ring{pool: pool, first: first} }

// First returns the first packet that is kept.
func (r *Ring) First() seqno.Seq { return r.first }

// Slot returns the slot of packet s, which is not before the first; nil if nothing near it is held.
func (r *Ring) Slot(s seqno.Seq) *Slot {
	i := r.indexOf(s)
	n := i / pageSize
	if n-r.index/pageSize >= uint64(len(r.pages)) {
		return nil
	}
	if p := *r.at(n); p != nil {
		return &p.slots[i%pageSize]
	}
	return nil
}

// Holds reports what the slot of s holds.
func (r *Ring) Holds(s seqno.Seq) State {
	if slot := r.Slot(s); slot != nil {
		return slot.State
	}
	return Empty
}

// Make returns the slot of packet s, which is not before the first.
func (r *Ring) Make(s seqno.Seq) *Slot {
	i := r.indexOf(s)
	n := i / pageSize
	for n-r.index/pageSize >= uint64(len(r.pages)) {
		r.grow()
	}
	p := r.at(n)
	if *p == nil {
		*p = r.pool.pages.Get().(*page)
	}
	return &(*p).slots[i%pageSize]
}

// Put keeps payload, of which as much is copied as a payload may have, in the slot of s. It returns how
// much that was.
func (r *Ring) Put(s seqno.Seq, place wire.Place, payload []byte) int {
	slot := r.Make(s)
	slot.Payload = append(r.memory(s)[:0], payload[:min(len(payload), r.pool.payload)]...)
	slot.Place, slot.State, slot.Expires = place, Full, 0
	return len(slot.Payload)
}

// Extend appends to the payload of s, up to size bytes in all, and returns how much was appended.
func (r *Ring) Extend(s seqno.Seq, payload []byte, size int) int {
	slot := r.Slot(s)
	n := min(len(payload), min(size, r.pool.payload)-len(slot.Payload))
	slot.Payload = append(slot.Payload, payload[:n]...)
	return n
}

// RemoveBefore forgets the packets before s, which then is the first.
func (r *Ring) RemoveBefore(s seqno.Seq) {
	from := r.index
	to := r.indexOf(s)
	for n := from / pageSize; n < to/pageSize && n-from/pageSize < uint64(len(r.pages)); n++ {
		r.free(r.at(n))
	}
	r.index, r.first = to, s
}

// Clear gives all memory of packets back. The first packet stays what it is.
func (r *Ring) Clear() {
	for i := range r.pages {
		r.free(&r.pages[i])
	}
}

func (r *Ring) indexOf(s seqno.Seq) uint64 { return r.index + uint64(s.Sub(r.first)) }

func (r *Ring) at(n uint64) **page { return &r.pages[n&uint64(len(r.pages)-1)] }

// memory returns where the payload of s goes.
func (r *Ring) memory(s seqno.Seq) []byte {
	i := r.indexOf(s)
	size, at := r.pool.payload, int(i%pageSize)
	return (*r.at(i / pageSize)).data[at*size : (at+1)*size : (at+1)*size]
}

func (r *Ring) grow() {
	old := *r
	r.pages = make([]*page, max(1, 2*len(old.pages)))
	first := r.index / pageSize
	for n := first; n-first < uint64(len(old.pages)); n++ {
		*r.at(n) = *old.at(n)
	}
}

func (r *Ring) free(p **page) {
	if *p != nil {
		(*p).slots = [pageSize]Slot{}
		r.pool.pages.Put(*p)
		*p = nil
	}
}
