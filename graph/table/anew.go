package table

import "slices"

// Anew takes out all rows, and all columns too, unless somebody has yet to read rows that have them: another
// writer is to make the table. What w has written since the last commit is taken back.
func (t *Table) Anew(w *Writer) {
	w.Rollback()
	w.Reset()
	if !slices.ContainsFunc(t.cursors, (*Cursor).lags) {
		w.schema = noColumns
		if w.open != nil {
			w.full = append(w.full, w.open)
			w.fullBytes += w.open.bytes()
			w.open = nil
		}
	}
	t.Commit(w)
}

// lags reports whether there are rows that the reader is to be given still.
func (cur *Cursor) lags() bool { return cur.state != forgot && cur.end < cur.t.end }
