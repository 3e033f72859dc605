package table_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph/table"
)

// A model is a table and its writer, said in the plainest way: every row that was ever written.
type model struct {
	t *table.Table
	w *table.Writer

	written, saved state // what the writer has; what Rollback goes back to
	base, end      uint64
	names          []string
	mark           state
	markAt         table.Mark
	marked         bool
	gone           map[uint64]bool // rows that were removed
	readers        []*reader
	snapshots      []frozen
	steps          int
}

type cells map[string]table.Value

type state struct {
	rows  []cells
	names []string
	base  uint64
	fresh uint64      // the end when it was cleared last
	again table.Range // rows that are restated
	reset bool
	edits []change
	gone  []uint64 // rows to be removed
}

type change struct {
	row  uint64
	name string
	v    table.Value
}

type frozen struct {
	s    *table.Snapshot
	want string
}

func (s state) clone() state {
	s.rows, s.names, s.edits = slices.Clone(s.rows), slices.Clone(s.names), slices.Clone(s.edits)
	s.gone = slices.Clone(s.gone)
	return s
}

func newModel(limits table.Limits) *model {
	return &model{t: table.New(limits), w: table.NewWriter(), gone: map[uint64]bool{}}
}

func (m *model) appendRows(t *rapid.T) {
	for range rapid.SampledFrom([]int{1, 2, 20, 300, 700}).Draw(t, "rows") {
		m.w.Row()
		row := cells{}
		for range m.steps % 4 {
			m.steps++
			name := fmt.Sprint("c", m.steps%7*(m.steps%3))
			v := someValue(m.steps)
			col := m.w.Col(name)
			if !slices.Contains(m.written.names, name) {
				m.written.names = append(m.written.names, name)
			}
			m.w.Set(col, v)
			row[name] = v
		}
		m.steps++
		m.written.rows = append(m.written.rows, row)
	}
}

func (m *model) edit(t *rapid.T) {
	if m.end == 0 || len(m.written.names) == 0 {
		return
	}
	lo := m.base - min(m.base, 2)
	row := rapid.Uint64Range(lo, uint64(len(m.written.rows))-1).Draw(t, "row")
	name := rapid.SampledFrom(m.written.names).Draw(t, "name")
	m.steps++
	v := someValue(m.steps)
	m.w.Edit(row, m.w.Schema().Index(name), v)
	m.written.edits = append(m.written.edits, change{row, name, v})
}

func (m *model) remove(t *rapid.T) {
	if m.end == 0 {
		return
	}
	for range rapid.IntRange(1, 3).Draw(t, "removed") {
		row := rapid.Uint64Range(m.base-min(m.base, 2), uint64(len(m.written.rows))-1).Draw(t, "row")
		m.w.Remove(row)
		m.written.gone = append(m.written.gone, row)
	}
}

// applyRemoves returns the first row that is left from base on, and whether any was removed.
func (m *model) applyRemoves(base, end uint64) (uint64, bool) {
	any := false
	for _, row := range m.written.gone {
		if row >= m.base && row < end && !m.gone[row] {
			m.gone[row], any = true, true
		}
	}
	for len(m.written.gone) > 0 && base < end && m.gone[base] {
		base++
	}
	m.written.gone = nil
	return base, any
}

func (m *model) expire(t *rapid.T) {
	row := rapid.Uint64Range(0, uint64(len(m.written.rows))+3).Draw(t, "row")
	m.w.Expire(row)
	m.written.base = max(m.written.base, min(row, uint64(len(m.written.rows))))
}

func (m *model) clear(*rapid.T) {
	m.w.Clear()
	m.written.base = uint64(len(m.written.rows))
	m.written.fresh = m.written.base
}

func (m *model) reset(t *rapid.T) {
	m.clear(t)
	m.w.Reset()
	m.written.reset = true
}

func (m *model) restate(*rapid.T) {
	m.w.Restate()
	m.written.again = table.Range{Hi: uint64(len(m.written.rows))}
}

