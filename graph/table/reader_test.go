package table_test

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph/table"
)

// A reader keeps a copy of the table by its deltas alone, as an operator does, and counts which
// rows it was given.
type reader struct {
	cur     *table.Cursor
	copied  []string // rows of the window, as JSON
	number  []uint64 // of these rows
	follows bool     // rows that are removed
	base    uint64
	next    uint64 // the row it must be given next
	again   bool   // it must be told 'all of it'

	restated map[uint64]bool // rows from next on that are no news
	forgot   bool
}

func (m *model) attach(*rapid.T) {
	if len(m.readers) < 5 {
		m.readers = append(m.readers, &reader{
			cur: m.t.Reader(), base: m.base, next: m.base, follows: len(m.readers)%2 == 0, restated: map[uint64]bool{},
		})
	}
}

func (m *model) pick(t *rapid.T, f func(*reader)) {
	if len(m.readers) > 0 {
		f(rapid.SampledFrom(m.readers).Draw(t, "reader"))
	}
}

func (m *model) detach(t *rapid.T) {
	m.pick(t, func(r *reader) {
		r.cur.Detach()
		m.readers = slices.DeleteFunc(m.readers, func(other *reader) bool { return other == r })
	})
}

func (m *model) forget(t *rapid.T) {
	m.pick(t, func(r *reader) { r.cur.Forget(); r.again, r.forgot = true, true })
}

func (m *model) restart(t *rapid.T) {
	m.pick(t, func(r *reader) { r.cur.Restart(); r.again = true })
}

func (m *model) advance(t *rapid.T) { m.pick(t, func(r *reader) { m.readDelta(t, r, true) }) }
func (m *model) read(t *rapid.T)    { m.pick(t, func(r *reader) { m.readDelta(t, r, false) }) }

func (m *model) advanceAll(t *rapid.T) {
	for _, r := range m.readers {
		m.readDelta(t, r, true)
	}
	m.t.Release(m.w)
}

// readDelta checks what the reader is told against what it knows, and follows it.
func (m *model) readDelta(t *rapid.T, r *reader, advance bool) {
	d := r.cur.Delta()
	if r.follows {
		d = r.cur.Changes()
	}
	if r.cur.Changed() == d.Empty() {
		t.Fatalf("Changed() = %t, Delta() = %+v", r.cur.Changed(), d)
	}
	lossy := m.t.Limits().Bytes < table.DefaultBytes
	if d.Reset != r.again && !(lossy && d.Reset) {
		t.Fatalf("Delta().Reset = %t, want %t", d.Reset, r.again)
	}
	if r.forgot && d.Missed != m.base-min(r.next, m.base) {
		t.Fatalf("a reader that held nothing back since row %d missed %d, and the table begins at %d", r.next, d.Missed, m.base)
	}
	m.checkNews(t, r, d)
	if d.Missed > 0 && !d.Reset || d.Missed > 0 && !lossy && !r.forgot {
		t.Fatalf("a reader that held on to its rows missed %d: %+v", d.Missed, d)
	}
	if old, fresh := d.Renew(); fresh != d.Fresh || old.Lo != m.base || old.Len() > 0 && old.Hi != min(fresh.Lo, m.end) {
		t.Fatalf("Renew() = %v, %v of %+v", old, fresh, d)
	}
	m.checkRows(t, d.View, d.Appended)
	m.checkAsOf(t, r, d)
	if advance {
		m.follow(t, r, d)
	}
}

// checkNews checks that every row which the reader was not given and that is no copy of one is news, once.
func (m *model) checkNews(t *rapid.T, r *reader, d table.Delta) {
	var got, want []uint64
	for rows := range d.News() {
		m.checkRows(t, d.View, rows)
		for row := rows.Lo; row < rows.Hi; row++ {
			got = append(got, row)
		}
	}
	for row := r.next + d.Missed; row < m.end; row++ {
		if !r.restated[row] {
			want = append(want, row)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("news is %v and %v, want %v (missed %d)", d.Past, d.Fresh, want, d.Missed)
	}
}

// follow changes the reader's copy by the delta, which makes it the window.
func (m *model) follow(t *rapid.T, r *reader, d table.Delta) {
	if d.Reset {
		r.copied, r.number, r.base = nil, nil, d.Appended.Lo
	}
	for row := range d.Removed() {
		i := slices.Index(r.number, row.Number())
		if i < 0 || !sameCells(r.copied[i], line(row)) {
			t.Fatalf("row %d is removed as %s, and the reader has %v", row.Number(), line(row), r.number)
		}
		r.copied, r.number = slices.Delete(r.copied, i, i+1), slices.Delete(r.number, i, i+1)
	}
	for row := range d.Rows(d.Appended) {
		r.copied, r.number = append(r.copied, line(row)), append(r.number, row.Number())
	}
	if n := d.Expired.Len(); n > 0 {
		if d.Expired.Lo != r.base {
			t.Fatalf("Delta().Expired = %v of %d rows from %d", d.Expired, len(r.copied), r.base)
		}
		gone := slices.Collect(d.Rows(d.Expired))
		for i, row := range gone {
			if got := line(row); i >= len(r.copied) || row.Number() != r.number[i] || !sameCells(got, r.copied[i]) {
				t.Fatalf("row %d expired as %s, and the reader has %v", row.Number(), got, r.number)
			}
		}
		r.copied, r.number, r.base = r.copied[len(gone):], r.number[len(gone):], d.Expired.Hi
	}
	if r.base != m.base || len(r.copied) != m.t.NumRows() {
		t.Fatalf("the reader has %d rows from %d, want %d from %d", len(r.copied), r.base, m.t.NumRows(), m.base)
	}
	i := 0
	for row := range m.t.Rows(m.t.Window()) {
		if !sameCells(line(row), r.copied[i]) {
			t.Fatalf("the reader has row %d as %s, want %s", row.Number(), r.copied[i], line(row))
		}
		i++
	}
	r.cur.Advance()
	r.next, r.again, r.forgot = m.end, false, false
	clear(r.restated)
}

// checkAsOf looks at the table as it was at the first and the last row of each run of news.
func (m *model) checkAsOf(t *rapid.T, r *reader, d table.Delta) {
	for rows := range d.News() {
		m.checkAsOfRow(t, r, d, rows, rows.Lo)
		m.checkAsOfRow(t, r, d, rows, rows.Hi-1)
	}
}

func (m *model) checkAsOfRow(t *rapid.T, r *reader, d table.Delta, run table.Range, row uint64) {
	v := d.AsOf(row)
	base := r.base
	if d.Reset {
		base = m.base
		if row < base {
			base = run.Lo
		}
	}
	if rows := uint64(m.t.Limits().Rows); rows > 0 {
		base = max(base, row+1-min(row+1, rows))
	}
	if row >= m.saved.fresh {
		base = max(base, m.saved.fresh)
	}
	got := v.Window()
	if got.Hi != row+1 || got.Lo != base {
		t.Fatalf("AsOf(%d) has rows %v, want from %d", row, got, base)
	}
	m.checkRows(t, &v, got)
}

// line returns a row's cells as JSON. Trailing nil cells are left out, since columns may be added.
func line(row table.Row) string {
	var b []byte
	for _, cell := range row.Cells() {
		b = append(cell.AppendJSON(b), ' ')
	}
	return string(b)
}

func sameCells(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return strings.HasPrefix(b, a) && strings.Trim(b[len(a):], "nul ") == ""
}
