package script_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// genCell draws cells of every kind but peers, and of numbers that are near each other.
func genCell() *rapid.Generator[table.Value] {
	return rapid.OneOf(
		rapid.Just(table.Value{}),
		rapid.Map(rapid.Bool(), table.BoolValue),
		rapid.Map(rapid.SampledFrom([]int64{0, 1, -1, 7, math.MaxInt64, math.MinInt64, 1 << 53, 1<<53 + 1}), table.IntValue),
		rapid.Map(rapid.SampledFrom([]int64{0, 1, -7, math.MaxInt64}), table.Int64Value),
		rapid.Map(rapid.SampledFrom([]string{"", "a", "ab"}), table.SymbolValue),
		rapid.Map(rapid.SampledFrom([]float32{0, 1, 0.1, 7, float32(math.Inf(1)), float32(math.NaN())}), table.Float32Value),
		rapid.Map(rapid.SampledFrom([]float64{0, 1, 0.1, 7.5, 1 << 53, 1 << 63, -1 << 63, math.Inf(-1), math.NaN()}), table.Float64Value),
		rapid.Map(rapid.SampledFrom([]string{"", "a", "ab", "b", "\xff", "é"}), table.StringValue),
		rapid.Map(rapid.SampledFrom([]string{"", "a", "\xff"}), func(s string) table.Value { return table.BytesValue([]byte(s)) }),
		rapid.Map(rapid.Uint64(), table.TimeTagValue),
		rapid.Map(rapid.Uint32(), table.CharValue),
		rapid.Map(rapid.Uint32(), table.ColourValue),
		rapid.Map(rapid.Uint32(), table.MIDIValue),
		rapid.Just(table.InfinitumValue()),
		rapid.Custom(func(t *rapid.T) table.Value {
			v, err := table.ListValue(make([]table.Value, rapid.IntRange(0, 2).Draw(t, "length"))...)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}),
	)
}

// genExpr draws the text of an expression, most often of a shape that is compiled directly.
func genExpr(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		atom := rapid.SampledFrom([]string{
			"a", "b", "c", "row['x y']", "frame", "time", "0", "1", "7", "-1", "0.1", "7.5", "9007199254740993",
			"'a'", "b'a'", "''", "True", "False", "None", "9223372036854775808.0", "param.gain", "param.name", "param.none",
		})
		if depth == 0 {
			return atom.Draw(t, "atom")
		}
		sub := func(label string) string {
			if rapid.Bool().Draw(t, "simple") {
				return atom.Draw(t, label)
			}
			return genExpr(depth-1).Draw(t, label)
		}
		switch rapid.IntRange(0, 10).Draw(t, "form") {
		case 0:
			op := rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(t, "comparison")
			return "(" + sub("left") + ") " + op + " (" + sub("right") + ")"
		case 1:
			op := rapid.SampledFrom([]string{"and", "or"}).Draw(t, "logic")
			return "(" + sub("left") + ") " + op + " (" + sub("right") + ")"
		case 2:
			return "not (" + sub("operand") + ")"
		case 3:
			method := rapid.SampledFrom([]string{"startswith", "endswith"}).Draw(t, "method")
			return "(" + sub("text") + ")." + method + "('a')"
		case 4:
			return "near(" + sub("number") + ", " + rapid.SampledFrom([]string{"1", "-1", "0.1", "7, 0.6", "7, tol=1"}).Draw(t, "near") + ")"
		case 5:
			return "-(" + sub("operand") + ")"
		case 6, 7:
			op := rapid.SampledFrom([]string{"+", "-", "*", "/", "//", "%"}).Draw(t, "arithmetic")
			return "(" + sub("left") + ") " + op + " (" + sub("right") + ")"
		case 8:
			list := rapid.SampledFrom([]string{
				"[]", "[1]", "(1, 7.0, None)", "['a', '', b'a', 0.1]", "(True,)", "[-1, 9007199254740993]",
			}).Draw(t, "list")
			return "(" + sub("item") + ") " + rapid.SampledFrom([]string{"in ", "not in "}).Draw(t, "in") + list
		case 9:
			return rapid.SampledFrom([]string{"abs(", "len("}).Draw(t, "function") + sub("operand") + ")"
		case 10:
			return "'a' " + rapid.SampledFrom([]string{"in (", "not in ("}).Draw(t, "in") + sub("text") + ")"
		}
		panic("no such form")
	})
}

