package table

import "iter"

// A Delta is what changed in a table since a reader last looked. Rows that Appended, Expired, Past and
// Fresh name can be read until the reader's cursor advances, even if they are no longer in the
// window: a row may be appended and expire in the same delta.
type Delta struct {
	*View
	// Reset says that what the reader derived before is void: Appended is the whole window then,
	// and Expired is empty.
	// See Renew for what an operator does then.
	Reset    bool
	Appended Range
	Expired  Range
	// Past and Fresh are the rows that are news to this reader, each of them once: what was appended
	// without what was only restated ([Writer.Restate]), and with what expired before it could be given.
	// Fresh is the last of them. Those of Past came before the window was restated, with them in it.
	// Effects act on both ([Delta.News]).
	Past  []Range
	Fresh Range
	// Missed is how many rows this reader will never be given, since they went over the table's
	// limit of bytes or while the reader held nothing back ([Cursor.Forget]).
	Missed uint64

	widened bool     // there are more columns
	removed []uint64 // see Removed
	known   uint64   // rows below it are known to the reader
}

// Empty reports whether nothing changed.
func (d Delta) Empty() bool {
	return !d.Reset && !d.widened && d.Appended.Len() == 0 && d.Expired.Len() == 0 &&
		len(d.removed) == 0
}

// News walks the runs of rows that are news to this reader, in order.
func (d Delta) News() iter.Seq[Range] {
	return func(yield func(Range) bool) {
		for _, r := range d.Past {
			if !yield(r) {
				return
			}
		}
		if d.Fresh.Len() > 0 {
			yield(d.Fresh)
		}
	}
}

// NewRows walks the rows that are news to this reader, in order.
func (d Delta) NewRows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for r := range d.News() {
			for row := range d.Rows(r) {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// Renew returns the rows from which an operator derives its output anew after a Reset: old, which
// it was given before and whose output it then restates ([Writer.Restate]), and Fresh, which is new.
func (d Delta) Renew() (old, fresh Range) {
	return Range{d.base, min(max(d.base, d.Fresh.Lo), d.end)}, d.Fresh
}

// Passing reports whether there is news in the table again, perhaps between other rows
// ([Writer.RestateFrom]). An operator that passes rows on does then as its input did: it writes what
// becomes of Past, resets its table, writes what becomes of the old rows that Renew returns, says that
// this is restated, and goes on with what is Fresh.
func (d Delta) Passing() bool { return d.Reset && len(d.Past) > 0 }

// AsOf returns the table as it was when row, one of Appended, Past or Fresh, had just been appended. It
// shares the table's memory. Of what was there before a Reset it shows only rows of the same run of news.
func (d Delta) AsOf(row uint64) View {
	v := *d.View
	switch {
	case !d.Reset:
		v.base = d.Expired.Lo
	case row < v.base:
		for r := range d.News() {
			if row < r.Hi {
				v.base = r.Lo
				break
			}
		}
	}
	v.end = row + 1
	if v.rows > 0 && v.end > uint64(v.rows) {
		v.base = max(v.base, v.end-uint64(v.rows))
	}
	if row >= v.cleared {
		v.base = max(v.base, v.cleared)
	}
	v.gone = d.removedIn(v.Window())
	return v
}
