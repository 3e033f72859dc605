package ops_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/ops"
)

func TestJoinKinds(t *testing.T) {
	tests := []struct {
		name string
		op   ops.Join
		want []string
	}{
		{"inner", ops.Join{}, []string{"k=a t=1 t_2=1 v=x", "k=a t=1 t_2=3 v=y", "k=a t=3 t_2=1 v=x", "k=a t=3 t_2=3 v=y"}},
		{"left", ops.Join{How: "left"}, []string{
			"k=a t=1 t_2=1 v=x", "k=a t=1 t_2=3 v=y", "k=b t=2", "k=a t=3 t_2=1 v=x", "k=a t=3 t_2=3 v=y", "t=4",
		}},
		{"as of", ops.Join{How: "asof", Time: "t"}, []string{"k=a t=1 t_2=1 v=x", "k=b t=2", "k=a t=3 t_2=3 v=y", "t=4"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.op.By = []string{"k"}
			n := newTimeline(t, &tt.op, []string{"k", "t"}, []string{"k", "t", "v"})
			n.put(1, []any{"a", 1, "x"}, []any{"a", 3, "y"}, []any{nil, 1, "z"})
			n.cook(0)
			n.put(0, []any{"a", 1}, []any{"b", 2}, []any{"a", 3}, []any{nil, 4})
			n.cook(0)
			expect(t, tt.name, content(n.node.Table()), tt.want...)
		})
	}
}

// A row of the second input that comes late takes the place of the one that was the last before it.
func TestJoinAsOfLateRow(t *testing.T) {
	n := newTimeline(t, &ops.Join{How: "asof", Matching: ops.Matching{By: []string{"k"}}, Tolerance: 2 * time.Second}, []string{"k", "time"}, []string{"k", "time", "v"})
	n.put(0, []any{"a", 2}, []any{"a", 5}, []any{"a", 4})
	n.put(1, []any{"a", 1, "one"})
	n.cook(0)
	expect(t, "at first", content(n.node.Table()), "k=a time=5", "k=a time=4", "k=a time=2 time_2=1 v=one")
	n.put(1, []any{"a", 3.5, "late"})
	n.cook(0)
	expect(t, "with a row between", content(n.node.Table()),
		"k=a time=2 time_2=1 v=one", "k=a time=4 time_2=3.5 v=late", "k=a time=5 time_2=3.5 v=late")
}

func TestJoinErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Join{Matching: ops.Matching{By: []string{"a", "b"}, On: []string{"c"}}}),
		"add /n: on: it has another number of columns than by", "wire /n: join has 0 inputs; it takes 2")
	by := ops.Matching{By: []string{"k"}}
	left, right := []string{"k", "time"}, []string{"k", "v"}
	tests := []struct {
		name  string
		op    ops.Join
		rows  []string
		count uint64
		last  string
	}{
		{"pairs", ops.Join{Matching: by, MaxRows: 3}, []string{"k=a time=x v=1", "k=a time=1 v=1", "k=a time=x v=2"}, 1,
			"row 1 of input 1 and row 1 of input 2 are left out: there are 3 pairs, as many as maxrows says"},
		{"the first has no such column", ops.Join{Matching: ops.Matching{By: []string{"kk"}, On: []string{"k"}}}, nil, 2,
			`input 1: row 1: its table has no column "kk"; did you mean "k"?`},
		{"the second has no such column", ops.Join{How: "left", Matching: ops.Matching{By: []string{"k"}, On: []string{"vv"}}},
			[]string{"k=a time=x", "k=a time=1"}, 2, `input 2: row 1: its table has no column "vv"; did you mean "v"?`},
		{"no time", ops.Join{How: "asof", Matching: by}, []string{"k=a time=x", "k=a time=1"}, 3,
			"input 2: row 1: time is null, which is no time: it matches nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := newTimeline(t, &tt.op, left, right)
			n.put(0, []any{"a", "x"}, []any{"a", 1})
			n.put(1, []any{"a", 1}, []any{"a", 2})
			n.cook(0)
			expect(t, "rows", content(n.node.Table()), tt.rows...)
			if text, count := rowFault(n.node); count != tt.count || text != tt.last {
				t.Errorf("%d errors, want %d; the last: %s, want %s", count, tt.count, text, tt.last)
			}
		})
	}
}
