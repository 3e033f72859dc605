package script_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// cells are the columns of a test's row.
type cells map[string]table.Value

func tableOf(columns cells) *table.Table {
	w, tab := table.NewWriter(), table.New(table.Limits{})
	w.Row()
	for name, v := range columns {
		w.Set(w.Col(name), v)
	}
	tab.Commit(w)
	return tab
}

func rowOf(columns cells) table.Row {
	tab := tableOf(columns)
	for row := range tab.Rows(tab.Window()) {
		return row
	}
	panic("no row")
}

func list(t testing.TB, items ...table.Value) table.Value {
	t.Helper()
	v, err := table.ListValue(items...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var moment = &graph.Cook{Frame: 61, Time: time.Second}

func compileExpr(t testing.TB, text string) *script.Expr {
	t.Helper()
	e, err := script.CompileExpr("where", graph.Script{Text: text})
	if err != nil {
		t.Fatalf("CompileExpr(%q) = %v", text, err)
	}
	return e
}

// interpreted is an expression with the same value, of a shape that is never compiled directly.
func interpreted(text string) string { return "(" + text + ") if True else None" }

func TestExpr(t *testing.T) {
	row := rowOf(cells{
		"f": table.Float32Value(0.1), "half": table.Float32Value(0.5), "n": table.IntValue(7),
		"big": table.IntValue(math.MaxInt64), "nan": table.Float64Value(math.NaN()),
		"s": table.StringValue("/fader/1"), "b": table.BytesValue([]byte("abc")), "x y": table.IntValue(3),
		"yes": table.BoolValue(true), "inf": table.InfinitumValue(), "tag": table.TimeTagValue(1 << 63),
		"args": list(t, table.IntValue(1), table.StringValue("two")), "type": table.StringValue("note"),
		"time": table.IntValue(99), "colour": table.ColourValue(0x102030ff), "empty": table.StringValue(""),
		"latin": table.StringValue("caf\xe9"),
		"wide":  table.Int64Value(7), "symbol": table.SymbolValue("kick"), "wides": list(t, table.Int64Value(7)),
	})
	tests := []struct{ name, expr, want string }{
		{"OSC's int64 is an int", "wide == n and wide > 6.5 and wide + 1 == 8 and wides[0] == 7", "true"},
		{"OSC's int64 by itself", "wide", "7"},
		{"OSC's symbol is text", "symbol == 'kick' and symbol.startswith('k') and len(symbol) == 4", "true"},
		{"a float32 has its exact value", "f == 0.1", "false"},
		{"near forgives it", "near(f, 0.1)", "true"},
		{"near takes a tolerance", "near(n, 8, tol=1.5) and not near(n, 8, 0.5)", "true"},
		{"near a missing cell", "near(gone, 0)", "false"},
		{"near a text", "near(s, 0)", "false"},
		{"exact float32", "half == 0.5", "true"},
		{"int with float", "n == 7.0 and n < 7.5", "true"},
		{"int with float, beyond 53 bits", "big == 9223372036854775807.0", "false"},
		{"missing is less than nothing", "gone < 1", "false"},
		{"missing is more than nothing", "gone > 1", "false"},
		{"missing equals nothing", "gone == 1", "false"},
		{"missing differs from nothing", "gone != 1", "false"},
		{"missing and missing", "gone == gone2", "false"},
		{"missing asked for", "gone == None and None == gone", "true"},
		{"present asked for", "n != None", "true"},
		{"not of a missing comparison", "not gone == 1", "true"},
		{"arithmetic with missing", "gone * 2 + n", ""},
		{"minus missing", "-gone", ""},
		{"method of missing", "gone.startswith('/a')", ""},
		{"method in a test", "gone.upper().startswith('A') or n", "7"},
		{"part of missing", "gone.port == 7000", "false"},
		{"function of missing", "abs(gone)", ""},
		{"math of missing", "math.floor(gone)", ""},
		{"item of missing", "gone[0]", ""},
		{"slice of missing", "gone[1:]", ""},
		{"missing in a list", "gone in [1, 2]", "false"},
		{"missing not in a list", "gone not in [1, 2]", "false"},
		{"in a missing cell", "'a' in gone", "false"},
		{"an item that is not there", "args[5]", ""},
		{"an item", "args[-1]", "two"},
		{"kinds have no order", "s < 1 or s > 1", "false"},
		{"kinds are not equal", "s == 7", "false"},
		{"kinds differ", "s != 7", "true"},
		{"true is not one", "yes == 1", "false"},
		{"true", "yes", "true"},
		{"infinitum has no order", "inf > 5", "false"},
		{"time tags have an order", "tag == tag and tag <= tag", "true"},
		{"parts of a colour", "colour.r + colour.a", "271"},
		{"NaN equals nothing", "nan == nan", "false"},
		{"NaN has no order", "nan < 1 or nan > 1", "false"},
		{"NaN differs", "nan != nan", "true"},
		{"a name that is none", "row['x y'] * 2", "6"},
		{"a missing column by text", "row['gone']", ""},
		{"a column called as a function", "type == 'note' and type(n) == 'int'", "true"},
		{"a column hidden by a name", "row['time'] - time", "98"},
		{"frame", "frame % 2", "1"},
		{"startswith", "s.startswith('/fader') and s.endswith('1')", "true"},
		{"and gives the operand", "empty and n", ""},
		{"or gives the operand", "empty or n", "7"},
		{"slices", "s[1:6] + s[::-1]", "fader1/redaf/"},
		{"bytes", "b == b'abc' and len(b) == 3", "true"},
		{"text that is not UTF-8", "len(latin) == 4 and latin != 'caf'", "true"},
		{"comprehension", "[a for a in args if type(a) == 'int']", "[1]"},
		{"a variable hides a column", "[n for n in [1, 2]]", "[1, 2]"},
		{"lambda", "(lambda a: a + n)(1)", "8"},
		{"choice", "'hi' if n > 5 else 'lo'", "hi"},
		{"negative constant", "n > -1", "true"},
		{"membership", "n in (1, 7)", "true"},
		{"math", "math.floor(half + 1)", "1"},
		{"big numbers in between", "(big * 4) // 4 == big", "true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, text := range []string{tt.expr, interpreted(tt.expr)} {
				v, err := compileExpr(t, text).Eval(moment, row)
				if err != nil || v.String() != tt.want {
					t.Errorf("Eval(%q) = %q, %v, want %q", text, v, err, tt.want)
				}
			}
		})
	}
}

