package table

import "slices"

// An edit is a cell that is to change.
type edit struct {
	row   uint64
	col   int
	value Value
}

// applyEdits changes the cells that w was asked to.
func (t *Table) applyEdits(w *Writer) {
	if len(w.edits) == 0 {
		return
	}
	for _, e := range w.edits {
		if e.row >= t.base && e.row < w.end {
			t.edit(w, e)
		}
	}
	clear(w.edits)
	w.edits, w.texts = w.edits[:0], w.texts[:0]
	t.showTail(w)
}

// edit changes one cell. A chunk that a Snapshot shows is replaced by a copy.
func (t *Table) edit(w *Writer, e edit) {
	at := w.holder(e.row)
	sealed := at == nil
	if sealed {
		at = &t.chunks[t.find(e.row)]
	}
	c := *at
	if t.isShown(c) || c.wasteful() {
		if sealed {
			t.unshare()
			at = &t.chunks[t.find(e.row)]
		}
		*at = c.clone()
		(*at).copied = t.snapshots
	}
	c = *at
	c.set(int(e.row-c.first), e.col, e.value)
	if sealed {
		t.bytes -= c.size
		c.size = c.bytes()
		t.bytes += c.size
	}
}

// holder returns where the Writer has the chunk of row, or nil if it is the table's.
func (w *Writer) holder(row uint64) **chunk {
	if row >= w.open.first {
		return &w.open
	}
	for i := range slices.Backward(w.full) {
		if row >= w.full[i].first {
			return &w.full[i]
		}
	}
	return nil
}
