package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// sorted returns the cells of column name in the order into which op puts them.
func sorted(t *testing.T, op *ops.Sort, cells ...any) []string {
	t.Helper()
	var rows [][]any
	for i, cell := range cells {
		rows = append(rows, []any{cell, i})
	}
	op.Name = append(op.Name, "name")
	return cellsOf(t, "name", func(e *graph.Edit) {
		e.Wire(e.Add("rows", &ops.Table{Columns: []string{"name", "at"}, Rows: rows}), e.Add("n", op))
	})
}

// cellsOf returns a column of the node called n.
func cellsOf(t *testing.T, column string, build func(e *graph.Edit)) (cells []string) {
	t.Helper()
	r := newRig(t, build)
	r.watch("n")
	r.engine.Step()
	tab := r.g.Node("n").Table()
	for row := range tab.Rows(tab.Window()) {
		cells = append(cells, row.Get(column).String())
	}
	return cells
}

func TestSortOrders(t *testing.T) {
	tests := []struct {
		name  string
		op    ops.Sort
		cells []any
		want  []string
	}{
		{"numbers before text, empty cells last", ops.Sort{}, []any{nil, "b", 10, "10", 9.5, true}, []string{"true", "9.5", "10", "10", "b", ""}},
		{"from high to low, empty cells last", ops.Sort{Reverse: true}, []any{1, nil, 3, 2}, []string{"3", "2", "1", ""}},
		{"as text", ops.Sort{Order: "alpha"}, []any{9, 10, "b", "B"}, []string{"10", "9", "B", "b"}},
		{"capital letters are small ones, and ties stay", ops.Sort{IgnoreCase: true}, []any{"b", "C", "B", "a", "É", "é"}, []string{"a", "b", "B", "C", "É", "é"}},
		{"numbers in text by size", ops.Sort{Order: "alphanum"}, []any{"f10", "f9", "f010", "f9b", "f", "g1"}, []string{"f", "f9", "f9b", "f10", "f010", "g1"}},
		{"several numbers in text", ops.Sort{Order: "alphanum"}, []any{"/2/10", "/2/9", "/10/1", "/02/9"}, []string{"/2/9", "/02/9", "/2/10", "/10/1"}},
		{"numbers that are text, other text is 0", ops.Sort{Order: "nums"}, []any{"12", 3, "x", "-1", "y"}, []string{"-1", "x", "y", "3", "12"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { expect(t, "sorted", sorted(t, &tt.op, tt.cells...), tt.want...) })
	}
}

func TestSortBySeveralColumns(t *testing.T) {
	rows := [][]any{{"a", 1, 0}, {"b", 1, 1}, {"a", 2, 2}, {"b", 3, 3}, {"a", 2, 4}}
	got := cellsOf(t, "at", func(e *graph.Edit) {
		e.Wire(e.Add("rows", &ops.Table{Columns: []string{"k", "n", "at"}, Rows: rows}), e.Add("n", &ops.Sort{Name: []string{"k", "n desc"}}))
	})
	expect(t, "by k, and n from high to low", got, "2", "4", "0", "3", "1")
}

func TestSortErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Sort{Name: []string{"k", "k desc"}}),
		`add /n: name: "k" is given twice`, "wire /n: sort has 0 inputs; it takes 1")
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("rows", &ops.Table{Columns: []string{"level"}, Rows: [][]any{{2}, {1}}}), e.Add("n", &ops.Sort{Name: []string{"levl"}}))
	})
	r.watch("n")
	r.engine.Step()
	expect(t, "rows stay as they were", content(r.g.Node("n").Table()), "level=2", "level=1")
	if text, n := rowFault(r.g.Node("n")); n != 1 || text != `its table has no column "levl"; did you mean "level"?; it counts as empty in every row` {
		t.Errorf("%d errors, the last: %s", n, text)
	}
}

// A row that belongs between others is new by itself, and its place is told by the table.
func TestSortTellsOneRow(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("source", &burst{columns: []string{"name", "n"}}), e.Add("n", &ops.Sort{Name: []string{"n"}}))
	})
	news := r.watch("n")
	for _, n := range []int64{5, 1, 3} {
		r.source.Operator().(*burst).todo = append(r.source.Operator().(*burst).todo, func(w *table.Writer) {
			w.Row()
			w.SetInt(1, n)
		})
		r.cook()
	}
	expect(t, "new rows", *news, "|5", "|1", "|3")
	expect(t, "table", content(r.g.Node("n").Table()), "n=1", "n=3", "n=5")
}
