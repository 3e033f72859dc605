package ops_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

func TestAggregateErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Aggregate{Compute: []string{"mean", "p101(a)", "avg(a)", "rate", "x=max(a"}}),
		`add /n: compute: "mean": say of which column, as mean(arg1)`,
		`add /n: compute: "p101(a)": a percentile is from p0 to p100`,
		`add /n: compute: "avg(a)": there is no function "avg"; write one of count, sum, mean, min, max, first, last, median, p95, stddev, rate with a column, as mean(arg1)`,
		`add /n: compute: "rate" is of a span of time: it takes over: time or over: tumble`,
		`add /n: compute: "x=max(a" lacks the ) at its end`,
		"wire /n: aggregate has 0 inputs; it takes 1")
	r := newRig(t, func(e *graph.Edit) {
		rows := e.Add("t", &ops.Table{Columns: []string{"k", "v"}, Rows: [][]any{{"a", 1}, {"b", "x"}, {"a", 2}, {"c", 1}}})
		e.Wire(rows, e.Add("sums", &ops.Aggregate{By: []string{"k"}, Compute: []string{"count", "sum(v)"}, MaxKeys: 2}))
		e.Wire(rows, e.Add("misspelt", &ops.Aggregate{By: []string{"kk"}}))
	})
	r.watch("sums")
	r.watch("misspelt")
	r.engine.Step()
	expect(t, "sums", content(r.g.Node("sums").Table()), "count=2 k=a sum_v=3", "count=1 k=b")
	if text, n := rowFault(r.g.Node("sums")); n != 2 || text != `row 3: "c" is left out: there are 2 keys, as many as maxkeys says` {
		t.Errorf("%d errors, the last: %s", n, text)
	}
	if text, n := rowFault(r.g.Node("misspelt")); n != 4 || text != `row 3: its table has no column "kk"; did you mean "k"?` {
		t.Errorf("%d errors, the last: %s", n, text)
	}
}

func TestAggregateOfTooManyRows(t *testing.T) {
	for _, over := range []string{"table", "rows", "time"} {
		n := newTimeline(t, &ops.Aggregate{Compute: []string{"count", "sum(v)", "first(v)"}, Over: over, MaxRows: 3}, []string{"v"})
		n.put(0, []any{1}, []any{2}, []any{4}, []any{8})
		n.cook(0)
		expect(t, over, content(n.node.Table()), "count=3 first_v=2 sum_v=14")
		if text, count := rowFault(n.node); count != 1 || text != "row 0 no longer counts: more than maxrows 3 rows do" {
			t.Errorf("%s: %d errors, the last: %s", over, count, text)
		}
	}
}

func TestAggregateTumbles(t *testing.T) {
	n := newTimeline(t, &ops.Aggregate{By: []string{"k"}, Compute: []string{"count", "sum(v)"}, Over: "tumble"}, []string{"k", "v"})
	step := func(at, wake time.Duration, want ...string) {
		t.Helper()
		if got := n.cook(at); got != wake {
			t.Errorf("at %v: the next cook is at %v, want %v", at, got, wake)
		}
		expect(t, at.String(), content(n.node.Table()), want...)
	}
	n.put(0, []any{"a", 1})
	step(200*time.Millisecond, time.Second)
	n.put(0, []any{"b", 2}, []any{"a", 3})
	step(900*time.Millisecond, time.Second)
	step(time.Second, 2*time.Second, "count=2 k=a start=0 sum_v=4", "count=1 k=b start=0 sum_v=2")
	n.put(0, []any{"b", 5})
	step(1500*time.Millisecond, 2*time.Second, "count=2 k=a start=0 sum_v=4", "count=1 k=b start=0 sum_v=2")
	step(2*time.Second, 3*time.Second, "count=1 k=b start=1 sum_v=5")
	step(3*time.Second, graph.Never)
	n.put(0, []any{"b", 6})
	step(4*time.Second, 5*time.Second)
	news := n.node.Table().Reader()
	news.Advance()
	step(9*time.Second, graph.Never)
	if d := news.Changes(); d.Fresh.Len() != 1 {
		t.Errorf("a window that was over long ago gives %d new rows, want 1", d.Fresh.Len())
	}
}

// Rows that are in the input again under other numbers count as they did, and those that came between them
// count once.
func TestAggregateOfRestatedRows(t *testing.T) {
	for _, over := range []string{"table", "all", "rows", "time", "tumble"} {
		n := newTimeline(t, &ops.Aggregate{Compute: []string{"count", "sum(v)"}, Over: over}, []string{"v"})
		n.put(0, []any{1}, []any{2})
		n.cook(0)
		n.inputs[0].Operator().(*feed).do(func(w *table.Writer) {
			columns, rows := []string{"v"}, [][]table.Value{{table.IntValue(1)}, {table.IntValue(4)}, {table.IntValue(2)}}
			putRows(w, columns, rows[1:2])
			w.Reset()
			restated := w.End()
			putRows(w, columns, rows)
			w.RestateFrom(restated)
		})
		n.cook(500 * time.Millisecond)
		if over == "tumble" {
			n.cook(time.Second)
		}
		want := "count=3 sum_v=7"
		if over == "tumble" {
			want = "count=3 start=0 sum_v=7"
		}
		expect(t, over, content(n.node.Table()), want)
	}
}
