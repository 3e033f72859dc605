package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// rowFault returns the text of the last error of a node's rows, and how many there were.
func rowFault(n *graph.Node) (string, uint64) {
	for _, f := range n.Faults() {
		if f.Kind == graph.FaultRow {
			return f.LastError.Error(), f.Count
		}
	}
	return "", 0
}

func TestLookupOfAbsentKeys(t *testing.T) {
	build := func(op *ops.Lookup) func(e *graph.Edit) {
		return func(e *graph.Edit) {
			lookup := e.Add("lookup", op)
			e.Wire(e.Add("rows", &ops.Table{Columns: []string{"id", "v"}, Rows: [][]any{{1, "a"}, {2.0, "b"}, {nil, "c"}}}), lookup)
			e.Wire(e.Add("names", &ops.Table{Columns: []string{"id", "name"}, Rows: [][]any{{2, "old"}, {2, "two"}, {nil, "none"}}}), lookup)
		}
	}
	for absent, want := range map[string][]string{
		"empty": {"id=1 name=? v=a", "id=2 name=two v=b", "name=? v=c"},
		"error": {"id=1 name=? v=a", "id=2 name=two v=b", "name=? v=c"},
		"drop":  {"id=2 name=two v=b"},
	} {
		r := newRig(t, build(&ops.Lookup{Matching: ops.Matching{By: []string{"id"}}, Absent: absent, Default: "?"}))
		r.watch("lookup")
		r.engine.Step()
		n := r.g.Node("lookup")
		expect(t, absent, content(n.Table()), want...)
		if text, count := rowFault(n); (count == 2) != (absent == "error") || absent == "error" && text != "row 2: null is not in the second input" {
			t.Errorf("%s: %d errors, the last: %s", absent, count, text)
		}
	}
}

// A name that changes changes the cells of its rows where they are. They are not new.
func TestLookupChangesCells(t *testing.T) {
	n := newTimeline(t, &ops.Lookup{Matching: ops.Matching{By: []string{"k"}}}, []string{"k", "v"}, []string{"k", "name"})
	news := n.node.Table().Reader()
	n.put(0, []any{1, "a"}, []any{2, "b"}, []any{1, "c"})
	n.put(1, []any{1, "one"}, []any{2, "two"})
	n.cook(0)
	expect(t, "at first", content(n.node.Table()), "k=1 name=one v=a", "k=2 name=two v=b", "k=1 name=one v=c")
	news.Advance()
	n.inputs[1].Operator().(*feed).do(func(w *table.Writer) { w.Remove(0) })
	n.put(1, []any{1, "uno"})
	n.cook(0)
	expect(t, "when a name has changed", content(n.node.Table()), "k=1 name=uno v=a", "k=2 name=two v=b", "k=1 name=uno v=c")
	if d := news.Changes(); d.Fresh.Len() != 0 || d.Window().Hi != 3 {
		t.Errorf("rows %v are new of %v, want none of three", d.Fresh, d.Window())
	}
	n.inputs[1].Operator().(*feed).do(func(w *table.Writer) { w.Remove(1) })
	n.cook(0)
	expect(t, "when a name is gone", content(n.node.Table()), "k=1 name=uno v=a", "k=2 v=b", "k=1 name=uno v=c")
}

// Behind an input of names that is busy, a cook costs the rows whose name changed.
func TestLookupAllocatesNothing(t *testing.T) {
	n := newTimeline(t, &ops.Lookup{Matching: ops.Matching{By: []string{"k"}}}, []string{"k", "v"}, []string{"k", "name"})
	for k := range 100 {
		n.put(0, []any{k, "a"}, []any{k, "b"})
		n.put(1, []any{k, "name"})
	}
	n.cook(0)
	names, serial := n.inputs[1].Operator().(*feed), 0
	rename := func(w *table.Writer) {
		w.Remove(w.End() - 100)
		w.Row()
		w.SetInt(0, int64(serial%100))
		w.SetString(1, "another name"[serial%7:])
		serial++
	}
	frame := func() {
		names.todo = append(names.todo, rename)
		n.cook(0)
	}
	for range 500 {
		frame()
	}
	if got := testing.AllocsPerRun(200, frame); got != 0 {
		t.Errorf("a frame in which one name of 100 changes allocates %v times, want 0", got)
	}
	if got := n.node.Table().Window().Hi; got != 200 {
		t.Errorf("%d rows were written, want 200", got)
	}
}