func TestExprError(t *testing.T) {
	row := rowOf(cells{"s": table.StringValue("a"), "n": table.IntValue(math.MaxInt64)})
	tests := []struct{ name, expr, want string }{
		{"kinds that cannot be added", "n > 0 and s + n", "where: p.yaml:12:27: unknown binary op: string + int; make a text of the other value, as str(n)"},
		{"division by zero", "n / 0", "where: p.yaml:12:17: floating-point division by zero"},
		{"no such method", "n.startswith('a')", "where: p.yaml:12:16: int has no .startswith field or method"},
		{"a number of more than 64 bits", "n * 2", "where: 18446744073709551614 does not fit in 64 bits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := script.CompileExpr("where", graph.Script{Text: tt.expr, File: "p.yaml", Line: 12, Indent: 14})
			if err != nil {
				t.Fatalf("CompileExpr(%q) = %v", tt.expr, err)
			}
			_, err = e.Eval(moment, row)
			if _, ok := errors.AsType[*script.Error](err); !ok || err.Error() != tt.want {
				t.Errorf("Eval(%q) = %v, want %s", tt.expr, err, tt.want)
			}
		})
	}
}

func TestExprSteps(t *testing.T) {
	for _, text := range []string{
		"[a for a in range(1 << 30)]",
		"sum(range(1 << 40))",
	} {
		e := compileExpr(t, text)
		if _, err := e.Eval(moment, rowOf(nil)); !errors.Is(err, script.ErrSteps) {
			t.Errorf("Eval(%q) = %v, want ErrSteps", text, err)
		}
	}
}

