package table

import (
	"slices"
	"sync/atomic"
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
	refs  atomic.Bool // a cell may refer to the chunk's arena or peers
}

// refer notes that a cell of kind k is to be set. It comes before the cell.
func (c *column) refer(k Kind) {
	if k >= KindPeer && !c.refs.Load() {
		c.refs.Store(true)
	}
}

// A chunk is a run of rows. Its header (all fields but what they point at) is copied when rows
// are committed, so that the Writer may go on filling it while a reader looks at the copy: cells
// of rows that were committed, and bytes of the arena they refer to, never change again.
type chunk struct {
	first  uint64 // number of its first row
	n      int    // rows in use
	rows   int    // rows it has room for
	cols   []atomic.Pointer[column]
	arena  []byte
	peers  []Peer
	size   int    // bytes it counts for, in a table or among a Writer's free chunks
	waste  int    // bytes of the arena and of peers that edits left without a cell
	copied uint64 // how many Snapshots the table had made when this copy was made
	gone   *gaps  // rows that were removed; nil for none
	spare  *gaps  // empty, for when a row is removed
	gapped uint64 // no Snapshot made before the one of this number has gone
}

func newChunk(first uint64, width int) *chunk {
	return &chunk{first: first, rows: rowsFor(width), cols: make([]atomic.Pointer[column], width)}
}

// rowsFor returns how many rows a chunk of a table with width columns holds.
func rowsFor(width int) int {
	return min(chunkRows, max(1, chunkBytes/(cellBytes*max(1, width))))
}

// end returns the number of the row after its last one.
func (c *chunk) end() uint64 { return c.first + uint64(c.n) }

// reuse makes c an empty chunk that begins at row first and has at least width columns.
func (c *chunk) reuse(first uint64, width int) {
	c.truncate(0, 0, 0)
	c.first, c.waste, c.copied, c.gapped = first, 0, 0, 0
	for k := range c.cols {
		if col := c.cols[k].Load(); col != nil && col.refs.Load() {
			col.refs.Store(false)
		}
	}
	if c.gone != nil {
		*c.gone, c.spare, c.gone = gaps{}, c.gone, nil
	}
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
	clear(c.peers[peers:])
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
	if uint(i) >= uint(len(c.cols)) {
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

// bytes returns what the chunk's rows take. It depends on the rows alone, not on what the chunk
// was used for before, so that the same rows expire in every run.
func (c *chunk) bytes() int {
	used := 0
	for i := range c.cols {
		col := c.cols[i].Load()
		if col != nil && slices.ContainsFunc(col.kinds[:c.n], func(k Kind) bool { return k != KindNil }) {
			used++
		}
	}
	return used*c.rows*cellBytes + len(c.arena) + peerBytes*len(c.peers)
}

// memory returns what the chunk has allocated, in bytes.
func (c *chunk) memory() int {
	made := 0
	for i := range c.cols {
		if c.cols[i].Load() != nil {
			made++
		}
	}
	return made*c.rows*cellBytes + cap(c.arena)
}