// someValues are the parameters of a patch.
var someValues = graph.Values{"gain": 0.1, "name": "a", "none": nil}

// sameOutcome reports whether two evaluations came to the same value, or to the same error but for
// its place.
func sameOutcome(v, w table.Value, err, werr error) bool {
	if err == nil || werr == nil {
		nan := v.String() == "NaN" && w.String() == "NaN"
		return err == nil && werr == nil && v.Kind() == w.Kind() && (v.Equal(w) || nan)
	}
	e, ok := errors.AsType[*script.Error](err)
	f, fok := errors.AsType[*script.Error](werr)
	return ok && fok && e.Msg == f.Msg
}

func TestExprShapesEqualInterpreter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := genExpr(3).Draw(t, "expression")
		row := cells{}
		for _, name := range []string{"a", "b", "c", "x y"} {
			row[name] = genCell().Draw(t, name)
		}
		checkShape(t, text, rowOf(row))
	})
}

func checkShape(t interface{ Fatalf(string, ...any) }, text string, row table.Row) {
	direct, err := script.CompileExpr("where", graph.Script{Text: text, Values: someValues})
	if err != nil {
		t.Fatalf("CompileExpr(%q) = %v", text, err)
	}
	slow, err := script.CompileExpr("where", graph.Script{Text: interpreted(text), Values: someValues})
	if err != nil {
		t.Fatalf("CompileExpr(%q) = %v", interpreted(text), err)
	}
	v, err := direct.Eval(moment, row)
	w, werr := slow.Eval(moment, row)
	if !sameOutcome(v, w, err, werr) {
		t.Fatalf("Eval(%q) = %v %q, %v; the interpreter says %v %q, %v", text, v.Kind(), v, err, w.Kind(), w, werr)
	}
	yes, err := direct.Test(moment, row)
	also, werr := slow.Test(moment, row)
	if yes != also || (err == nil) != (werr == nil) {
		t.Fatalf("Test(%q) = %t, %v; the interpreter says %t, %v", text, yes, err, also, werr)
	}
}

func TestColumnsEqualInterpreter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := genExpr(2).Draw(t, "expression")
		e, err := script.CompileExpr("where", graph.Script{Text: text, Values: someValues})
		if err != nil {
			t.Fatal(err)
		}
		w, tab := table.NewWriter(), table.New(table.Limits{})
		names := []string{"a", "b", "c", "x y"}[:rapid.IntRange(0, 4).Draw(t, "columns")]
		for range rapid.IntRange(0, 20).Draw(t, "rows") {
			w.Row()
			for _, name := range names {
				w.Set(w.Col(name), genCell().Draw(t, name))
			}
		}
		tab.Commit(w)
		window := tab.Window()
		window.Lo += uint64(rapid.IntRange(0, tab.NumRows()).Draw(t, "first"))
		slow, err := script.CompileExpr("where", graph.Script{Text: interpreted(text), Values: someValues})
		if err != nil {
			t.Fatal(err)
		}
		for b := range tab.Blocks(window) {
			eachValue(e, moment, &tab.View, b, func(i int, v table.Value, err error) {
				w, werr := slow.Eval(moment, tab.RowOf(b, i))
				if !sameOutcome(v, w, err, werr) {
					t.Fatalf("Column(%q) of row %d = %v %q, %v; the interpreter says %v %q, %v", text, i, v.Kind(), v, err, w.Kind(), w, werr)
				}
			})
		}
		var want, got []string
		for row := range tab.Rows(window) {
			if ok, err := slow.Test(moment, row); ok || err != nil {
				want = append(want, fmt.Sprint(row.Number(), err != nil))
			}
		}
		for row, err := range e.Filter(moment, &tab.View, window) {
			got = append(got, fmt.Sprint(row.Number(), err != nil))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("Filter(%q) gives rows %q, want those that the interpreter gives: %q", text, got, want)
		}
		if got := picked(e, &tab.View, window); !slices.Equal(got, want) {
			t.Fatalf("Pick(%q) gives rows %q, want those that the interpreter gives: %q", text, got, want)
		}
	})
}

