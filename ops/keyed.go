package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A keyed is an operator's table that has one row for each of its keys, in the order in which they
// changed last. A key that changes has its row taken out and another one appended, so that what reads
// the table is given that row and no other.
type keyed struct {
	entries    []keyedEntry
	free       []int32
	head, tail int32 // entries in order of their last change; entry 0 is none
	n          int
	hidden     int // entries that have lost their row and have not changed since
}

type keyedEntry struct {
	out        uint64 // its row, or noRow
	prev, next int32
	dirty      bool // it has no row, or an old one
}

const noRow = ^uint64(0)

// compactFrom is how many gaps a table may always have before it is written again.
const compactFrom = 256

func (k *keyed) reset() {
	k.entries = append(k.entries[:0], keyedEntry{out: noRow})
	k.free, k.head, k.tail, k.n, k.hidden = k.free[:0], 0, 0, 0, 0
}

// add returns a new entry, which is dirty.
func (k *keyed) add() int32 {
	if len(k.entries) == 0 {
		k.reset()
	}
	e := int32(len(k.entries))
	if last := len(k.free) - 1; last >= 0 {
		e, k.free = k.free[last], k.free[:last]
	} else {
		k.entries = append(k.entries, keyedEntry{})
	}
	k.n++
	k.entries[e] = keyedEntry{out: noRow, dirty: true}
	k.link(e)
	return e
}

// touch marks an entry as one that has changed.
func (k *keyed) touch(e int32) {
	k.unhide(e)
	k.entries[e].dirty = true
	if e != k.tail {
		k.unlink(e)
		k.link(e)
	}
}

// remove takes out an entry and its row.
func (k *keyed) remove(e int32, w *table.Writer) {
	k.unhide(e)
	k.discard(e, w)
	k.unlink(e)
	k.free = append(k.free, e)
	k.n--
}

func (k *keyed) unhide(e int32) {
	if x := &k.entries[e]; x.out == noRow && !x.dirty {
		k.hidden--
	}
}

func (k *keyed) discard(e int32, w *table.Writer) {
	if out := k.entries[e].out; out != noRow {
		w.Remove(out)
		k.entries[e].out = noRow
	}
}

func (k *keyed) link(e int32) {
	k.entries[e].prev, k.entries[e].next = k.tail, 0
	if k.tail == 0 {
		k.head = e
	} else {
		k.entries[k.tail].next = e
	}
	k.tail = e
}

func (k *keyed) unlink(e int32) {
	prev, next := k.entries[e].prev, k.entries[e].next
	if prev == 0 {
		k.head = next
	} else {
		k.entries[prev].next = next
	}
	if next == 0 {
		k.tail = prev
	} else {
		k.entries[next].prev = prev
	}
}

// flush has write write the row of every entry that is dirty. If own, the table as it was before this
// cook, has become more gaps than rows, all are written again; own is nil if this cook has begun anew.
func (k *keyed) flush(own *table.Table, w *table.Writer, write func(e int32)) {
	first := k.firstDirty()
	if first == 0 {
		return
	}
	if own != nil && own.Gaps() > max(compactFrom, k.n) {
		k.compact(own, w)
	}
	for e := first; e != 0; e = k.entries[e].next {
		k.discard(e, w)
		k.entries[e].out, k.entries[e].dirty = w.Row(), false
		write(e)
	}
}

// firstDirty returns the first of the dirty entries, which are the last ones.
func (k *keyed) firstDirty() int32 {
	first := int32(0)
	for e := k.tail; e != 0 && k.entries[e].dirty; e = k.entries[e].prev {
		first = e
	}
	return first
}

// compact writes the rows of all entries that are not dirty again.
func (k *keyed) compact(own *table.Table, w *table.Writer) {
	w.Reset()
	for e := k.head; e != 0; e = k.entries[e].next {
		out := k.entries[e].out
		k.entries[e].out = noRow
		if !k.entries[e].dirty && out != noRow {
			k.entries[e].out = w.Row()
			copyCells(w, own.Row(out))
		}
	}
	w.Restate()
}

// copyCells copies all cells of a row of w's own table.
func copyCells(w *table.Writer, row table.Row) {
	for col := range row.Len() {
		w.Copy(col, row, col)
	}
}

// lost finds the entries whose rows went over the table's limit of bytes, reports them, and calls f for
// each, if that is not nil. They have a row again when they change.
func (k *keyed) lost(c *graph.Cook, own *table.Table, f func(e int32)) {
	if own.NumRows() == k.n-k.hidden {
		return
	}
	n := 0
	for e := k.head; e != 0; {
		next := k.entries[e].next
		if out := k.entries[e].out; out != noRow && !own.Has(out) {
			k.entries[e].out = noRow
			k.hidden++
			n++
			if f != nil {
				f(e)
			}
		}
		e = next
	}
	if n > 0 {
		c.Report(fmt.Errorf("%d keys are lost: their rows need more than %d MiB", n, own.Limits().Bytes>>20))
	}
}
