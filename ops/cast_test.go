package ops_test

import (
	"math"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

func TestCast(t *testing.T) {
	tests := []struct {
		to   string
		in   any
		want any // a string begins with "error: " for what is reported
	}{
		{"int", 3.9, int64(3)}, {"int", -3.9, int64(-3)}, {"int", " 12 ", int64(12)}, {"int", true, int64(1)}, {"int", nil, nil},
		{"int", "3.9", `error: row 0: column v: string "3.9" is not a whole number of 64 bits`},
		{"int", math.NaN(), `error: row 0: column v: float64 "NaN" is not a whole number of 64 bits`},
		{"int", 1e19, `error: row 0: column v: float64 "10000000000000000000" is not a whole number of 64 bits`},
		{"int64", 7, table.Int64Value(7)},
		{"float", 3, 3.0}, {"float", "2.5e3", 2500.0}, {"float", "", `error: row 0: column v: string "" is not a number`},
		{"float32", 0.1, float32(0.1)}, {"float32", "0.1", float32(0.1)},
		{"float32", 1e300, `error: row 0: column v: float64 "1e+300" is not a number of 32 bits`},
		{"bool", 0, false}, {"bool", "ON", true}, {"bool", "no", false},
		{"bool", "maybe", `error: row 0: column v: string "maybe" is not true, on, yes, 1, false, off, no or 0`},
		{"string", 0.5, "0.5"}, {"string", []any{1, 2}, "[1, 2]"}, {"symbol", "s", table.SymbolValue("s")},
		{"bytes", "b", []byte("b")}, {"string", []byte("\xff"), "\xff"},
		{"float", []any{1}, `error: row 0: column v: list "[1]" is not a number`},
	}
	for _, tt := range tests {
		r := newRig(t, func(e *graph.Edit) {
			e.Wire(e.Add("in", &ops.Table{Columns: []string{"v"}, Rows: [][]any{{tt.in}}}), e.Add("op", &ops.Cast{Types: []string{"v=" + tt.to}}))
		})
		r.watch("op")
		r.engine.Step()
		n := r.g.Node("op")
		if want, ok := tt.want.(string); ok && len(want) > 7 && want[:7] == "error: " {
			if f := n.Faults(); len(f) != 1 || f[0].LastError.Error() != want[7:] || n.Table().NumRows() != 0 {
				t.Errorf("%v as %s: %d rows and %+v, want %s", tt.in, tt.to, n.Table().NumRows(), f, want)
			}
			continue
		}
		one := newRig(t, func(e *graph.Edit) {
			e.Wire(e.Add("want", &ops.Table{Columns: []string{"v"}, Rows: [][]any{{tt.want}}}), e.Add("op", &ops.Select{}))
		})
		one.watch("op")
		one.engine.Step()
		want := one.g.Node("want").Table().Cell(0, 0)
		if n.Table().NumRows() != 1 || !n.Table().Cell(n.Table().Window().Lo, 0).Equal(want) {
			t.Errorf("%v as %s: %q, %v; want %s %v", tt.in, tt.to, content(n.Table()), n.Faults(), want.Kind(), want)
		}
	}
}

func TestCastErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Cast{Types: []string{"a", "b=flaot", "[=int"}}),
		`add /n: types: "a" has no =; write a column and its type, as arg1=float`,
		`add /n: types: "flaot" is no type; did you mean "float"?; there are bool, bytes, float, float32, int, int64, string, symbol`,
		"add /n: types: offset 0: '[' without ']'",
		"wire /n: cast has 0 inputs; it takes 1")
}
