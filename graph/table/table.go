package table

import (
	"slices"
	"sync/atomic"
)

// DefaultBytes is the most memory that the rows of one table take, in bytes, unless told
// otherwise (64 MiB). Past it the oldest rows go, delivered or not.
const DefaultBytes = 64 << 20

// Limits bound a table. The zero Limits leaves rows unbounded and bytes at [DefaultBytes].
type Limits struct {
	Rows int // rows in the window; 0: as many as Bytes has room for

	// Bytes is the memory of all rows that are kept, give or take a chunk of some hundred rows; 0
	// means DefaultBytes. The window may take seven eighths of it; the rest is for rows that
	// expired and that a reader still has to see, or see go.
	Bytes int
}

// A Table is what a node has put out. It belongs to the goroutine that cooks.
type Table struct {
	View
	limits  Limits
	version uint64 // moves with every change
	epoch   uint64 // moves when readers must forget what they know
	cursors []*Cursor
	dropped uint64

	removals []uint64 // rows that were removed in this epoch
	removed  uint64   // how many were ever

	list      []*chunk // all of the array that chunks is a part of
	bytes     int      // of chunks
	dead      int      // how many chunks, from the front, have only rows that expired
	deadBytes int      // of those

	latest    atomic.Pointer[Snapshot]
	shown     uint64 // rows below it are in a Snapshot
	snapshots uint64 // how many were made
	shared    bool   // a Snapshot has the list
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
	l.Rows = max(0, l.Rows)
	t.limits, t.rows = l, l.Rows
}

// Version returns a number that changes whenever the table does.
func (t *Table) Version() uint64 { return t.version }

// Voided returns a number that moves when what was read of the table before is void: cells of rows that are
// there were changed, or rows were taken out of the middle.
func (t *Table) Voided() uint64 { return t.epoch + t.removed }

// Dropped returns how many rows went, over Limits.Bytes, before every reader had seen them.
func (t *Table) Dropped() uint64 { return t.dropped }

// Commit makes what w has written part of the table and reports whether that changed anything.
// The same Writer must be given every time.
func (t *Table) Commit(w *Writer) bool { return t.CommitTo(w, w.end) }

// CommitTo is Commit for the rows below end only; what w has beyond is committed later, and is
// safe from [Writer.Rollback].
func (t *Table) CommitTo(w *Writer, end uint64) bool {
	end = min(max(end, t.end), w.end)
	base := max(t.base, w.base)
	if t.limits.Rows > 0 && end > uint64(t.limits.Rows) {
		base = max(base, end-uint64(t.limits.Rows))
	}
	base = min(base, end)
	again := w.reset || len(w.edits) > 0
	if !again && len(w.removed) == 0 && end == t.end && base == t.base && w.schema == t.schema && !t.over() {
		w.committed = w.Mark()
		return false
	}
	if again {
		t.forget()
	}
	t.version++
	t.restate(Range{max(w.restated.Lo, t.end), min(w.restated.Hi, end)})
	t.schema, t.end, t.cleared = w.schema, end, w.cleared
	t.link(w)
	t.applyEdits(w)
	t.expire(t.applyRemoves(w, base))
	t.bound(w)
	w.reset = false
	w.committed = w.Mark()
	return true
}

// restate keeps rows out of what is news.
func (t *Table) restate(rows Range) {
	if rows.Len() == 0 {
		return
	}
	for _, cur := range t.cursors {
		cur.restated(rows.Lo, rows.Hi)
	}
}

// link takes over the chunks whose rows are all below end, and looks at the next one.
func (t *Table) link(w *Writer) {
	if len(w.full) == 0 {
		t.showTail(w)
		return
	}
	n := 0
	for n < len(w.full) && w.full[n].end() <= t.end {
		if c := w.full[n]; c.n > 0 {
			t.push(c)
		}
		n++
	}
	w.full, w.fullBytes = slices.Delete(w.full, 0, n), 0
	for _, c := range w.full {
		w.fullBytes += c.bytes()
	}
	t.showTail(w)
}

func (t *Table) showTail(w *Writer) {
	c := w.open
	if len(w.full) > 0 {
		c = w.full[0]
	}
	if c != nil {
		t.tail = *c
	}
}

// Readers returns how many cursors are attached.
func (t *Table) Readers() int { return len(t.cursors) }