func (m *model) restateFrom(t *rapid.T) {
	end := uint64(len(m.written.rows))
	from := rapid.Uint64Range(m.end, end).Draw(t, "from")
	m.w.RestateFrom(from)
	m.written.again = table.Range{Lo: from, Hi: end}
}

func (m *model) setMark(*rapid.T) {
	m.mark, m.markAt, m.marked = m.written.clone(), m.w.Mark(), true
}

func (m *model) undo(*rapid.T) {
	if m.marked {
		m.w.Undo(m.markAt)
		m.written = m.mark.clone()
	}
}

func (m *model) rollback(*rapid.T) {
	m.w.Rollback()
	m.written, m.marked = m.saved.clone(), false
}

func (m *model) commit(t *rapid.T) { m.commitTo(t, uint64(len(m.written.rows))) }

func (m *model) commitPart(t *rapid.T) {
	m.commitTo(t, rapid.Uint64Range(m.end, uint64(len(m.written.rows))).Draw(t, "end"))
}

func (m *model) commitTo(t *rapid.T, end uint64) {
	w := &m.written
	base := max(m.base, w.base)
	if rows := uint64(m.t.Limits().Rows); rows > 0 {
		base = max(base, end-min(end, rows))
	}
	base = min(base, end)
	again := w.reset || len(w.edits) > 0
	want := again || len(w.gone) > 0 || base != m.base || end != m.end || !slices.Equal(w.names, m.names)
	for _, e := range w.edits {
		if e.row >= m.base {
			row := maps.Clone(w.rows[e.row])
			row[e.name] = e.v
			w.rows[e.row] = row
		}
	}
	w.edits, w.reset = nil, false
	base, removed := m.applyRemoves(base, end)
	for row := max(w.again.Lo, m.end); row < min(w.again.Hi, end); row++ {
		for _, r := range m.readers {
			r.restated[row] = true
		}
	}
	got := m.t.CommitTo(m.w, end)
	small := m.t.Limits().Bytes < table.DefaultBytes
	if small && m.t.Window().Lo > base {
		base = m.t.Window().Lo // bytes, which the model does not count
	}
	if got != want && !small {
		t.Fatalf("CommitTo(%d) = %t, want %t", end, got, want)
	}
	m.base, m.end, m.names, m.marked = base, end, slices.Clone(w.names), false
	for _, r := range m.readers {
		r.again = r.again || again || removed && !r.follows
	}
	m.saved = w.clone()
	m.checkWindow(t)
}

func (m *model) checkWindow(t *rapid.T) {
	if got, want := m.t.Window(), (table.Range{Lo: m.base, Hi: m.end}); got != want {
		t.Fatalf("Window() = %v, want %v", got, want)
	}
	var names []string
	for _, name := range m.t.Schema().Names() {
		names = append(names, name)
	}
	if !slices.Equal(names, m.names) {
		t.Fatalf("columns %v, want %v", names, m.names)
	}
	m.checkRows(t, &m.t.View, m.t.Window())
	i := 0
	for row := m.base; row < m.end; row++ {
		if m.t.Has(row) == m.gone[row] {
			t.Fatalf("Has(%d) = %t", row, m.t.Has(row))
		}
		if m.gone[row] {
			continue
		}
		if i%50 == 0 && m.t.At(i) != row {
			t.Fatalf("At(%d) = %d, want %d", i, m.t.At(i), row)
		}
		i++
	}
	if m.t.NumRows() != i || m.t.Gaps() != int(m.end-m.base)-i {
		t.Fatalf("NumRows() = %d and Gaps() = %d of %d rows of which %d are left", m.t.NumRows(), m.t.Gaps(), m.end-m.base, i)
	}
}

func (m *model) checkRows(t *rapid.T, v *table.View, r table.Range) {
	n := m.left(r.Lo, r.Hi)
	for row := range v.Rows(r) {
		if row.Number() != n {
			t.Fatalf("Rows(%v) gave row %d, want %d", r, row.Number(), n)
		}
		m.checkRow(t, row)
		n = m.left(n+1, r.Hi)
	}
	if n != max(r.Hi, r.Lo) {
		t.Fatalf("Rows(%v) ended at %d", r, n)
	}
}

