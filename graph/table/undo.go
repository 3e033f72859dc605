package table

// A Mark is a state that [Writer.Undo] can go back to.
type Mark struct {
	schema             *Schema
	open               *chunk
	n, arena, peers    int
	end, base, cleared uint64
	restated           Range
	reset              bool
	edits, removed     int
}

// Mark returns the present state, for [Writer.Undo]. The row begun last, if there is one, is
// complete.
func (w *Writer) Mark() Mark {
	m := Mark{
		schema: w.schema, open: w.open, end: w.end, base: w.base, cleared: w.cleared, restated: w.restated,
		reset: w.reset, edits: len(w.edits), removed: len(w.removed),
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
			w.fullBytes -= w.open.bytes()
		}
	}
	if w.open != nil {
		w.open.truncate(m.n, m.arena, m.peers)
	}
	clear(w.edits[m.edits:])
	w.schema, w.end, w.base, w.cleared, w.restated = m.schema, m.end, m.base, m.cleared, m.restated
	w.reset, w.edits, w.removed = m.reset, w.edits[:m.edits], w.removed[:m.removed]
	if m.edits == 0 {
		w.texts = w.texts[:0]
	}
}

// Rollback takes back all that was written since the last commit.
func (w *Writer) Rollback() { w.Undo(w.committed) }
