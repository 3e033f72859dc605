package table

import (
	"slices"
	"sync/atomic"
	"unsafe"
)

const (
	chunkRows  = 256       // rows in a chunk of ordinary width
	chunkBytes = 512 << 10 // a chunk of a wide table has fewer rows, to stay near this size
	arenaBytes = 256 << 10 // a chunk whose arena has grown past this is full
	cellBytes  = 9         // kind and payload
)

// A column is one column of one chunk. Its zero kinds make every cell nil.
type column struct {
	kinds []Kind
	nums  []uint64
}

// A chunk is a run of rows. Its header (all fields but what they point at) is copied when rows
// are committed, so that the Writer may go on filling it while a reader looks at the copy: cells
// of rows that were committed, and bytes of the arena they refer to, never change again.
type chunk struct {
	first uint64 // number of its first row
	n     int    // rows in use
	rows  int    // rows it has room for
	cols  []atomic.Pointer[column]
	arena []byte
	peers []Peer
	size  int // bytes it counts for while it is in a table, once full
}

func newChunk(first uint64, width int) *chunk {
	return &chunk{first: first, rows: rowsFor(width), cols: make([]atomic.Pointer[column], width)}
}

// rowsFor returns how many rows a chunk of a table with width columns holds.
func rowsFor(width int) int {
	return min(chunkRows, max(1, chunkBytes/(cellBytes*max(1, width))))
}

// reuse makes c an empty chunk that begins at row first and has at least width columns.
func (c *chunk) reuse(first uint64, width int) {
	for i := range c.cols {
		if col := c.cols[i].Load(); col != nil {
			clear(col.kinds[:c.n])
		}
	}
	clear(c.peers)
	c.first, c.n, c.arena, c.peers = first, 0, c.arena[:0], c.peers[:0]
	if len(c.cols) < width {
		c.widen(width)
	}
}

// truncate takes back all rows from row i on, and what the arena and the peers gained with them.
func (c *chunk) truncate(i, arena, peers int) {
	for k := range c.cols {
		if col := c.cols[k].Load(); col != nil {
			clear(col.kinds[i:c.n])
		}
	}
	c.n, c.arena, c.peers = i, c.arena[:arena], c.peers[:peers]
}

// widen makes room for width columns. Readers keep the list they know.
func (c *chunk) widen(width int) {
	cols := make([]atomic.Pointer[column], width)
	for i := range c.cols {
		cols[i].Store(c.cols[i].Load())
	}
	c.cols = cols
}

// column returns column i, or nil if all its cells are nil.
func (c *chunk) column(i int) *column {
	if i >= len(c.cols) {
		return nil
	}
	return c.cols[i].Load()
}

// grow returns column i, made if there was none.
func (c *chunk) grow(i int) *column {
	if i >= len(c.cols) {
		c.widen(max(i+1, min(2*len(c.cols), MaxColumns)))
	}
	col := c.cols[i].Load()
	if col == nil {
		col = &column{kinds: make([]Kind, c.rows), nums: make([]uint64, c.rows)}
		c.cols[i].Store(col)
	}
	return col
}

// value returns the cell in row i of the chunk.
func (c *chunk) value(i, col int) Value {
	cells := c.column(col)
	if cells == nil {
		return Value{}
	}
	k, num := cells.kinds[i], cells.nums[i]
	switch {
	case k == KindPeer:
		return Value{kind: k, peer: c.peers[num]}
	case k.arena():
		return Value{kind: k, str: c.text(num)}
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
	for i := len(c.peers) - 1; i >= 0; i-- {
		if c.peers[i] == p {
			return uint64(i)
		}
	}
	c.peers = append(c.peers, p)
	return uint64(len(c.peers) - 1)
}

// bytes returns about how much memory the chunk takes.
func (c *chunk) bytes() int {
	used := 0
	for i := range c.cols {
		if c.cols[i].Load() != nil {
			used++
		}
	}
	return used*c.rows*cellBytes + cap(c.arena)
}

// set changes a cell of row i.
func (c *chunk) set(i, col int, v Value) {
	cells := c.grow(col)
	num := v.num
	switch {
	case v.kind == KindPeer:
		num = c.hold(v.peer)
	case v.kind.arena():
		num = c.keep(v.str)
	}
	cells.kinds[i], cells.nums[i] = v.kind, num
}

// clone returns a copy of c that shares no cells with it.
func (c *chunk) clone() *chunk {
	d := &chunk{first: c.first, n: c.n, rows: c.rows, cols: make([]atomic.Pointer[column], len(c.cols))}
	d.arena, d.peers = slices.Clone(c.arena), slices.Clone(c.peers)
	for i := range c.cols {
		if col := c.cols[i].Load(); col != nil {
			d.cols[i].Store(&column{slices.Clone(col.kinds), slices.Clone(col.nums)})
		}
	}
	return d
}
