package ops_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// content returns the rows of a table as text.
func content(t *table.Table) []string {
	var out []string
	for row := range t.Rows(t.Window()) {
		out = append(out, named(row, nil))
	}
	return out
}

// named returns the cells of a row with their columns' names, of some columns or all. It leaves out
// nil cells, and the order in which the columns came.
func named(row table.Row, columns []string) string {
	var cells []string
	for name, cell := range row.Cells() {
		if !cell.IsNil() && (columns == nil || slices.Contains(columns, name)) {
			cells = append(cells, name+"="+cell.String())
		}
	}
	slices.Sort(cells)
	return strings.Join(cells, " ")
}

// A sieve is what a Select selects, computed from the whole table.
type sieve struct {
	first, last int
	keep        func(n int64) bool
	columns     []string // nil for all
}

func (s sieve) of(t *table.Table) []string {
	var out []string
	n := t.NumRows()
	first, last := s.first, s.last
	if first < 0 {
		first += n
	}
	if last < 0 {
		last += n
	}
	i := 0
	for row := range t.Rows(t.Window()) {
		if i >= first && i <= last && (s.keep == nil || s.keep(row.Get("n").Int())) {
			out = append(out, named(row, s.columns))
		}
		i++
	}
	return out
}

// Whatever happens to its input, a Select that cooks what changed has what one has that begins anew.
func TestSelectDeltaIsFull(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := sieve{
			first: rapid.SampledFrom([]int{0, 0, 0, 2, -3, 100}).Draw(t, "first"),
			last:  rapid.SampledFrom([]int{-1, -1, -1, 4, -2, 1 << 60}).Draw(t, "last"),
		}
		op := &ops.Select{RowIndexStart: want.first, RowIndexEnd: want.last}
		if rapid.Bool().Draw(t, "where") {
			op.Where, want.keep = "n % 3 != 0", func(n int64) bool { return n%3 != 0 }
		}
		if rapid.Bool().Draw(t, "columns") {
			op.Columns, want.columns = []string{"n", "extra?", "id"}, []string{"n", "extra1", "extra2", "id"}
		}
		source := &burst{Limit: rapid.SampledFrom([]int{0, 5, 300}).Draw(t, "limit"), columns: []string{"text", "n", "id"}}
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("select", op)) }); err != nil {
			t.Fatal(err)
		}
		engine, err := cook.New(g, cook.Config{})
		if err != nil {
			t.Fatal(err)
		}
		from, sel := g.Node("source"), g.Node("select")
		given := map[int64]bool{}
		engine.Observe(sel, func(_ int64, d table.Delta) {
			for row := range d.NewRows() {
				if id := row.Get("id").Int(); id > 0 && given[id] {
					t.Errorf("row %d is new for the second time", id)
				} else {
					given[id] = true
				}
			}
		})
		engine.Start(t.Context())
		defer engine.Close()
		for range rapid.IntRange(1, 12).Draw(t, "frames") {
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				source.draw(t)
			}
			from.Touch()
			engine.Step()
			if got, want := content(sel.Table()), want.of(from.Table()); !slices.Equal(got, want) {
				t.Fatalf("select of %q\n got %q\nwant %q", content(from.Table()), got, want)
			}
		}
		if err := sel.Err(); err != nil {
			t.Fatal(err)
		}
	})
}

// draw asks for a random change.
func (b *burst) draw(t *rapid.T) {
	n := rapid.IntRange(0, 9).Draw(t, "n")
	switch rapid.SampledFrom([]string{"append", "append", "append", "many", "expire", "clear", "reset", "edit", "column"}).Draw(t, "change") {
	case "append":
		b.add(n)
	case "many":
		b.add(100 * n)
	case "expire":
		b.todo = append(b.todo, func(w *table.Writer) { w.Expire(w.End() - min(w.End(), uint64(n))) })
	case "clear":
		b.todo = append(b.todo, func(w *table.Writer) { w.Clear() })
	case "reset":
		b.todo = append(b.todo, func(w *table.Writer) { w.Reset() })
	case "edit":
		b.todo = append(b.todo, func(w *table.Writer) {
			if w.End() > 0 {
				w.Edit(w.End()-1, 1, table.IntValue(int64(n)))
			}
		})
	case "column":
		if len(b.columns) < 5 {
			b.columns = append(b.columns, fmt.Sprintf("extra%d", len(b.columns)-2))
		}
	}
}

