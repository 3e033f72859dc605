package table

import (
	"sync/atomic"
	"unsafe"
)

const (
	maxArena  = 64 << 20 // bytes of text in one chunk; a row beyond it has its cells cut
	peerBytes = 16       // a peer in a chunk's list
	peersBack = 8        // how far back in a chunk's list of peers the same one is looked for
)

// value returns the cell in row i of the chunk.
func (c *chunk) value(i, col int) Value {
	cells := c.column(col)
	if cells == nil {
		return Value{}
	}
	k, num := cells.kinds[i], cells.nums[i]
	switch {
	case k.arena():
		return Value{kind: k, str: c.text(num)}
	case k == KindPeer:
		return Value{kind: k, peer: c.peers[num]}
	case k == KindNil:
		return Value{}
	}
	return Value{kind: k, num: num}
}

// text returns the part of the arena that an arena cell's payload names: offset and length, 32
// bits each. Committed bytes never change while they can be reached, so the string is sound.
func (c *chunk) text(num uint64) string {
	return alias(c.arena[num>>32:][:num&0xffffffff])
}

// alias returns b as a string without copying it.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// keep puts s into the arena and returns the payload that names it.
func (c *chunk) keep(s string) uint64 {
	at := uint64(len(c.arena))
	c.arena = append(c.arena, s...)
	return at<<32 | uint64(len(s))
}

// hold returns the payload of a cell that holds p.
func (c *chunk) hold(p Peer) uint64 {
	for i := len(c.peers) - 1; i >= max(0, len(c.peers)-peersBack); i-- {
		if c.peers[i] == p {
			return uint64(i)
		}
	}
	c.peers = append(c.peers, p)
	return uint64(len(c.peers) - 1)
}

// set changes a cell of row i.
func (c *chunk) set(i, col int, v Value) {
	cells := c.grow(col)
	switch k, num := cells.kinds[i], cells.nums[i]; {
	case k.arena():
		c.waste += int(num & 0xffffffff)
	case k == KindPeer:
		c.waste += peerBytes
	}
	cells.refer(v.kind)
	cells.kinds[i], cells.nums[i] = v.kind, c.payload(v)
}

// payload returns the eight bytes of v's cell, and keeps what they refer to.
func (c *chunk) payload(v Value) uint64 {
	switch {
	case v.kind == KindPeer:
		return c.hold(v.peer)
	case v.kind.arena():
		return c.keep(v.str)
	}
	return v.num
}

// wasteful reports whether a copy of the chunk would be much smaller.
func (c *chunk) wasteful() bool {
	return c.waste > arenaBytes && c.waste > (len(c.arena)+peerBytes*len(c.peers))/2
}

// clone returns a copy of c that shares nothing with it and wastes nothing.
func (c *chunk) clone() *chunk {
	d := &chunk{first: c.first, n: c.n, rows: c.rows, size: c.size, gapped: c.gapped}
	if c.gone != nil {
		d.gone = new(*c.gone)
	}
	d.cols = make([]atomic.Pointer[column], len(c.cols))
	for col := range c.cols {
		if c.column(col) == nil {
			continue
		}
		cells := d.grow(col)
		for i := range c.n {
			v := c.value(i, col)
			cells.refer(v.kind)
			cells.kinds[i], cells.nums[i] = v.kind, d.payload(v)
		}
	}
	return d
}
