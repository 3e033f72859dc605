package peer

import (
	"net/netip"
	"time"
)

// provenWithin is how close together two messages of a datagram peer must be, and how long ago the
// first of them, for newcomers not to evict it (reliability R15).
const provenWithin = 10 * time.Second

// contacts are the datagram peers of a socket, by source address. Peers that keep sending are told
// apart from those that have been heard once in a while, which are forgotten first.
type contacts struct {
	max     int
	idle    time.Duration
	byAddr  map[netip.AddrPort]*Peer
	once    ring // heard last at the front
	regular ring
}

// A contact is a peer's place among the contacts.
type contact struct {
	prev, next *Peer
	in         *ring
	last       time.Time // its latest message
	before     time.Time // the one before that
}

func newContacts(limit int, idle time.Duration) contacts {
	return contacts{max: limit, idle: idle, byAddr: map[netip.AddrPort]*Peer{}}
}

// heard notes a message of p, which is among the contacts.
func (c *contacts) heard(p *Peer, now time.Time) {
	p.contact.before, p.contact.last = p.contact.last, now
	p.contact.in.remove(p)
	if now.Sub(p.contact.before) <= provenWithin {
		c.regular.push(p)
	} else {
		c.once.push(p)
	}
}

// add makes p a contact, and reports whether another one had to go for it, and whether there was
// room at all.
func (c *contacts) add(p *Peer, now time.Time) (evicted, ok bool) {
	c.expire(now)
	if len(c.byAddr) >= c.max {
		if !c.evict(now) {
			return false, false
		}
		evicted = true
	}
	p.contact.last = now
	c.byAddr[p.addr] = p
	c.once.push(p)
	return evicted, true
}

// evict forgets the contact that is worth least, unless all have sent twice lately.
func (c *contacts) evict(now time.Time) bool {
	p := c.once.back
	if p == nil {
		p = c.regular.back
		if now.Sub(p.contact.before) <= provenWithin {
			return false
		}
	}
	c.remove(p)
	return true
}

// expire forgets contacts that were not heard for too long.
func (c *contacts) expire(now time.Time) {
	for _, r := range []*ring{&c.once, &c.regular} {
		for r.back != nil && now.Sub(r.back.contact.last) > c.idle {
			c.remove(r.back)
		}
	}
}

func (c *contacts) remove(p *Peer) {
	if p.contact.in == nil {
		return
	}
	p.contact.in.remove(p)
	delete(c.byAddr, p.addr)
}

// A ring is a list of peers, linked through them.
type ring struct{ front, back *Peer }

func (r *ring) push(p *Peer) {
	p.contact.in, p.contact.prev, p.contact.next = r, nil, r.front
	if r.front != nil {
		r.front.contact.prev = p
	} else {
		r.back = p
	}
	r.front = p
}

func (r *ring) remove(p *Peer) {
	prev, next := p.contact.prev, p.contact.next
	if prev != nil {
		prev.contact.next = next
	} else {
		r.front = next
	}
	if next != nil {
		next.contact.prev = prev
	} else {
		r.back = prev
	}
	p.contact.in, p.contact.prev, p.contact.next = nil, nil, nil
}