func TestExprMistake(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"chain", "0 < n < 1", "where:1:7: < does not associate with < (use parens); comparisons cannot be chained: write a < b and b < c"},
		{"assignment", "n = 1", "to compare, write =="},
		{"nothing", "", "where:1:1: got end of file, want primary expression; the text ends where a value must follow"},
		{"is", "n is None", "there is no 'is': write x == None, or x != None"},
		{"unknown function", "abz(n) + 1", `where:1:1: there is no function abz in expressions; did you mean "abs"?`},
		{"several", "foo(n) + bar(n)", "where:1:10: there is no function bar in expressions"},
		{"C", "n > 1 && n < 2", "write and, or"},
		{"nesting", strings.Repeat("(", 100_000), "brackets and operators nest too deep here"},
		{"operators", strings.Repeat("-", 500_000) + "1", "brackets and operators nest too deep here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := script.CompileExpr("where", graph.Script{Text: tt.expr})
			if got := strings.Join(messages(err), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("CompileExpr(%.40q) = %q, want %q", tt.expr, got, tt.want)
			}
		})
	}
}

func TestExprPeer(t *testing.T) {
	r := newRig(t, "").start()
	row := rowOf(cells{"peer": table.PeerValue(&endpoint{addr: "10.0.0.7:7000"})})
	e := compileExpr(t, "peer.port == 7000 and peer.address == '10.0.0.7' and peer == row['peer']")
	e.Peer = r.env.Peer
	err := r.within(func(c *graph.Cook) error {
		if ok, err := e.Test(c, row); !ok || err != nil {
			return fmt.Errorf("Test of a peer = %t, %w", ok, err)
		}
		send := compileExpr(t, "peer.send('x')")
		send.Peer = r.env.Peer
		if _, err := send.Test(c, row); err == nil || !strings.Contains(err.Error(), "only look at a peer") {
			return fmt.Errorf("Test that sends = %w, want a refusal", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestExprAllocates(t *testing.T) {
	row := rowOf(cells{"arg1": table.Float32Value(0.7), "address": table.StringValue("/fader/1")})
	for _, text := range []string{
		"arg1 > 0.5", "arg1 > 0.5 and address.startswith('/fader')", "not arg1 == None or near(arg1, 1)",
	} {
		e := compileExpr(t, text)
		if n := testing.AllocsPerRun(100, func() { _, _ = e.Test(moment, row) }); n != 0 {
			t.Errorf("Test(%q) allocates %v times a row, want 0", text, n)
		}
	}
}

func TestFilterIsExact(t *testing.T) {
	const most = 1 << 53 // of the integers that a float64 can tell from their neighbours
	columns := cells{"n": table.IntValue(most), "f": table.Float64Value(most)}
	row, tab := rowOf(columns), tableOf(columns)
	tests := []struct {
		expr string
		want bool
	}{
		{"n == 9007199254740993", false}, {"n < 9007199254740993", true}, {"9007199254740993 > f", true},
		{"f == 9007199254740992", true}, {"n == 9007199254740992.0", true}, {"n >= -9007199254740993", true},
	}
	for _, tt := range tests {
		if got, err := compileExpr(t, tt.expr).Test(moment, row); got != tt.want || err != nil {
			t.Errorf("Test(%q) = %t, %v, want %t", tt.expr, got, err, tt.want)
		}
		kept := 0
		for range compileExpr(t, tt.expr).Filter(moment, &tab.View, tab.Window()) {
			kept++
		}
		if (kept == 1) != tt.want {
			t.Errorf("Filter(%q) keeps %d rows, want the row kept: %t", tt.expr, kept, tt.want)
		}
	}
}
