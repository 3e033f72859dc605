package ops_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

func TestLatestTimeout(t *testing.T) {
	n := newTimeline(t, &ops.Latest{By: []string{"k"}, Timeout: time.Second}, []string{"k", "v"})
	step := func(at, wake time.Duration, want ...string) {
		t.Helper()
		if got := n.cook(at); got != wake {
			t.Errorf("at %v: the next cook is at %v, want %v", at, got, wake)
		}
		expect(t, at.String(), content(n.node.Table()), want...)
	}
	n.put(0, []any{"a", 1}, []any{"b", 2})
	step(0, time.Second, "k=a v=1", "k=b v=2")
	n.put(0, []any{"a", 3})
	step(400*time.Millisecond, time.Second, "k=b v=2", "k=a v=3")
	step(time.Second, 1400*time.Millisecond, "k=a v=3")
	n.inputs[0].Operator().(*feed).do(func(w *table.Writer) { w.Edit(2, 1, table.IntValue(4)) })
	step(1300*time.Millisecond, 1400*time.Millisecond, "k=a v=4")
	step(1400*time.Millisecond, graph.Never)
	n.put(0, []any{"b", 5})
	step(9*time.Second, 10*time.Second, "k=b v=5")
}

func TestLatestErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Latest{By: []string{"a", "", "a"}}),
		"add /n: by: an empty name of a column", "wire /n: latest has 0 inputs; it takes 1")
	n := newTimeline(t, &ops.Latest{By: []string{"k"}, MaxKeys: 2}, []string{"k", "v"})
	n.put(0, []any{"a", 1}, []any{"b", 2}, []any{"c", 3}, []any{"a", 4})
	n.cook(0)
	expect(t, "with too many keys", content(n.node.Table()), "k=b v=2", "k=a v=4")
	if text, count := rowFault(n.node); count != 1 || text != `row 2: "c" is left out: there are 2 keys, as many as maxkeys says` {
		t.Errorf("%d errors, the last: %s", count, text)
	}
	n = newTimeline(t, &ops.Latest{By: []string{"kk"}}, []string{"k", "v"})
	n.put(0, []any{"a", 1})
	n.cook(0)
	if text, count := rowFault(n.node); count != 1 || text != `row 0: its table has no column "kk"; did you mean "k"?` {
		t.Errorf("%d errors, the last: %s", count, text)
	}
}

// One key of 10,000 that changes costs one row in everything that is behind, and is one new row.
func TestLatestPassesOnOneRow(t *testing.T) {
	const keys, frames = 10_000, 100
	r := newRig(t, func(e *graph.Edit) {
		latest := e.Add("latest", &ops.Latest{By: []string{"k"}})
		e.Wire(e.Add("source", &feed{columns: []string{"k", "v"}}), latest)
		e.Wire(latest, e.Add("loud", &ops.Select{Where: "v >= 0"}))
	})
	news := 0
	r.engine.Observe(r.g.Node("loud"), func(_ int64, d table.Delta) {
		for range d.NewRows() {
			news++
		}
	})
	put := func(k, v int) {
		r.source.Operator().(*feed).do(func(w *table.Writer) { putRows(w, []string{"k", "v"}, valuesOf([][]any{{k, v}})) })
	}
	for k := range keys {
		put(k, 0)
	}
	r.cook()
	before := r.g.Node("loud").Table().Window().Hi
	for v := range frames {
		put(v*37%keys, v)
		r.cook()
	}
	tab := r.g.Node("loud").Table()
	if got := tab.Window().Hi - before; got != frames || news != keys+frames || tab.NumRows() != keys {
		t.Errorf("%d keys that changed cost %d rows, of %d in the table; %d rows were new, want %d", frames, got, tab.NumRows(), news, keys+frames)
	}
}
