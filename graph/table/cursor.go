package table

import (
	"math"
	"slices"
)

// A Cursor is the place of one reader in a table. While it is attached, the table keeps the rows
// that the reader has not seen yet, or not yet seen go, up to the table's limit of bytes.
type Cursor struct {
	t      *Table
	schema *Schema
	base   uint64
	end    uint64
	epoch  uint64
	state  readerState

	removals int // how many of the table's it was told

	news uint64  // rows from it on are news
	past []Range // and so are those; what was restated after each of them lies behind it
}

// A readerState says what a Cursor's next delta is, and which rows it holds back.
type readerState uint8

const (
	current readerState = iota // what changed; all that is needed for it
	again                      // 'all of it'; those that the reader has not seen
	forgot                     // 'all of it'; none
)

// Reader attaches a Cursor for a reader that knows nothing yet: its first delta is the window.
func (t *Table) Reader() *Cursor {
	cur := &Cursor{
		t: t, schema: t.schema, base: t.base, end: t.base, news: t.base, epoch: t.epoch, removals: len(t.removals),
	}
	t.cursors = append(t.cursors, cur)
	return cur
}

// Table returns the table that the Cursor reads.
func (cur *Cursor) Table() *Table { return cur.t }

// Detach ends the Cursor. It holds no rows back any longer.
func (cur *Cursor) Detach() {
	t := cur.t
	if i := slices.Index(t.cursors, cur); i >= 0 {
		t.cursors = slices.Delete(t.cursors, i, i+1)
	}
}

// Forget makes the next delta 'all of it'. No rows are held back until then: those that expire
// count as missed.
func (cur *Cursor) Forget() { cur.state = forgot }

// Restart makes the next delta 'all of it', for a reader whose other inputs were exchanged. Rows
// that it has not seen are still held back for it.
func (cur *Cursor) Restart() {
	if cur.state == current {
		cur.state = again
	}
}

// Changed reports whether the table has changed since the Cursor was advanced last.
func (cur *Cursor) Changed() bool {
	t := cur.t
	return cur.resets() || cur.end != t.end || cur.base != t.base || cur.schema != t.schema
}

// resets reports whether the next delta is 'all of it'.
func (cur *Cursor) resets() bool { return cur.voided() || cur.removals != len(cur.t.removals) }

// voided reports whether it is so for one that can follow rows which are removed.
func (cur *Cursor) voided() bool { return cur.state != current || cur.epoch != cur.t.epoch }

// hold returns the first row that the table must keep for the reader.
func (cur *Cursor) hold() uint64 {
	switch {
	case cur.state == forgot:
		return math.MaxUint64
	case cur.voided():
		return cur.end
	}
	return cur.base
}

// Delta returns what changed since the Cursor was advanced last.
func (cur *Cursor) Delta() Delta { return cur.delta(cur.resets()) }

func (cur *Cursor) delta(reset bool) Delta {
	t, unseen := cur.t, cur.unseen()
	cur.prune(unseen.Lo)
	d := Delta{
		View: &t.View, Reset: reset, Past: cur.past, Fresh: Range{max(unseen.Lo, cur.news), t.end},
		Missed: unseen.Lo - cur.end, widened: cur.schema != t.schema,
	}
	if d.Reset {
		d.Appended = t.Window()
		return d
	}
	d.Appended, d.Expired = unseen, Range{cur.base, t.base}
	return d
}

// unseen returns the rows that the reader was not given yet and that are still there for it.
func (cur *Cursor) unseen() Range {
	oldest := cur.t.oldest()
	if cur.state == forgot {
		oldest = cur.t.base
	}
	return Range{max(cur.end, oldest), cur.t.end}
}

// restated notes that the rows from from on and below until are none that are news.
func (cur *Cursor) restated(from, until uint64) {
	if cur.news < from {
		cur.prune(cur.unseen().Lo)
		cur.past = append(cur.past, Range{cur.news, from})
	}
	cur.news = until
}

// prune forgets news that lie before the first row that is left.
func (cur *Cursor) prune(first uint64) {
	if len(cur.past) == 0 {
		return
	}
	cur.past = slices.DeleteFunc(cur.past, func(r Range) bool { return r.Hi <= first })
	if len(cur.past) > 0 {
		cur.past[0].Lo = max(cur.past[0].Lo, first)
	}
}

// Advance marks all of the table's present rows as seen. It returns how many of them the reader
// had not seen, and how many it will never be given.
func (cur *Cursor) Advance() (unseen, missed uint64) {
	t := cur.t
	if unseen = t.end - cur.end; cur.state != current { // else the table has kept all for it
		r := cur.unseen()
		unseen, missed = r.Hi-r.Lo, r.Lo-cur.end
	}
	cur.schema, cur.base, cur.end, cur.epoch, cur.state = t.schema, t.base, t.end, t.epoch, current
	cur.removals, cur.news, cur.past = len(t.removals), t.end, cur.past[:0]
	return unseen, missed
}
