package ops_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

// values returns a table with one column.
func values(cells ...any) *ops.Table {
	t := &ops.Table{Columns: []string{"v"}}
	for _, cell := range cells {
		t.Rows = append(t.Rows, []any{cell})
	}
	return t
}

func TestChanged(t *testing.T) {
	expectBehind(t, &ops.Changed{}, values(1, 1, 1.0, 2, nil, nil, "a", "a", "b"), "v ", "", "1", "2", "", "a", "b")
	expectBehind(t, &ops.Changed{Threshold: 0.5}, values(1, 1.5, 1.6, 2.1, 1.0), "v ", "", "1", "1.6", "1")
	in := func() *ops.Table {
		return &ops.Table{Columns: []string{"address", "v"}, Rows: [][]any{{"/a", 1}, {"/b", 1}, {"/a", 1}, {"/b", 2}, {"/c", 1}}}
	}
	expectBehind(t, &ops.Changed{Key: []string{"address"}}, in(), "address v ", "", "/a|1", "/b|1", "/b|2", "/c|1")
	expectBehind(t, &ops.Changed{Key: []string{"address"}, MaxKeys: 2}, in(), "address v ",
		"row 4: it has one key more than the 2 of maxkeys", "/a|1", "/b|1", "/b|2", "/c|1")
}

func TestSample(t *testing.T) {
	expectBehind(t, &ops.Sample{Every: 3}, values(1, 2, 3, 4, 5, 6, 7), "v ", "", "1", "4", "7")
	expectBehind(t, &ops.Sample{Rate: 5}, values(1, 2, 3), "v ", "", "1")
	source := &burst{columns: []string{"text", "n"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("op", &ops.Sample{Rate: 20})) })
	rows := r.watch("op")
	for range 10 { // at 60 frames a second
		source.add(2)
		r.cook()
	}
	expect(t, "20 rows a second of 120", *rows, "/abc|1", "/abc|7", "/abc|13", "/abc|19")
}

func TestDelay(t *testing.T) {
	source := &burst{Limit: 2, columns: []string{"text", "n"}}
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("source", source), e.Add("op", &ops.Delay{Delay: 50 * time.Millisecond}))
	})
	rows := r.watch("op")
	r.cook()
	source.add(3)
	r.cook()
	r.engine.Step()
	source.add(1)
	r.cook()
	expect(t, "rows before they are due", *rows)
	r.engine.Step()
	expect(t, "rows that are due, though they are gone from the input", *rows, "/abc|1", "/abc|2", "/abc|3")
	r.engine.Step()
	r.engine.Step()
	expect(t, "all rows", *rows, "/abc|1", "/abc|2", "/abc|3", "/abc|4")
}

func TestSampleErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Changed{Columns: []string{"[a"}, Threshold: -1}),
		"add /n: threshold: -1 is not a number of at least 0",
		"add /n: columns: offset 0: '[' without ']'", "wire /n: changed has 0 inputs; it takes 1")
	expect(t, "mistakes", mistakes(&ops.Sample{Rate: -1, Every: -2}),
		"add /n: every: -2 is not a whole number of at least 1", "add /n: rate: -1 is not a number of at least 0",
		"wire /n: sample has 0 inputs; it takes 1")
	expect(t, "mistakes", mistakes(&ops.Delay{Delay: -time.Second}),
		"add /n: delay: -1s is not a time from 0 to 86400, in seconds or as 250ms", "wire /n: delay has 0 inputs; it takes 1")
}
