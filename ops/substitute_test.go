package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

func TestSubstitute(t *testing.T) {
	tests := []struct {
		op   ops.Substitute
		in   any
		want string
	}{
		{ops.Substitute{Before: "a", After: "xy"}, "banana", "bxynxynxy"},
		{ops.Substitute{Before: "a", After: "xy", First: true}, "banana", "bxynana"},
		{ops.Substitute{Before: "an", Match: "exact"}, "banan", "banan"},
		{ops.Substitute{Before: "an", Match: "exact", After: "x"}, "an", "x"},
		{ops.Substitute{Before: "b", Match: "start", After: "x"}, "bab", "xab"},
		{ops.Substitute{Before: "b", Match: "end", After: "x"}, "bab", "bax"},
		{ops.Substitute{Before: "B?n", After: "x", Case: graph.Off}, "banBEN", "xx"},
		{ops.Substitute{Before: "*", After: "x"}, "", "x"},
		{ops.Substitute{Before: "*", After: "x"}, "abc", "x"},
		{ops.Substitute{Before: "a*", After: "x"}, "banana", "bx"},
		{ops.Substitute{Before: "[ab]", After: "$1"}, "cab", "c$1$1"},
		{ops.Substitute{Before: `\*`, After: "x"}, "a*b", "axb"},
		{ops.Substitute{Before: "/fader", After: "/f", Match: "start"}, "/fader/1", "/f/1"},
		{ops.Substitute{Before: "1", After: "on", Match: "exact"}, 1, "on"},
		{ops.Substitute{Before: "x", After: "y"}, 10, "10"},
		{ops.Substitute{Before: ".", After: ","}, 0.5, "0,5"},
		{ops.Substitute{Before: "e", After: "x"}, true, "trux"},
		{ops.Substitute{Before: "a", After: "b", Columns: []string{"other"}}, "a", "a"},
	}
	for _, tt := range tests {
		if rows, _, err := behind(t, &tt.op, values(tt.in)); len(rows) != 1 || rows[0] != tt.want || err != "" {
			t.Errorf("substitute %+v of %v: %q, error %q; want %q", tt.op, tt.in, rows, err, tt.want)
		}
	}
}

func TestSubstitutePairs(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		n := e.Add("op", &ops.Substitute{Before: "x", After: "on"})
		e.Wire(e.Add("in", values("on", "off", "x", "?")), n)
		e.Wire(e.Add("pairs", &ops.Table{Columns: []string{"comment", "before", "after"}, Rows: [][]any{
			{"", "on", 1}, {"", "off", 0}, {"", "", "never"}, {"", "[", "never"},
		}}), n)
	})
	rows := r.watch("op")
	r.engine.Step()
	expect(t, "rows", *rows, "1", "0", "1", "?")
	want := `second input, row 3: "[" has a [ without characters and a ] behind it; write \[ for a bracket`
	if f := r.g.Node("op").Faults(); len(f) != 1 || f[0].LastError.Error() != want {
		t.Errorf("Faults() = %v, want %s", f, want)
	}
}

func TestSubstituteErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Substitute{Before: `a\`, Match: "middle"}),
		`add /n: match: "middle" is not one of anywhere, exact, start, end`,
		`add /n: before: a pattern ends with \; write \\ for a backslash`,
		"wire /n: substitute has 0 inputs; it takes 1 to 2")
}
