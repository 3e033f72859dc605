package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
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
