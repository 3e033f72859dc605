package table

// A Cursor is the place of one reader in a table. While it is attached, the table keeps the rows
// that the reader has not seen yet, or not yet seen go, up to the table's limit of bytes.
type Cursor struct {
	t      *Table
	base   uint64
	end    uint64
	epoch  uint64
	live   bool // the rows from base on are still there and the reader knows what it derived from them
	missed uint64
}

// Reader attaches a Cursor for a reader that knows nothing yet: its first delta is the window.
func (t *Table) Reader() *Cursor {
	cur := &Cursor{t: t, base: t.base, end: t.base, epoch: t.epoch, live: true}
	t.cursors = append(t.cursors, cur)
	return cur
}

// Detach ends the Cursor. It holds no rows back any longer.
func (cur *Cursor) Detach() {
	t := cur.t
	for i, other := range t.cursors {
		if other == cur {
			t.cursors = append(t.cursors[:i], t.cursors[i+1:]...)
			return
		}
	}
}

// Forget makes the next delta 'all of it'. No rows are held back until then.
func (cur *Cursor) Forget() { cur.live = false }

// Changed reports whether the table has changed since the Cursor was advanced last.
func (cur *Cursor) Changed() bool {
	t := cur.t
	return !cur.live || cur.end != t.end || cur.base != t.base || cur.epoch != t.epoch
}

// Delta returns what changed since the Cursor was advanced last.
func (cur *Cursor) Delta() Delta {
	t := cur.t
	d := Delta{View: &t.View, Fresh: Range{max(cur.end, t.oldest()), t.end}, Missed: cur.missed}
	if !cur.live || cur.epoch != t.epoch {
		d.Reset, d.Appended = true, Range{t.base, t.end}
		d.Fresh.Lo = max(d.Fresh.Lo, t.base)
		return d
	}
	d.Appended = d.Fresh
	d.Expired = Range{cur.base, t.base}
	return d
}

// Advance marks all of the table's present rows as seen.
func (cur *Cursor) Advance() {
	t := cur.t
	cur.base, cur.end, cur.epoch, cur.live, cur.missed = t.base, t.end, t.epoch, true, 0
}

// A Delta is what changed in a table since a reader last looked. Rows that Appended and Expired
// name can be read until the reader's cursor advances, even if they are no longer in the window:
// a row may be appended and expire in the same delta.
type Delta struct {
	*View
	// Reset says that what the reader derived before is void: Appended is the whole window then,
	// and Expired is empty.
	Reset    bool
	Appended Range
	Expired  Range
	// Fresh is the rows that this reader was never given before: Appended, but after a Reset only
	// those of them that are new. Effects act on these.
	Fresh Range
	// Missed is how many rows this reader will never see, since they went over the table's limit.
	Missed uint64
}

// Empty reports whether nothing changed.
func (d Delta) Empty() bool {
	return !d.Reset && d.Appended.Len() == 0 && d.Expired.Len() == 0
}

// AsOf returns the table as it was when row, one of Appended, had just been appended. It shares
// the table's memory.
func (d Delta) AsOf(row uint64) View {
	v := *d.View
	v.end = row + 1
	if !d.Reset {
		v.base = d.Expired.Lo
	}
	if v.rows > 0 && v.end > uint64(v.rows) {
		v.base = max(v.base, v.end-uint64(v.rows))
	}
	v.base = min(max(v.base, v.oldest()), v.end)
	return v
}

// Table returns the table that the Cursor reads.
func (cur *Cursor) Table() *Table { return cur.t }
