package table_test

import (
	"fmt"
	"strings"
	"testing"

	"linecook.dev/linecook/graph/table"
)

func TestMaxCell(t *testing.T) {
	long := strings.Repeat("x", table.MaxCell+1)
	list, _ := table.ListValue(table.StringValue(long))
	w, tab := table.NewWriter(), table.New(table.Limits{})
	w.AddCols("string", "list")
	w.Row()
	w.SetString(0, long)
	w.Set(1, list)
	tab.Commit(w)
	if got := len(tab.Cell(0, 0).Str()); got != table.MaxCell {
		t.Errorf("a string of %d bytes is kept with %d, want %d", len(long), got, table.MaxCell)
	}
	if got := tab.Cell(0, 1); !got.IsNil() {
		t.Errorf("a list that is too long is kept as %v", got.Kind())
	}
	w.Edit(0, 1, table.StringValue(long))
	tab.Commit(w)
	if got := len(tab.Cell(0, 1).Str()); got != table.MaxCell || w.Truncated() != 3 {
		t.Errorf("edited to %d bytes, %d cells truncated; want %d, 3", got, w.Truncated(), table.MaxCell)
	}
}

func TestMaxColumns(t *testing.T) {
	w := table.NewWriter()
	names := make([]string, table.MaxColumns+2)
	for i := range names {
		names[i] = fmt.Sprint("arg", i)
	}
	w.AddCols(names...)
	w.Row()
	w.SetInt(w.Col("arg0"), 1)
	if col := w.Col("late"); col != -1 {
		t.Errorf("Col over MaxColumns = %d, want -1", col)
	}
	w.SetString(-1, "ignored")
	w.Edit(0, -1, table.IntValue(1))
	w.Edit(0, table.MaxColumns, table.IntValue(1))
	if got := w.Schema().Len(); got != table.MaxColumns || w.Truncated() != 3 {
		t.Errorf("%d columns, %d refused; want %d, 3", got, w.Truncated(), table.MaxColumns)
	}
	tab := table.New(table.Limits{})
	if tab.Commit(w); tab.Cell(0, 0).Int() != 1 {
		t.Errorf("cell of a widest row is %v, want 1", tab.Cell(0, 0))
	}
}

// TestOverBytes has a reader that stands still while rows of 1,000 bytes go by.
func TestOverBytes(t *testing.T) {
	const limit = 4 << 20
	w, tab := table.NewWriter(), table.New(table.Limits{Rows: 10, Bytes: limit})
	col := w.Col("text")
	lagging, brisk := tab.Reader(), tab.Reader()
	text := strings.Repeat("x", 1000)
	const rows = 20_000
	for i := range rows {
		w.Row()
		w.SetString(col, text)
		if i%7 == 0 {
			tab.Commit(w)
			if d := brisk.Delta(); d.Reset || d.Missed > 0 {
				t.Fatalf("a reader that keeps up is told %+v", d)
			}
			brisk.Advance()
		}
	}
	tab.Commit(w)
	d := lagging.Delta()
	kept := d.Fresh.Len()
	if !d.Reset || d.Missed+uint64(kept) != rows || d.Missed != tab.Dropped() {
		t.Errorf("Reset %t, missed %d, given %d of %d; the table dropped %d", d.Reset, d.Missed, kept, rows, tab.Dropped())
	}
	if kept < limit/1000*7/8 || kept > limit/1000 {
		t.Errorf("%d rows of 1,000 bytes kept in %d bytes", kept, limit)
	}
	for row := range d.Rows(d.Fresh) {
		if row.Cell(col).Str() != text {
			t.Fatalf("row %d is %q", row.Number(), row.Cell(col).Str())
		}
	}
}

// TestBytesAlone bounds the window by bytes: for a reader that keeps up, rows expire one after
// the other, and nothing is ever 'all of it'.
func TestBytesAlone(t *testing.T) {
	w, tab := table.NewWriter(), table.New(table.Limits{Bytes: 1 << 20})
	col := w.Col("n")
	cur := tab.Reader()
	var seen, gone uint64
	for i := range int64(500_000) {
		w.Row()
		w.SetInt(col, i)
		if i%1000 > 0 {
			continue
		}
		tab.Commit(w)
		d := cur.Delta()
		if d.Reset || d.Appended.Lo != seen || d.Expired.Lo != gone {
			t.Fatalf("Delta() = %+v, seen %d, gone %d", d, seen, gone)
		}
		seen, gone = d.Appended.Hi, d.Expired.Hi
		cur.Advance()
	}
	if n := tab.NumRows(); n < 80_000 || n > 116_000 {
		t.Errorf("%d rows of 9 bytes in 1 MiB", n)
	}
}

// TestEditsGiveMemoryBack edits a few cells again and again.
func TestEditsGiveMemoryBack(t *testing.T) {
	for name, every := range map[string]uint64{"unseen": 1 << 20, "with Snapshots": 100} {
		t.Run(name, func(t *testing.T) { editAgain(t, every) })
	}
}

func editAgain(t *testing.T, snapshotEvery uint64) {
	w, tab := table.NewWriter(), table.New(table.Limits{Bytes: 1 << 20})
	col := w.Col("text")
	for range 600 {
		w.Row()
		w.SetString(col, "first")
	}
	text := strings.Repeat("x", 1000)
	for i := range uint64(20_000) {
		w.Edit(i%3, col, table.StringValue(text))
		for row := uint64(300); row < 310; row++ {
			w.Edit(row, col, table.PeerValue(&peer{"127.0.0.1:1"}))
		}
		tab.Commit(w)
		if i%snapshotEvery == 0 {
			tab.Snapshot()
		}
	}
	if got := tab.NumRows(); got != 600 {
		t.Errorf("20,000 edits left %d rows, want 600", got)
	}
	if got := tab.Cell(2, col).Str(); got != text {
		t.Errorf("the edited cell is %.10q", got)
	}
}

func TestSetAgain(t *testing.T) {
	w, tab := table.NewWriter(), table.New(table.Limits{})
	col := w.Col("a")
	w.Row()
	w.SetPeer(col, peers[0])
	w.SetPeer(col, nil)
	w.Row()
	w.SetString(col, "a")
	w.Set(col, table.Value{})
	tab.Commit(w)
	for row := range tab.Rows(tab.Window()) {
		if got := row.Get("a"); !got.IsNil() {
			t.Errorf("row %d, set to nil, is %v", row.Number(), got)
		}
		if got := row.Get("none"); !got.IsNil() {
			t.Errorf("a column that is not there is %v", got)
		}
	}
}

func TestLimitsLowered(t *testing.T) {
	w, tab := table.NewWriter(), table.New(table.Limits{})
	for range 100 {
		w.Row()
	}
	tab.Commit(w)
	tab.SetLimits(table.Limits{Rows: 7})
	if !tab.Commit(w) || tab.NumRows() != 7 {
		t.Errorf("lowered to 7 rows, the table has %d", tab.NumRows())
	}
	if tab.Commit(w) {
		t.Error("a commit of nothing changed the table")
	}
}

func TestNewColumnIsAChange(t *testing.T) {
	w, tab := table.NewWriter(), table.New(table.Limits{})
	cur := tab.Reader()
	w.Col("header")
	if !tab.Commit(w) || !cur.Changed() || cur.Delta().Empty() {
		t.Errorf("a new column: Changed() = %t, Empty() = %t", cur.Changed(), cur.Delta().Empty())
	}
	if cur.Advance(); cur.Changed() {
		t.Error("Changed() after Advance")
	}
}