// Rows that come and go between two cooks of a Select are passed on all the same.
func TestSelectPassesBurst(t *testing.T) {
	source := &burst{Limit: 3, columns: []string{"text", "n"}}
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("source", source), e.Add("select", &ops.Select{Columns: []string{"n"}}))
	})
	rows := r.watch("select")
	r.cook()
	source.add(10)
	r.cook()
	expect(t, "rows", *rows, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
	expect(t, "table", content(r.g.Node("select").Table()), "n=8", "n=9", "n=10")
}

// A range of rows tells what reads it of each row once.
func TestSelectRangeSlides(t *testing.T) {
	source := &burst{columns: []string{"text", "n"}}
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("source", source), e.Add("select", &ops.Select{Columns: []string{"n"}, RowIndexStart: -2}))
	})
	rows := r.watch("select")
	for range 4 {
		source.add(1)
		r.cook()
	}
	expect(t, "rows", *rows, "1", "2", "3", "4")
	expect(t, "table", content(r.g.Node("select").Table()), "n=3", "n=4")
}

func TestSelectFollowsItsWire(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		e.Add("b", &ops.Table{Columns: []string{"y", "x"}, Rows: [][]any{{"y2", "x2"}}})
		e.Wire(e.Add("a", &ops.Table{Columns: []string{"x", "y"}, Rows: [][]any{{"x1", "y1"}}}), e.Add("select", &ops.Select{}))
	})
	r.watch("select")
	r.engine.Step()
	sel := r.g.Node("select")
	expect(t, "rows", content(sel.Table()), "x=x1 y=y1")
	if err := r.engine.Edit(func(e *graph.Edit) { e.Rewire(sel, r.g.Node("b")) }); err != nil {
		t.Fatal(err)
	}
	r.engine.Step()
	expect(t, "rows of the other table", content(sel.Table()), "x=x2 y=y2")
}

func TestSelectErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Select{Where: "arg1 > ", Columns: []string{"a[", "b"}}),
		"add /n: where:1:8: got end of file, want primary expression; the text ends where a value must follow",
		"add /n: columns: offset 1: '[' without ']'",
		"wire /n: select has 0 inputs; it takes 1")
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("t", &ops.Table{Columns: []string{"a"}, Rows: [][]any{{1}, {"x"}, {2}}}),
			e.Add("select", &ops.Select{Where: "1 + a > 0"}))
	})
	rows := r.watch("select")
	r.engine.Step()
	expect(t, "rows for which the expression does not fail", *rows, "1", "2")
	f := r.g.Node("select").Faults()
	want := "row 1: where: 1:3: unknown binary op: int + string; make a text of the other value, as str(n)"
	if len(f) != 1 || f[0].Kind != graph.FaultRow || f[0].Count != 1 || f[0].LastError.Error() != want {
		t.Errorf("Faults() = %+v, want one: %s", f, want)
	}
}

// newSelect returns a rig with n rows stored before a filter that keeps half of them.
func newSelect(tb testing.TB, n int) (*rig, *burst) {
	source := &burst{Limit: n, columns: []string{"address", "arg1"}}
	r := newRig(tb, func(e *graph.Edit) {
		e.Wire(e.Add("source", source), e.Add("select", &ops.Select{Where: "arg1 > 0"}))
	})
	r.engine.Observe(r.g.Node("select"), func(int64, table.Delta) {})
	for left := n; left > 0; left -= 10_000 {
		source.add(min(left, 10_000))
		r.cook()
	}
	if got := r.g.Node("select").Table().NumRows(); got != n {
		tb.Fatalf("%d rows are stored, want %d", got, n)
	}
	return r, source
}

func TestSelectAllocatesNothing(t *testing.T) {
	r, source := newSelect(t, 1000)
	frame := func() {
		source.add(10)
		r.cook()
	}
	for range 500 {
		frame()
	}
	if n := testing.AllocsPerRun(500, frame); n != 0 {
		t.Errorf("a frame with 10 new rows allocates %v times, want 0", n)
	}
}

func BenchmarkSelect(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("stored=%d", n), func(b *testing.B) {
			r, source := newSelect(b, n)
			for b.Loop() {
				source.add(10)
				r.cook()
			}
			b.ReportAllocs()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*10), "ns/row")
		})
	}
}
