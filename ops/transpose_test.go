package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

func TestTranspose(t *testing.T) {
	rows := &ops.Table{
		Columns: []string{"arg1", "address", "arg2"},
		Rows:    [][]any{{0.5, "/a", "x"}, {1, "/b", nil}, {2, "/a", true}, {3, nil, 4}},
	}
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("rows", rows), e.Add("n", &ops.Transpose{Name: "address"}))
		e.Wire(e.Add("same", &ops.Table{Columns: []string{"a", "b"}, Rows: [][]any{{"x", 1}}}), e.Add("first", &ops.Transpose{}))
		e.Wire(e.Add("other", &ops.Table{Columns: []string{"arg1"}}), e.Add("misspelt", &ops.Transpose{Name: "arg"}))
	})
	for _, name := range []string{"n", "first", "misspelt"} {
		r.watch(name)
	}
	r.engine.Step()
	expect(t, "by address", content(r.g.Node("n").Table()), "/a=0.5 /a_2=2 /b=1 3=3 address=arg1", "/a=x /a_2=true 3=4 address=arg2")
	expect(t, "by the first column", content(r.g.Node("first").Table()), "a=b x=1")
	if err := r.g.Node("misspelt").Err(); err == nil || err.Error() != `cook /misspelt: its table has no column "arg"; did you mean "arg1"?` {
		t.Errorf("a column that is not there: %v", err)
	}
}

// Only what changed is new, though all of the table is written.
func TestTransposeTellsWhatChanged(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("source", &burst{columns: []string{"name", "n", "m"}}), e.Add("n", &ops.Transpose{}))
	})
	news := r.watch("n")
	source := r.source.Operator().(*burst)
	source.add(1)
	r.cook()
	source.todo = append(source.todo, func(w *table.Writer) { w.Edit(0, 2, table.IntValue(7)) })
	r.cook()
	expect(t, "new rows", *news, "n|1", "m|1", "m|7")
	expect(t, "table", content(r.g.Node("n").Table()), "/abc=1 name=n", "/abc=7 name=m")
}

func TestTransposeOfTooMuch(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("source", &burst{columns: []string{"name", "n"}}), e.Add("n", &ops.Transpose{Name: "n"}))
	})
	r.watch("n")
	r.source.Operator().(*burst).add(5000)
	r.cook()
	if got := r.g.Node("n").Table().Schema().Len(); got != table.MaxColumns {
		t.Errorf("%d columns, want %d", got, table.MaxColumns)
	}
	if text, n := rowFault(r.g.Node("n")); n != 1 || text != "905 rows are left out: a table has at most 4096 columns" {
		t.Errorf("%d errors, the last: %s", n, text)
	}
}