// left returns the first row from row on that was not removed, or hi.
func (m *model) left(row, hi uint64) uint64 {
	for row < hi && m.gone[row] {
		row++
	}
	return row
}

func (m *model) checkRow(t *rapid.T, row table.Row) {
	for name, got := range row.Cells() {
		if want := m.written.rows[row.Number()][name]; !got.Equal(want) {
			t.Fatalf("row %d, column %s is %v %q, want %v %q", row.Number(), name, got.Kind(), got, want.Kind(), want)
		}
	}
}

func (m *model) snapshot(t *rapid.T) {
	s := m.t.Snapshot()
	if len(m.snapshots) > 5 {
		m.snapshots = m.snapshots[1:]
	}
	m.snapshots = append(m.snapshots, frozen{s, show(&s.View)})
	if s != m.t.Latest() || s.Version() != m.t.Version() || s.Window() != m.t.Window() {
		t.Fatalf("Snapshot() has version %d and rows %v, the table %d and %v", s.Version(), s.Window(), m.t.Version(), m.t.Window())
	}
}

func show(v *table.View) string {
	var b []byte
	for row := range v.Rows(v.Window()) {
		for name, cell := range row.Cells() {
			b = cell.AppendJSON(append(append(b, name...), '='))
		}
		b = fmt.Appendln(b, row.Number())
	}
	return string(b)
}

func (m *model) check(t *rapid.T) {
	if m.w.End() != uint64(len(m.written.rows)) {
		t.Fatalf("End() = %d, want %d", m.w.End(), len(m.written.rows))
	}
	if m.steps++; m.steps%8 > 0 {
		return
	}
	for _, f := range m.snapshots {
		if got := show(&f.s.View); got != f.want {
			t.Fatalf("a Snapshot of version %d changed:\n%.300s\nwas\n%.300s", f.s.Version(), got, f.want)
		}
	}
}

type peer struct{ name string }

func (p *peer) String() string { return p.name }

var peers = []*peer{{"127.0.0.1:1"}, {"127.0.0.1:2"}}

// someValue returns a cell of every kind in turn.
func someValue(i int) table.Value {
	n := int64(i)
	list, _ := table.ListValue(table.IntValue(n), table.StringValue("in a list"))
	return []table.Value{
		{}, table.BoolValue(i%2 == 0), table.IntValue(-n), table.Int64Value(n), table.Float32Value(float32(i) / 3),
		table.Float64Value(float64(i) / 7), table.TimeTagValue(uint64(i) << 33), table.CharValue('a'),
		table.ColourValue(0xff8800ff), table.MIDIValue(uint32(i)), table.InfinitumValue(),
		table.PeerValue(peers[i/17%2]), table.StringValue(fmt.Sprint("text ", i)),
		table.SymbolValue("symbol"), table.BytesValue([]byte{1, byte(i)}), list, table.StringValue(""),
	}[i%17]
}

func actions(m *model) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"": m.check, "append": m.appendRows, "edit": m.edit, "remove": m.remove, "expire": m.expire, "clear": m.clear,
		"reset": m.reset, "mark": m.setMark, "undo": m.undo, "rollback": m.rollback,
		"commit": m.commit, "commit part": m.commitPart, "append more": m.appendRows,
		"snapshot": m.snapshot, "attach": m.attach, "detach": m.detach, "advance": m.advance,
		"read": m.read, "forget": m.forget, "restart": m.restart, "restate": m.restate, "restate from": m.restateFrom, "advance all": m.advanceAll,
	}
}

func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SampledFrom([]int{0, 1, 10, 256, 1000}).Draw(t, "maxlines")
		t.Repeat(actions(newModel(table.Limits{Rows: rows})))
	})
}

func TestModelOverBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SampledFrom([]int{0, 10, 1000}).Draw(t, "maxlines")
		t.Repeat(actions(newModel(table.Limits{Rows: rows, Bytes: 50_000})))
	})
}
