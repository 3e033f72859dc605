package script_test

import (
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

var showValues = graph.Values{
	"gain": 2.5, "count": int64(-3), "host": "10.0.0.7", "on": true, "none": nil, "list": []any{int64(1), "a", []any{}},
}

func TestFormula(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a number", "param.gain * 2", "5"},
		{"a negative number", "-param.count", "3"},
		{"text", "param.host + ':7000'", "10.0.0.7:7000"},
		{"a choice", "1 if param.on else 2", "1"},
		{"nothing", "param.none or 7", "7"},
		{"a list", "param.list[1:]", "[a, []]"},
		{"a comprehension", "[x * param.count for x in [1, 2]]", "[-3, -6]"},
		{"a lambda", "(lambda x, y=param.count: x + y)(10)", "7"},
		{"math", "math.floor(param.gain)", "2"},
		{"bool", "param.on and not param.none", "true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x, err := script.Language{}.Compile("port", graph.Script{Text: tt.text, Values: showValues})
			if err != nil {
				t.Fatalf("Compile(%q) = %v", tt.text, err)
			}
			v, err := x.Eval(nil, 0)
			if err != nil || v.String() != tt.want || !graph.IsConstant(x) {
				t.Errorf("Eval(%q) = %q, %v, constant %t; want %q, constant", tt.text, v, err, graph.IsConstant(x), tt.want)
			}
		})
	}
}

func TestFormulaSaysWhatItReads(t *testing.T) {
	tests := []struct {
		text  string
		refs  []string
		timed bool
	}{
		{"1 + 1", nil, false},
		{"frame // 2", nil, true},
		{"[time for x in [1]]", nil, true},
		{"op('a')[0, 0] + op('../b').numRows + op('a')[1, 0]", []string{"a", "../b"}, false},
		{"op('a')[frame, 'x']", []string{"a"}, true},
	}
	for _, tt := range tests {
		x, err := script.Language{}.Compile("port", graph.Script{Text: tt.text, File: "show.yaml", Line: 7, Indent: 4})
		if err != nil {
			t.Fatalf("Compile(%q) = %v", tt.text, err)
		}
		if !slices.Equal(x.Refs(), tt.refs) || x.Timed() != tt.timed || x.Place() != "show.yaml:7:5" {
			t.Errorf("%q reads %q, timed %t, at %s; want %q, %t, at show.yaml:7:5", tt.text, x.Refs(), x.Timed(), x.Place(), tt.refs, tt.timed)
		}
	}
}

func TestFormulaMistake(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a column", "arg1 + 1", "port:1:1: there is no name arg1 here"},
		{"nearly the frame", "1 + fram", `port:1:5: there is no name fram here; did you mean "frame"?`},
		{"nearly a parameter", "param.gian", `port:1:7: the patch has no parameter gian; did you mean "gain"?`},
		{"param alone", "param", "port:1:1: param is the parameters of the patch: write param.name"},
		{"op of a parameter that is no name", "op(param.host)[0, 0]", "port:1:10: "},
		{"op of a computed name", "op('a' + 'b')[0, 0]", "port:1:3: op takes one name in quotes"},
		{"op of no name", "op('a b')[0, 0]", "port:1:4: "},
		{"a function that is none", "abz(1)", `port:1:1: there is no function abz in expressions; did you mean "abs"?`},
		{"two lines", "1 +\nfoo", "port:1:4: got newline"},
		{"a variable outside", "[x for x in [1]][0] + y", "port:1:23: there is no name y here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := script.Language{}.Compile("port", graph.Script{Text: tt.text, Values: showValues})
			if got := strings.Join(messages(err), "\n"); !strings.HasPrefix(got, tt.want) {
				t.Errorf("Compile(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestFormulaErrorHasItsPlace(t *testing.T) {
	x, err := script.Language{}.Compile("port", graph.Script{Text: "1 / param.none + 1 / 0", File: "a.yaml", Line: 3, Indent: 10, Values: showValues})
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.Eval(nil, 0)
	if got, want := err.Error(), "port:1:20: floating-point division by zero"; got != want {
		t.Errorf("error of a constant: %s, want %s", got, want)
	}
	_, err = x.Eval(moment, 0)
	if got, want := err.Error(), "port: a.yaml:3:30: floating-point division by zero"; got != want {
		t.Errorf("error in a cook: %s, want %s", got, want)
	}
}

func TestRowExpressionsReadParameters(t *testing.T) {
	e, err := script.CompileExpr("where", graph.Script{Text: "n > param.count and s == param.host", Values: showValues})
	if err != nil {
		t.Fatal(err)
	}
	row := rowOf(cells{"n": table.IntValue(-2), "s": table.StringValue("10.0.0.7")})
	if ok, err := e.Test(moment, row); !ok || err != nil {
		t.Errorf("Test = %t, %v, want true", ok, err)
	}
}

func TestCallbacksReadParameters(t *testing.T) {
	r := newRigOf(t, graph.Script{Text: "def f():\n    return [param.gain, param.list, param.none]\n", Values: showValues}).start()
	if v, err := r.call("f"); err != nil || v != `[2.5, [1, "a", []], None]` {
		t.Errorf("f() = %v, %v, want the parameters", v, err)
	}
	_, err := script.Compile("callbacks", graph.Script{Text: "x = param.gian", Values: showValues})
	if got, want := strings.Join(messages(err), "\n"), `callbacks:1:11: the patch has no parameter gian; did you mean "gain"?`; got != want {
		t.Errorf("Compile = %s, want %s", got, want)
	}
}