// eachValue calls f for what Column gives for each row of b.
func eachValue(e *script.Expr, c *graph.Cook, v *table.View, b table.Block, f func(i int, v table.Value, err error)) {
	kinds, nums := make([]table.Kind, b.Len()), make([]uint64, b.Len())
	others := map[int]bool{}
	e.Column(c, v, b, kinds, nums, func(i int, cell table.Value, err error) {
		others[i] = true
		f(i, cell, err)
	})
	for i, k := range kinds {
		var cell table.Value
		switch k {
		case table.KindBool:
			cell = table.BoolValue(nums[i] != 0)
		case table.KindInt:
			cell = table.IntValue(int64(nums[i]))
		case table.KindFloat64:
			cell = table.Float64Value(math.Float64frombits(nums[i]))
		}
		if !others[i] {
			f(i, cell, nil)
		}
	}
}

// picked returns which rows Pick gives, and whether they fail, in order.
func picked(e *script.Expr, v *table.View, window table.Range) (got []string) {
	for b := range v.Blocks(window) {
		failed := map[int]bool{}
		rows := e.Pick(moment, v, b, nil, func(i int, _ error) { failed[i] = true })
		for i := range b.Len() {
			if failed[i] || slices.Contains(rows, int32(i)) {
				got = append(got, fmt.Sprint(b.First()+uint64(i), failed[i]))
			}
		}
	}
	return got
}

func FuzzExpr(f *testing.F) {
	for _, text := range []string{
		"a > 0.5", "b.startswith('/fader') and not c", "row['x y'] != None or near(a, 1, tol=2)", "0 < a < 1",
		"a[1:] + b", "(lambda x: x)(a)", "f'{a}'", "[x for x in c if x]", "a if b else c", "None in [a]", "-9223372036854775808",
	} {
		f.Add(text, "/fader/1", int64(1), 0.5)
	}
	f.Fuzz(func(t *testing.T, text, s string, n int64, x float64) {
		if _, err := script.CompileExpr("where", graph.Script{Text: text}); err != nil {
			for _, m := range messages(err) {
				if !strings.HasPrefix(m, "where:") {
					t.Fatalf("CompileExpr(%q): error without a place: %s", text, m)
				}
			}
			return
		}
		if _, err := script.CompileExpr("where", graph.Script{Text: interpreted(text)}); err != nil {
			return // a tuple, a lambda or a comment: it needs brackets of its own
		}
		checkShape(t, text, rowOf(cells{
			"a": table.Float64Value(x), "b": table.StringValue(s), "c": table.IntValue(n), "x y": table.Float32Value(float32(x)),
		}))
	})
}

// Each shape computed a column at a time, and by the interpreter.
func BenchmarkExpr(b *testing.B) {
	w, tab := table.NewWriter(), table.New(table.Limits{})
	w.AddCols("address", "arg1", "arg2")
	const rows = 4096
	for i := range rows {
		w.Row()
		w.SetString(0, fmt.Sprintf("/fader/%d", i%16))
		w.SetFloat32(1, float32(i)/rows)
		w.SetInt(2, int64(i%3))
	}
	tab.Commit(w)
	for _, text := range []string{
		"arg1 > 0.5", "arg1 > arg2", "arg1 * 2 + arg2 > 1", "arg1 > 0.5 and not arg2 == 1", "near(arg1, 0.5)",
		"address == '/fader/3'", "address.startswith('/fader/1')", "address in ['/fader/1', '/fader/2', '/fader/3']",
		"arg2 != None or arg1 == None",
	} {
		for _, way := range []struct{ name, text string }{{"columnar", text}, {"starlark", interpreted(text)}} {
			b.Run(fmt.Sprintf("%s/%s", text, way.name), func(b *testing.B) {
				e := compileExpr(b, way.text)
				for b.Loop() {
					for _, err := range e.Filter(moment, &tab.View, tab.Window()) {
						if err != nil {
							b.Fatal(err)
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
			})
		}
	}
}
