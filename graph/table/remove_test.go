package table_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/graph/table"
)

// A row in the middle goes, and those that follow learn so.
func ExampleWriter_Remove() {
	t, w := table.New(table.Limits{}), table.NewWriter()
	name := w.Col("name")
	for _, s := range []string{"a", "b", "c"} {
		w.Row()
		w.SetString(name, s)
	}
	t.Commit(w)
	cur := t.Reader()
	cur.Advance()
	w.Remove(1)
	t.Commit(w)
	d := cur.Changes()
	for row := range d.Removed() {
		fmt.Println("removed", row.Get("name"))
	}
	for row := range t.Rows(t.Window()) {
		fmt.Println(row.Number(), row.Get("name"))
	}
	// Output:
	// removed b
	// 0 a
	// 2 c
}

// TestRemoveAllocations keeps a hundred keys of which ten change in each frame, as an operator does
// that holds the last row of each.
func TestRemoveAllocations(t *testing.T) {
	const keys, changes = 100, 10
	s := newSource(table.Limits{})
	cur := s.t.Reader()
	s.numbers(keys)
	s.t.Commit(s.w)
	at := make([]uint64, 0, keys)
	sum := 0
	frame := func() {
		if s.t.Gaps() > keys {
			window := s.t.Window()
			s.w.Reset()
			for row := range s.t.Rows(window) {
				s.w.Row()
				s.w.Copy(s.num, row, s.num)
			}
			s.w.Restate()
		} else {
			at = at[:0]
			for row := range s.t.Rows(s.t.Window()) {
				at = append(at, row.Number())
			}
			for i := range changes {
				s.w.Remove(at[i*7])
			}
			s.numbers(changes)
		}
		s.t.Commit(s.w)
		d := cur.Changes()
		for row := range d.Removed() {
			sum += int(row.Cell(s.num).Int())
		}
		cur.Advance()
		s.t.Release(s.w)
	}
	for range 300 {
		frame()
	}
	if n := testing.AllocsPerRun(200, frame); n != 0 {
		t.Errorf("a frame that replaces %d of %d rows allocates %v times, want 0", changes, keys, n)
	}
	if got := s.t.NumRows(); got != keys {
		t.Errorf("NumRows() = %d, want %d", got, keys)
	}
}
