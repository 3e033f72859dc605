package table

import (
	"sync/atomic"
)

// DefaultBytes is the most memory that the rows of one table take, in bytes, unless told
// otherwise (64 MiB). Past it the oldest rows go, delivered or not.
const DefaultBytes = 64 << 20

// Limits bound a table. The zero Limits leaves rows unbounded and bytes at [DefaultBytes].
type Limits struct {
	Rows  int // rows in the window; 0: as many as Bytes has room for
	Bytes int // memory of all rows, the undelivered ones included; 0: DefaultBytes
}

// A Table is what a node has put out. It belongs to the goroutine that cooks.
type Table struct {
	View
	limits  Limits
	version uint64 // moves with every change
	epoch   uint64 // moves when readers must forget what they know
	bytes   int    // of chunks

	backing []*chunk // chunks is its tail
	cursors []*Cursor
	shown   uint64 // rows below it are in a Snapshot: their chunks are never used again
	latest  atomic.Pointer[Snapshot]
	dropped uint64
}

// New returns an empty table without columns.
func New(limits Limits) *Table {
	t := &Table{View: View{schema: noColumns}}
	t.SetLimits(limits)
	return t
}

// Limits returns the table's bounds.
func (t *Table) Limits() Limits { return t.limits }

// SetLimits changes the table's bounds, from the next commit on.
func (t *Table) SetLimits(l Limits) {
	if l.Bytes <= 0 {
		l.Bytes = DefaultBytes
	}
	t.limits, t.rows = l, l.Rows
}

// Version returns a number that changes whenever the table does.
func (t *Table) Version() uint64 { return t.version }

// Dropped returns how many rows went, over Limits.Bytes, before every reader had seen them.
func (t *Table) Dropped() uint64 { return t.dropped }

// Commit makes what w has written part of the table and reports whether that changed anything.
// The same Writer must be given every time.
func (t *Table) Commit(w *Writer) bool { return t.CommitTo(w, w.end) }

// CommitTo is Commit for the rows below end only; what w has beyond is committed later.
func (t *Table) CommitTo(w *Writer, end uint64) bool {
	base, epoch := max(t.base, w.base), t.epoch
	if w.reset || len(w.edits) > 0 {
		epoch++
	}
	if t.limits.Rows > 0 && end > uint64(t.limits.Rows) {
		base = max(base, end-uint64(t.limits.Rows))
	}
	changed := end != t.end || base != t.base || epoch != t.epoch || w.schema != t.schema
	if !changed {
		return false
	}
	t.link(w)
	t.schema, t.base, t.end, t.epoch = w.schema, min(base, end), end, epoch
	t.version++
	t.bound()
	t.Release(w)
	w.committed = w.Mark()
	return true
}

// link takes over the chunks that w has filled, and applies its edits.
func (t *Table) link(w *Writer) {
	for _, c := range w.full {
		c.size = c.bytes()
		t.bytes += c.size
		t.push(c)
	}
	clear(w.full)
	w.full, w.reset = w.full[:0], false
	t.showTail(w)
	if len(w.edits) > 0 {
		for _, e := range w.edits {
			t.edit(w, e)
		}
		w.edits = w.edits[:0]
		t.showTail(w)
	}
}

func (t *Table) showTail(w *Writer) {
	if w.open != nil {
		t.tail = *w.open
	}
}

// push adds a chunk to the list. The list is made anew when it is full and a Snapshot shares it.
func (t *Table) push(c *chunk) {
	if cap(t.chunks) == len(t.chunks) && len(t.backing) > 2*len(t.chunks) && t.shown == 0 {
		n := copy(t.backing, t.chunks)
		clear(t.backing[n:])
		t.chunks = t.backing[:n]
	}
	grown := cap(t.chunks) == len(t.chunks)
	t.chunks = append(t.chunks, c)
	if grown {
		t.backing = t.chunks[:cap(t.chunks)]
	}
}

// edit changes one cell. A chunk that a Snapshot shows is replaced by a copy.
func (t *Table) edit(w *Writer, e edit) {
	if e.row < t.oldest() || e.row >= w.end {
		return
	}
	c := w.open
	if e.row < c.first {
		c = t.chunkOf(e.row)
	}
	if c.first < t.shown {
		fresh := c.clone()
		t.replace(c, fresh)
		if c == w.open {
			w.open = fresh
		}
		c = fresh
	}
	c.set(int(e.row-c.first), e.col, e.value)
}

func (t *Table) replace(old, fresh *chunk) {
	t.chunks = append([]*chunk(nil), t.chunks...)
	t.backing = t.chunks
	for i, c := range t.chunks {
		if c == old {
			t.chunks[i] = fresh
		}
	}
}

// bound drops the oldest chunks while the table is over its limit of bytes.
func (t *Table) bound() {
	for t.bytes+t.tail.bytes() > t.limits.Bytes && len(t.chunks) > 0 {
		c := t.chunks[0]
		next := c.first + uint64(c.n)
		t.miss(next)
		t.base = max(t.base, min(next, t.end))
		t.shift()
	}
}

// miss tells the readers that have not seen all rows below next that they never will.
func (t *Table) miss(next uint64) {
	for _, cur := range t.cursors {
		if cur.end < next {
			lost := min(next, t.end) - cur.end
			cur.missed += lost
			t.dropped += lost
			cur.end, cur.live = next, false
		} else if cur.base < next {
			cur.live = false
		}
	}
}

// Release gives back the memory of rows that are expired and that every reader has passed. Commit
// does so too.
func (t *Table) Release(w *Writer) {
	hold := t.base
	for _, cur := range t.cursors {
		if cur.live {
			hold = min(hold, cur.base)
		}
	}
	for len(t.chunks) > 0 {
		c := t.chunks[0]
		if c.first+uint64(c.n) > hold {
			return
		}
		t.shift()
		if c.first >= t.shown {
			w.recycle(c)
		}
	}
}

func (t *Table) shift() {
	t.bytes -= t.chunks[0].size
	t.chunks = t.chunks[1:]
}

// Snapshot publishes the table as it is now for [Table.Latest], and returns it.
func (t *Table) Snapshot() *Snapshot {
	if s := t.latest.Load(); s != nil && s.version == t.version {
		return s
	}
	s := &Snapshot{View: t.View, version: t.version}
	s.chunks = s.chunks[:len(s.chunks):len(s.chunks)]
	t.shown = t.tail.first + uint64(t.tail.n)
	t.latest.Store(s)
	return s
}

// Latest returns the newest Snapshot, or nil before the first. Any goroutine may call it; it takes
// no lock.
func (t *Table) Latest() *Snapshot { return t.latest.Load() }

// A Snapshot is a table at one moment. It never changes and any goroutine may read it.
type Snapshot struct {
	View
	version uint64
}

// Version returns the version of the table that the Snapshot shows.
func (s *Snapshot) Version() uint64 { return s.version }
