package table_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph/table"
)

// Rows that are copied together are what they are copied one by one.
func TestRunCopiesAsCopyDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, w := table.New(table.Limits{}), table.NewWriter()
		w.AddCols("a", "b", "c", "d")
		for i := range rapid.IntRange(1, 600).Draw(t, "rows") {
			w.Row()
			for col := range 3 {
				w.Set(col, someValue(rapid.IntRange(0, 20).Draw(t, "value")*(i%3)))
			}
		}
		for range rapid.IntRange(0, 5).Draw(t, "edits") {
			w.Edit(rapid.Uint64Range(0, w.End()-1).Draw(t, "row"), 1, table.StringValue("a longer text that is at the end"))
		}
		from.Commit(w)
		cols := rapid.SliceOfN(rapid.IntRange(-1, 3), 1, 5).Draw(t, "columns")
		want, single := table.New(table.Limits{}), table.NewWriter()
		got, runs := table.New(table.Limits{}), table.NewWriter()
		for i := range cols {
			single.Col(fmt.Sprint(i))
			runs.Col(fmt.Sprint(i))
		}
		skip := rapid.IntRange(1, 4).Draw(t, "every")
		for b := range from.Blocks(from.Window()) {
			copyRun(runs, b, cols, skip)
		}
		for row := range from.Rows(from.Window()) {
			if row.Number()%256%uint64(skip) != 0 {
				continue
			}
			single.Row()
			for to, col := range cols {
				if col >= 0 {
					single.Copy(to, row, col)
				}
			}
		}
		got.Commit(runs)
		want.Commit(single)
		if g, w := got.NumRows(), want.NumRows(); g != w {
			t.Fatalf("%d rows, want %d", g, w)
		}
		for i := range uint64(got.NumRows()) {
			for col := range cols {
				if g, w := got.Cell(i, col), want.Cell(i, col); !g.Equal(w) {
					t.Fatalf("cell %d of row %d is %v %v, want %v %v", col, i, g.Kind(), g, w.Kind(), w)
				}
			}
		}
	})
}

// copyRun copies every so manieth row of a block.
func copyRun(w *table.Writer, b table.Block, from []int, every int) {
	var rows []int32
	for i := 0; i < b.Len() && every > 1; i += every {
		rows = append(rows, int32(i))
	}
	n := b.Len()
	if rows != nil {
		n = len(rows)
	}
	for done := 0; done < n; {
		r := w.Run(n - done)
		if rows == nil {
			r.Copy(from, b, done, nil)
		} else {
			r.Copy(from, b, 0, rows[done:])
		}
		done += r.Len()
	}
}

func TestRunSets(t *testing.T) {
	tab, w := table.New(table.Limits{}), table.NewWriter()
	w.AddCols("text", "number")
	r := w.Run(3)
	for i := range r.Len() {
		r.Set(i, 0, table.StringValue(fmt.Sprint("row ", i)))
	}
	kinds, nums := r.Numbers(1)
	for i := range kinds {
		kinds[i], nums[i] = table.KindInt, uint64(i)
	}
	if r.First() != 0 || r.Len() != 3 {
		t.Errorf("Run(3) has %d rows from %d on, want 3 from 0", r.Len(), r.First())
	}
	tab.Commit(w)
	for i := range uint64(3) {
		if text, n := tab.Cell(i, 0).Str(), tab.Cell(i, 1).Int(); text != fmt.Sprint("row ", i) || n != int64(i) {
			t.Errorf("row %d is %q %d", i, text, n)
		}
	}
}

func TestRunFillsAndTexts(t *testing.T) {
	tab, w := table.New(table.Limits{}), table.NewWriter()
	w.AddCols("same", "text", "peer")
	r := w.Run(4)
	r.Fill(0, table.StringValue("hall"))
	text := []byte("-onetwo")
	r.Texts(1, []table.Kind{table.KindSymbol, table.KindNil, table.KindInt, table.KindString, table.KindBytes},
		[]uint64{4<<32 | 3, 99, 7, 1<<32 | 3}, text)
	r.Part(1, 2).Fill(2, table.PeerValue(peers[0]))
	tab.Commit(w)
	want := [][]table.Value{
		{table.StringValue("hall"), table.SymbolValue("two"), {}},
		{table.StringValue("hall"), {}, table.PeerValue(peers[0])},
		{table.StringValue("hall"), table.IntValue(7), table.PeerValue(peers[0])},
		{table.StringValue("hall"), table.StringValue("one"), {}},
	}
	for i, cells := range want {
		for col, v := range cells {
			if got := tab.Cell(uint64(i), col); !got.Equal(v) {
				t.Errorf("cell %d of row %d is %v %v, want %v %v", col, i, got.Kind(), got, v.Kind(), v)
			}
		}
	}
}

// Text that is too long for cells is cut as one by one.
func TestRunCutsTexts(t *testing.T) {
	tab, w := table.New(table.Limits{}), table.NewWriter()
	col := w.Col("text")
	long := make([]byte, 2*table.MaxCell)
	w.Run(2).Texts(col, []table.Kind{table.KindBytes, table.KindBytes}, []uint64{table.MaxCell + 7, 5<<32 | 3}, long)
	tab.Commit(w)
	if n := len(tab.Cell(0, col).Str()); n != table.MaxCell || w.Truncated() != 1 {
		t.Errorf("a cell of %d bytes was made %d bytes, and %d were cut", table.MaxCell+7, n, w.Truncated())
	}
	if n := len(tab.Cell(1, col).Str()); n != 3 {
		t.Errorf("the cell behind it has %d bytes, want 3", n)
	}
}
