package table

import (
	"math"
	"slices"
)

// MaxCell is the largest size of a string, bytes or list cell, in bytes. What is longer is cut
// there and counted by [Writer.Truncated].
const MaxCell = 1 << 20

// freeChunks is how many empty chunks a Writer keeps for later.
const freeChunks = 64

// A Writer changes a table. Ask for columns with [Writer.Col], begin a row with [Writer.Row], then
// set its cells; a cell that is not set is nil. Nothing is seen before [Table.Commit].
//
// A Writer belongs to one goroutine at a time. It allocates only when a table gains a column or
// more rows than it ever had before.
type Writer struct {
	schema    *Schema
	open      *chunk   // the chunk that is being filled; nil before the first row
	full      []*chunk // filled since the last commit
	free      []*chunk // empty, to be used again
	end       uint64   // number of the next row
	truncated uint64

	base  uint64 // rows below it are expired
	reset bool   // all of it: readers forget what they know
	edits []edit

	committed Mark
}

type edit struct {
	row   uint64
	col   int
	value Value
}

// A Mark is a state that [Writer.Undo] can go back to.
type Mark struct {
	schema          *Schema
	open            *chunk
	n, arena, peers int
	end, base       uint64
	reset           bool
	edits           int
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

// Col returns the number of the column called name, which is added at the right if there is none;
// -1, which the Set methods ignore, if the table has [MaxColumns] already.
func (w *Writer) Col(name string) int {
	if i, ok := w.schema.index[name]; ok {
		return i
	}
	if len(w.schema.names) == MaxColumns {
		w.truncated++
		return -1
	}
	w.schema = w.schema.with(name)
	return len(w.schema.names) - 1
}

// AddCols adds those of the columns that the table does not have, in one go.
func (w *Writer) AddCols(names ...string) {
	if slices.ContainsFunc(names, func(n string) bool { return w.schema.Index(n) < 0 }) {
		w.schema = w.schema.with(names...)
		w.truncated += uint64(max(0, len(names)-len(w.schema.names)))
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
	}
	if last := len(w.free) - 1; last >= 0 && w.free[last].rows == rowsFor(width) {
		w.open, w.free = w.free[last], w.free[:last]
		w.open.reuse(w.end, width)
		return w.open
	}
	w.open = newChunk(w.end, width)
	return w.open
}

func (w *Writer) put(col int, k Kind, num uint64) {
	if col < 0 {
		return
	}
	c := w.open
	cells := c.column(col)
	if cells == nil {
		cells = c.grow(col)
	}
	cells.kinds[c.n-1], cells.nums[c.n-1] = k, num
}

// SetBool sets a cell of the row begun last.
func (w *Writer) SetBool(col int, v bool) { w.put(col, KindBool, BoolValue(v).num) }

// SetInt sets a cell of the row begun last.
func (w *Writer) SetInt(col int, v int64) { w.put(col, KindInt, uint64(v)) }

// SetFloat32 sets a cell of the row begun last.
func (w *Writer) SetFloat32(col int, v float32) {
	w.put(col, KindFloat32, uint64(math.Float32bits(v)))
}

// SetFloat64 sets a cell of the row begun last.
func (w *Writer) SetFloat64(col int, v float64) { w.put(col, KindFloat64, math.Float64bits(v)) }

// SetString sets a cell of the row begun last to a copy of s.
func (w *Writer) SetString(col int, s string) { w.putText(col, KindString, s) }

// SetBytes sets a cell of the row begun last to a copy of b, of kind bytes.
func (w *Writer) SetBytes(col int, b []byte) { w.putText(col, KindBytes, alias(b)) }

// SetText sets a cell of the row begun last to a copy of b, of kind string.
func (w *Writer) SetText(col int, b []byte) { w.putText(col, KindString, alias(b)) }

// Set sets a cell of the row begun last. It copies what v refers to.
func (w *Writer) Set(col int, v Value) {
	switch {
	case v.kind == KindPeer:
		w.SetPeer(col, v.peer)
	case v.kind.arena():
		w.putText(col, v.kind, v.str)
	default:
		w.put(col, v.kind, v.num)
	}
}

// SetPeer sets a cell of the row begun last to a handle on p; nil makes the cell nil.
func (w *Writer) SetPeer(col int, p Peer) {
	if col >= 0 && p != nil {
		w.put(col, KindPeer, w.open.hold(p))
	}
}

func (w *Writer) putText(col int, k Kind, s string) {
	if col < 0 {
		return
	}
	if len(s) > MaxCell {
		w.truncated++
		if k == KindList {
			return
		}
		s = s[:MaxCell]
	}
	w.put(col, k, w.open.keep(s))
}

// Expire takes all rows below row out of the table. They need not be committed yet.
func (w *Writer) Expire(row uint64) { w.base = max(w.base, min(row, w.end)) }

// Clear takes all rows out of the table.
func (w *Writer) Clear() { w.base = w.end }

// Reset takes all rows out of the table, and tells readers to forget what they derived from them.
func (w *Writer) Reset() {
	w.base, w.reset = w.end, true
}

// Edit changes a cell of a row that is committed. Readers are told 'all of it'.
func (w *Writer) Edit(row uint64, col int, v Value) {
	w.edits = append(w.edits, edit{row, col, v.Clone()})
}

// Mark returns the present state, for [Writer.Undo].
func (w *Writer) Mark() Mark {
	m := Mark{
		schema: w.schema, open: w.open, end: w.end, base: w.base, reset: w.reset, edits: len(w.edits),
	}
	if w.open != nil {
		m.n, m.arena, m.peers = w.open.n, len(w.open.arena), len(w.open.peers)
	}
	return m
}

// Undo takes back all that was written since m was made. A commit in between makes m invalid.
func (w *Writer) Undo(m Mark) {
	for w.open != m.open {
		w.recycle(w.open)
		w.open = nil
		if last := len(w.full) - 1; last >= 0 {
			w.open, w.full = w.full[last], w.full[:last]
		}
	}
	if w.open != nil {
		w.open.truncate(m.n, m.arena, m.peers)
	}
	w.schema, w.end, w.base, w.reset, w.edits = m.schema, m.end, m.base, m.reset, w.edits[:m.edits]
}

// Rollback takes back all that was written since the last commit.
func (w *Writer) Rollback() { w.Undo(w.committed) }

// recycle keeps c for later, unless it is odd or there are enough.
func (w *Writer) recycle(c *chunk) {
	if c.rows == chunkRows && cap(c.arena) <= arenaBytes && len(w.free) < freeChunks {
		w.free = append(w.free, c)
	}
}
