package table

// A Delta is what changed in a table since a reader last looked. Rows that Appended, Expired and
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
	// Fresh is the rows that are news to this reader, each of them once: Appended without what was
	// only restated ([Writer.Restate]), but after a Reset only what the reader was never given, with
	// what expired before it could be. Effects act on these.
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

// Renew returns the rows from which an operator derives its output anew after a Reset: old, which
// it was given before and whose output it then restates ([Writer.Restate]), and Fresh, which is new.
func (d Delta) Renew() (old, fresh Range) {
	if d.Passing() {
		return d.Window(), d.Fresh
	}
	return Range{d.base, min(max(d.base, d.Fresh.Lo), d.end)}, d.Fresh
}

// Passing reports whether what is new is in the table again, at its place between other rows
// ([Writer.RestateFrom]). An operator that passes rows on does then as its input did: it writes what
// becomes of Fresh, resets its table, writes what becomes of the window, and says that this is restated.
func (d Delta) Passing() bool { return d.Reset && d.Fresh.Len() > 0 && d.Fresh.Hi <= d.base }

// AsOf returns the table as it was when row, one of Appended or Fresh, had just been appended. It
// shares the table's memory. Of what was there before a Reset it shows only rows of Fresh.
func (d Delta) AsOf(row uint64) View {
	v := *d.View
	switch {
	case !d.Reset:
		v.base = d.Expired.Lo
	case row < v.base:
		v.base = d.Fresh.Lo
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
