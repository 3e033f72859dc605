package table

// MaxCell is the largest size of a string, bytes or list cell, in bytes. What is longer is cut
// there, a list to nothing, and counted by [Writer.Truncated].
const MaxCell = 1 << 20

// What a Writer keeps of empty chunks for later.
const (
	maxFree      = 64
	maxFreeBytes = 8 << 20
)

// A Writer changes a table. Ask for columns with [Writer.Col], begin a row with [Writer.Row], then
// set its cells; a cell that is not set is nil. Nothing is seen before [Table.Commit], which also
// completes the row begun last.
//
// A Writer belongs to one goroutine at a time. It allocates only when a table gains a column or
// more rows than it ever had before.
type Writer struct {
	schema    *Schema
	open      *chunk   // the chunk that is being filled; nil before the first row
	full      []*chunk // filled, with rows that are not committed
	fullBytes int
	free      []*chunk // empty, to be used again
	freeBytes int
	end       uint64 // number of the next row
	cleared   uint64 // end when it was cleared last
	truncated uint64

	base     uint64 // rows below it are expired
	reset    bool   // all of it: readers forget what they know
	restated Range  // rows that are none of Fresh
	edits    []edit
	texts    []byte   // of the values of edits
	removed  []uint64 // rows that are to be removed

	committed Mark
}

// NewWriter returns the Writer of an empty table.
func NewWriter() *Writer {
	w := &Writer{schema: noColumns}
	w.committed = w.Mark()
	return w
}

// Schema returns the columns the table will have once it is committed.
func (w *Writer) Schema() *Schema { return w.schema }

// End returns the number the next row will have.
func (w *Writer) End() uint64 { return w.end }

// Truncated returns how many cells were cut at [MaxCell] and how many columns were refused over
// [MaxColumns] so far.
func (w *Writer) Truncated() uint64 { return w.truncated }

// Pending returns about how many bytes of rows wait for a commit.
func (w *Writer) Pending() int { return w.fullBytes }

// Col returns the number of the column called name, which is added at the right if there is none;
// -1, which the Set methods ignore, if the table has [MaxColumns] already.
func (w *Writer) Col(name string) int {
	if i, ok := w.schema.index[name]; ok {
		return i
	}
	w.AddCols(name)
	return w.schema.Index(name)
}

// AddCols adds those of the columns that the table does not have, in one go.
func (w *Writer) AddCols(names ...string) {
	unknown := 0
	for _, name := range names {
		if w.schema.Index(name) < 0 {
			unknown++
		}
	}
	if unknown == 0 {
		return
	}
	if w.schema.Len() < MaxColumns {
		w.schema = w.schema.with(names...)
	}
	for _, name := range names {
		if w.schema.Index(name) < 0 {
			w.truncated++
		}
	}
}

// Row begins a row and returns its number. The row before it is complete.
func (w *Writer) Row() uint64 {
	c := w.open
	if c == nil || c.n == c.rows || len(c.cols) < len(w.schema.names) || len(c.arena) > arenaBytes {
		c = w.room()
	}
	c.n++
	w.end++
	return w.end - 1
}

// room makes the open chunk fit for one more row of the present schema.
func (w *Writer) room() *chunk {
	width, c := len(w.schema.names), w.open
	if c != nil && c.n < c.rows && len(c.arena) <= arenaBytes && c.rows <= rowsFor(width) {
		c.widen(width)
		return c
	}
	if c != nil {
		w.full = append(w.full, c)
		w.fullBytes += c.bytes()
	}
	w.open = w.empty(width)
	return w.open
}

// empty returns a chunk that begins with the next row.
func (w *Writer) empty(width int) *chunk {
	for last := len(w.free) - 1; last >= 0; last-- {
		c := w.free[last]
		w.free[last], w.free = nil, w.free[:last]
		w.freeBytes -= c.size
		if c.rows == rowsFor(width) {
			c.reuse(w.end, width)
			return c
		}
	}
	return newChunk(w.end, width)
}

// recycle keeps c for later, unless there is enough.
func (w *Writer) recycle(c *chunk) {
	c.size = c.memory()
	if len(w.free) < maxFree && w.freeBytes+c.size <= maxFreeBytes {
		w.freeBytes += c.size
		w.free = append(w.free, c)
	}
}

// Copy sets a cell of the row begun last to that of another row, of this table or another one, in
// column from.
func (w *Writer) Copy(col int, r Row, from int) {
	c := r.b.c
	cells := c.column(from)
	if cells == nil {
		return
	}
	i := r.b.lo + r.i
	k, num := cells.kinds[i], cells.nums[i]
	switch {
	case k == KindNil || col < 0:
		return
	case k == KindPeer:
		num = w.open.hold(c.peers[num])
	case k.arena():
		num = w.open.keep(c.text(num))
	}
	w.put(col, k, num)
}

// Expire takes all rows below row out of the table. They need not be committed yet.
func (w *Writer) Expire(row uint64) { w.base = max(w.base, min(row, w.end)) }

// Clear takes all rows out of the table.
func (w *Writer) Clear() { w.base, w.cleared = w.end, w.end }

// Reset takes all rows out of the table, and tells readers to forget what they derived from them.
func (w *Writer) Reset() { w.base, w.reset = w.end, true }

// Restate says that the rows written since the last commit are in the table again, and not new:
// they are no news ([Delta.News]). An operator that is told 'all of it' calls it when it has written
// what it wrote before, so that no effect acts on that twice.
func (w *Writer) Restate() { w.restated = Range{0, w.end} }

// RestateFrom is Restate for the rows from row on. An operator that is to have a new row between
// others writes what is new, resets its table, and writes all rows again, as restated: so what is new
// is told by [Delta.Past] alone, and the order by the window alone.
func (w *Writer) RestateFrom(row uint64) { w.restated = Range{row, w.end} }

// Edit changes a cell of a row that is in the window when it is committed, or is to be. Readers
// are told 'all of it'.
func (w *Writer) Edit(row uint64, col int, v Value) {
	if col < 0 || col >= len(w.schema.names) {
		return
	}
	if v.kind.arena() {
		v.kind, v.str = w.cut(v.kind, v.str, MaxCell)
		w.texts = append(w.texts, v.str...)
		v.str = alias(w.texts[len(w.texts)-len(v.str):])
	}
	w.edits = append(w.edits, edit{row, col, v})
}
