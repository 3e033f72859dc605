package table_test

import (
	"sync"
	"testing"

	"linecook.dev/linecook/graph/table"
)

// TestGoroutines has a network goroutine that writes and takes back rows under a lock, one that
// cooks without it but to commit, and readers of Snapshots. The race detector does the rest.
func TestGoroutines(t *testing.T) {
	const rows = 20_000
	tab, w := table.New(table.Limits{Rows: 100}), table.NewWriter()
	cur := tab.Reader()
	var mu sync.Mutex
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for i := range rows {
			mu.Lock()
			writeNumbered(w, i)
			m := w.Mark()
			writeNumbered(w, -1)
			w.SetInt(w.Col("undone"), 1)
			w.Undo(m)
			mu.Unlock()
		}
	})
	snapshots := make(chan *table.Snapshot, 4)
	for range 2 {
		wg.Go(func() {
			for s := range snapshots {
				checkNumbered(t, &s.View, s.Window())
			}
		})
	}
	defer close(snapshots)
	for seen, frame := 0, 0; seen < rows; frame++ {
		mu.Lock()
		end := w.End()
		tab.CommitTo(w, end-(end-tab.Window().Hi)/3)
		mu.Unlock()
		d := cur.Delta()
		if d.Appended.Lo != uint64(seen) || d.Missed > 0 || d.Reset {
			t.Fatalf("Delta() = %+v after %d rows", d, seen)
		}
		checkNumbered(t, d.View, d.Appended)
		checkNumbered(t, d.View, d.Expired)
		seen += d.Appended.Len()
		cur.Advance()
		if frame%16 == 0 {
			snapshots <- tab.Snapshot()
		}
	}
}

func writeNumbered(w *table.Writer, i int) {
	w.Row()
	w.SetInt(w.Col("n"), int64(i))
	w.SetString(w.Col("text"), texts[(i+1)%len(texts)])
	w.SetPeer(w.Col("peer"), peers[(i+1)%len(peers)])
	if i > 5000 {
		w.SetFloat64(w.Col("late"), float64(i))
	}
}

var texts = []string{"one", "two", "a longer text, to make the arena grow", ""}

func checkNumbered(t *testing.T, v *table.View, r table.Range) {
	for row := range v.Rows(r) {
		i := int(row.Number())
		n, text, p := row.Cell(0).Int(), row.Cell(1).Str(), row.Cell(2).Peer()
		if n != int64(i) || text != texts[(i+1)%len(texts)] || p != peers[(i+1)%len(peers)] {
			t.Errorf("row %d is %d %q %v", i, n, text, p)
			return
		}
	}
}
