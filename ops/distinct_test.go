package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// When the row of a key goes, the next one takes its place, at the end.
func TestDistinctShowsTheNext(t *testing.T) {
	n := newTimeline(t, &ops.Distinct{By: []string{"k"}}, []string{"k", "v"})
	n.put(0, []any{"a", 1}, []any{"b", 2}, []any{"a", 3})
	n.cook(0)
	expect(t, "the first of each", content(n.node.Table()), "k=a v=1", "k=b v=2")
	n.inputs[0].Operator().(*feed).do(func(w *table.Writer) { w.Expire(1) })
	n.cook(0)
	expect(t, "when it is gone", content(n.node.Table()), "k=b v=2", "k=a v=3")
}

func TestDistinctErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Distinct{By: []string{"a", "a"}}),
		`add /n: by: "a" is given twice`, "wire /n: distinct has 0 inputs; it takes 1")
	n := newTimeline(t, &ops.Distinct{By: []string{"kk"}}, []string{"k"})
	n.put(0, []any{"a"}, []any{"b"})
	n.cook(0)
	expect(t, "rows", content(n.node.Table()))
	if text, count := rowFault(n.node); count != 2 || text != `row 1: its table has no column "kk"; did you mean "k"?` {
		t.Errorf("%d errors, the last: %s", count, text)
	}
}
