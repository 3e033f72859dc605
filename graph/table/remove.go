package table

import (
	"iter"
	"math/bits"
	"slices"
)

// maxRemovals is how many removed rows are kept for readers that do not know of them yet; past it
// they are told 'all of it'.
const maxRemovals = 1 << 16

// gaps is which rows of a chunk were taken out of the middle of its table, a bit each.
type gaps [chunkRows / 64]uint64

// Remove takes one row out of the table, wherever in the window it is when it is committed. Rows keep
// their numbers, and those that were removed are skipped by every walk. Readers of [Cursor.Changes]
// are told which; the others are told 'all of it'.
//
// A removed row takes memory until all rows before it are expired. An operator that removes many
// writes the others again, after a Reset, once they are fewer than [Table.Gaps].
func (w *Writer) Remove(row uint64) { w.removed = append(w.removed, row) }

// Gaps returns how many rows of the window were removed.
func (t *Table) Gaps() int { return t.gone }

// applyRemoves takes out the rows that w was asked to, and returns the first that is left from base on.
func (t *Table) applyRemoves(w *Writer, base uint64) uint64 {
	if len(w.removed) == 0 {
		return base
	}
	for _, row := range w.removed {
		if row >= t.base && row < t.end && t.remove(w, row) {
			t.gone++
			t.removed++
			t.removals = append(t.removals, row)
		}
	}
	w.removed = w.removed[:0]
	t.showTail(w)
	if len(t.removals) > maxRemovals {
		t.forget()
	}
	for b := range t.Blocks(Range{base, t.end}) {
		return b.First()
	}
	return t.end
}

// forget lets readers begin anew.
func (t *Table) forget() {
	t.epoch++
	t.removals = t.removals[:0]
}

// told lets go of the numbers of removed rows that every reader knows.
func (t *Table) told() {
	for _, cur := range t.cursors {
		if !cur.voided() && cur.removals < len(t.removals) {
			return
		}
	}
	for _, cur := range t.cursors {
		cur.removals = 0
	}
	t.removals = t.removals[:0]
}

// remove takes out one row, and reports whether it was there.
func (t *Table) remove(w *Writer, row uint64) bool {
	at := w.holder(row)
	sealed := at == nil
	if sealed {
		at = &t.chunks[t.find(row)]
	}
	c, i := *at, int(row-(*at).first)
	if c.isGone(i) {
		return false
	}
	if t.isShown(c) && c.gapped <= t.snapshots {
		if sealed {
			t.unshare()
			at = &t.chunks[t.find(row)]
		}
		c = c.withOwnGaps(t.snapshots + 1)
		*at = c
	}
	if c.gone == nil {
		c.useGaps()
	}
	c.gone[i/64] |= 1 << (i % 64)
	return true
}

// useGaps makes room for which rows are removed.
func (c *chunk) useGaps() {
	if c.gone, c.spare = c.spare, nil; c.gone == nil {
		c.gone = new(gaps)
	}
}

// withOwnGaps returns a chunk that shares all with c but what was removed.
func (c *chunk) withOwnGaps(stamp uint64) *chunk {
	d := *c
	d.gapped, d.spare = stamp, nil
	if c.gone != nil {
		d.gone = new(*c.gone)
	}
	return &d
}

func (c *chunk) isGone(i int) bool { return c.gone != nil && c.gone[i/64]&(1<<(i%64)) != 0 }

// run returns the next rows from i on and before end that were not removed; it is empty if there are
// none.
func (c *chunk) run(i, end int) (lo, hi int) {
	if c.gone == nil {
		return i, end
	}
	lo = c.next(i, end, 0)
	return lo, c.next(lo, end, ^uint64(0))
}

// next returns the first row from i on whose bit of gone is not that of skip's inverse, or end.
func (c *chunk) next(i, end int, flip uint64) int {
	for i < end {
		word := (^c.gone[i/64] ^ flip) >> (i % 64)
		if word != 0 {
			return min(i+bits.TrailingZeros64(word), end)
		}
		i = (i/64 + 1) * 64
	}
	return end
}

// removedIn returns how many rows of r were removed.
func (v *View) removedIn(r Range) int {
	if v.gone == 0 {
		return 0
	}
	n := r.Len()
	for b := range v.Blocks(r) {
		n -= b.Len()
	}
	return n
}

// At returns the number of the i-th row in the window, counted from 0 without those that were removed.
func (v *View) At(i int) uint64 {
	if v.gone == 0 {
		return v.base + uint64(i)
	}
	for b := range v.Blocks(v.Window()) {
		if i < b.Len() {
			return b.First() + uint64(i)
		}
		i -= b.Len()
	}
	return v.end
}

// Has reports whether row is in the window and was not removed.
func (v *View) Has(row uint64) bool {
	if row < v.base || row >= v.end {
		return false
	}
	c := v.chunkOf(row)
	return !c.isGone(int(row - c.first))
}

// Row returns a row by its number. It may be one that was removed or expired, if the delta that says
// so is still to be read.
func (v *View) Row(row uint64) Row {
	c := v.chunkOf(row)
	i := int(row - c.first)
	return Row{v.schema, Block{c, i, i + 1}, 0}
}

// Removed walks the rows that the reader knew and that were taken out of the middle of the window
// since, in the order in which that was done. They are in no other part of the delta.
func (d Delta) Removed() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, row := range d.removed {
			if row < d.known && !yield(d.Row(row)) {
				return
			}
		}
	}
}

// Changes is Delta for a reader that can follow rows which are removed: it is told by
// [Delta.Removed], not by 'all of it'.
func (cur *Cursor) Changes() Delta {
	d := cur.delta(cur.voided())
	if !d.Reset {
		d.removed, d.known = slices.Clip(cur.t.removals[cur.removals:]), cur.end
	}
	return d
}
