package table_test

import (
	"testing"

	"linecook.dev/linecook/graph/table"
)

// A source writes rows of numbers, of text, or of both, as a network operator does.
type source struct {
	t         *table.Table
	w         *table.Writer
	num, text int
	peer      int
}

func newSource(limits table.Limits) *source {
	w := table.NewWriter()
	w.AddCols("num", "text", "peer")
	return &source{table.New(limits), w, 0, 1, 2}
}

func (s *source) numbers(rows int) {
	for i := range rows {
		s.w.Row()
		s.w.SetInt(s.num, int64(i))
	}
}

func (s *source) strings(rows int) {
	for i := range rows {
		s.w.Row()
		s.w.SetInt(s.num, int64(i))
		s.w.SetString(s.text, "a message of the usual length /fader/1")
		s.w.SetPeer(s.peer, peers[i%2])
	}
}

// TestAllocations runs frames of 100 rows in steady state.
func TestAllocations(t *testing.T) {
	limits, long := table.Limits{Rows: 1000}, make([]byte, 8<<10)
	tests := []struct {
		name   string
		limits table.Limits
		frame  func(*source)
	}{
		{"numbers", limits, func(s *source) { s.numbers(100) }},
		{"text and peers", limits, func(s *source) { s.strings(100) }},
		{"long text", limits, func(s *source) {
			for range 100 {
				s.w.Row()
				s.w.SetBytes(s.text, long)
			}
		}},
		{"a burst over maxlines", limits, func(s *source) { s.strings(3000) }},
		{"cleared", limits, func(s *source) { s.strings(300); s.w.Clear() }},
		{"taken back", limits, func(s *source) {
			m := s.w.Mark()
			s.strings(300)
			s.w.Undo(m)
			s.strings(100)
		}},
		{"bytes alone", table.Limits{Bytes: 1 << 20}, func(s *source) { s.strings(100) }},
		{"cut in parts", limits, func(s *source) {
			s.strings(400)
			s.t.CommitTo(s.w, s.w.End()-150)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSource(tt.limits)
			cur := s.t.Reader()
			sum := 0
			frame := func() {
				tt.frame(s)
				s.t.Commit(s.w)
				d := cur.Delta()
				for row := range d.Rows(d.Appended) {
					sum += int(row.Cell(s.num).Int()) + len(row.Cell(s.text).Str())
				}
				for b := range d.Blocks(d.Expired) {
					kinds, _ := b.Column(s.num)
					sum += len(kinds)
				}
				cur.Advance()
			}
			for range 300 {
				frame()
			}
			if n := testing.AllocsPerRun(100, frame); n != 0 {
				t.Errorf("a frame allocates %v times, want 0", n)
			}
		})
	}
}

// TestWideAllocations has so many columns that chunks have few rows.
func TestWideAllocations(t *testing.T) {
	w, tab := table.NewWriter(), table.New(table.Limits{Rows: 100})
	for i := range 2000 {
		w.Col(string(rune('a' + i)))
	}
	frame := func() {
		for range 30 {
			w.Row()
			for col := range 2000 {
				w.SetInt(col, 1)
			}
		}
		tab.Commit(w)
	}
	for range 10 {
		frame()
	}
	if n := testing.AllocsPerRun(20, frame); n != 0 {
		t.Errorf("a frame of wide rows allocates %v times, want 0", n)
	}
}

func TestAsOfAllocations(t *testing.T) {
	s := newSource(table.Limits{Rows: 50})
	cur := s.t.Reader()
	s.strings(300)
	s.t.Commit(s.w)
	d := cur.Delta()
	sum := 0
	n := testing.AllocsPerRun(100, func() {
		for row := range d.Rows(d.Appended) {
			v := d.AsOf(row.Number())
			sum += v.NumRows() + int(v.Cell(v.Window().Lo, 0).Int())
		}
	})
	if n != 0 {
		t.Errorf("AsOf of 300 rows allocates %v times, want 0", n)
	}
}

// TestEditAllocations edits each row of a chunk that a Snapshot shows: the chunk is copied once.
func TestEditAllocations(t *testing.T) {
	s := newSource(table.Limits{})
	s.numbers(1000)
	s.t.Commit(s.w)
	one := testing.AllocsPerRun(20, func() { editRows(s, 1) })
	all := testing.AllocsPerRun(20, func() { editRows(s, 200) })
	if all > one+5 {
		t.Errorf("200 edits of a chunk allocate %v times, and one edit %v", all, one)
	}
}

func editRows(s *source, rows uint64) {
	s.t.Snapshot()
	for row := range rows {
		s.w.Edit(row, s.num, table.IntValue(int64(row)))
	}
	s.t.Commit(s.w)
}
