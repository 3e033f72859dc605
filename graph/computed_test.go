package graph_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// fixed is an expression that has one value, or says of itself that it varies.
type fixed struct {
	value table.Value
	refs  []string
	timed bool
}

func (x fixed) Refs() []string                             { return x.refs }
func (x fixed) Timed() bool                                { return x.timed }
func (fixed) Place() string                                { return "p.yaml:3:4" }
func (x fixed) Eval(*graph.Cook, int) (table.Value, error) { return x.value, nil }

func listOf(t *testing.T, items ...table.Value) table.Value {
	v, err := table.ListValue(items...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAccept(t *testing.T) {
	text, n := table.StringValue, table.IntValue
	tests := []struct {
		param string
		cell  table.Value
		want  any // nil: refused
	}{
		{"toggle", table.BoolValue(true), graph.On}, {"toggle", n(0), graph.Off}, {"toggle", text("off"), graph.Off},
		{"toggle", n(2), nil}, {"toggle", table.Value{}, nil}, {"toggle", text(""), nil},
		{"int", n(7), 7}, {"int", table.Int64Value(7), 7}, {"int", table.Float64Value(7), 7}, {"int", table.Float32Value(8), 8},
		{"int", text("0x10"), 16}, {"int", table.Float64Value(7.5), nil}, {"int", table.Float64Value(math.NaN()), nil},
		{"int", table.Float64Value(1e300), nil}, {"int", table.BoolValue(true), nil}, {"int", n(70_000), nil},
		{"float", n(1), 1.0}, {"float", table.Float32Value(0.5), 0.5}, {"float", text("0.25"), 0.25},
		{"float", table.Float64Value(math.NaN()), nil}, {"float", table.Float64Value(math.Inf(1)), nil}, {"float", n(2), nil},
		{"text", text("a b"), "a b"}, {"text", n(7), "7"}, {"text", table.SymbolValue("s"), "s"},
		{"text", table.BytesValue([]byte("a")), nil}, {"text", table.BoolValue(true), nil}, {"text", listOf(t), nil},
		{"mode", text("server"), "server"}, {"mode", text("servr"), nil},
		{"list", text("a b"), []string{"a", "b"}}, {"list", listOf(t, text("a b"), n(1)), []string{"a b", "1"}},
		{"wait", n(2), 2 * time.Second}, {"wait", table.Float64Value(0.5), time.Second / 2}, {"wait", text("250ms"), time.Second / 4},
		{"wait", table.Float64Value(1e300), nil}, {"wait", n(-1), nil},
		{"data", listOf(t, listOf(t, n(1), text("a"), table.Value{}, listOf(t, table.BoolValue(true)))),
			[][]any{{int64(1), "a", nil, []any{true}}}},
		{"data", listOf(t, n(1)), nil}, {"data", n(1), nil}, {"data", listOf(t, listOf(t, table.CharValue(65))), nil},
	}
	typ, _ := graph.Describe(&everything{})
	for _, tt := range tests {
		op, p := typ.New(), typ.Param(tt.param)
		v, err := p.Accept(tt.cell)
		if err == nil {
			err = p.Set(op, v)
		}
		switch {
		case tt.want == nil && err == nil:
			t.Errorf("%s accepts %v %q as %v, want a refusal", tt.param, tt.cell.Kind(), tt.cell, v)
		case tt.want != nil && (err != nil || !reflect.DeepEqual(v, tt.want)):
			t.Errorf("%s makes %#v, %v of %v %q, want %#v", tt.param, v, err, tt.cell.Kind(), tt.cell, tt.want)
		}
	}
}

// A socket reads its port when it opens.
type socket struct {
	graphtest.Source
	Port int `min:"1" max:"65535" required:"true"`
	Run  graph.Script
}

func (*socket) Decode(*graph.Event, *table.Writer) error { return nil }

func TestComputedIsChecked(t *testing.T) {
	port := func(x graph.Expression) []graph.Computed { return []graph.Computed{{Param: "port", Value: x}} }
	tests := []struct {
		name     string
		computed []graph.Computed
		want     string
	}{
		{"constant", port(fixed{value: table.IntValue(7)}), ""},
		{"out of its limits", port(fixed{value: table.IntValue(0x10000)}), "add /a: port: 65536 is not a whole number from 1 to 65535"},
		{"varies", port(fixed{timed: true}), "add /a: port: this operator reads its parameters once"},
		{"reads a node", port(fixed{refs: []string{"b"}}), "add /a: port: this operator reads its parameters once"},
		{"a script", []graph.Computed{{Param: "run", Value: fixed{}}}, "add /a: run: a script cannot be computed"},
		{"unknown", []graph.Computed{{Param: "prt", Value: fixed{}}}, "add /a: prt: there is no such parameter"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			op := &socket{}
			err := graph.New().Edit(func(e *graph.Edit) { e.Add("a", op, tt.computed...) })
			got := strings.Join(texts(err), "\n")
			if !strings.HasPrefix(got, tt.want) || tt.want == "" && (got != "" || op.Port != 7) {
				t.Errorf("Add = %q with port %d, want %q", got, op.Port, tt.want)
			}
		})
	}
}

func TestComputedMakesEdges(t *testing.T) {
	g := graph.New()
	computed := func(refs ...string) graph.Computed {
		return graph.Computed{Param: "maxlines", Value: fixed{refs: refs}}
	}
	err := g.Edit(func(e *graph.Edit) {
		e.Add("a", &graphtest.Source{})
		e.Add("b", &graphtest.Source{}, computed("a", "c"))
		e.Add("c", &graphtest.Source{}, computed("/a"))
	})
	if err != nil {
		t.Fatal(err)
	}
	graphtest.Check(t, g)
	if got := g.Node("b").Refs(); !slices.Equal(got, []*graph.Node{g.Node("a"), g.Node("c")}) {
		t.Errorf("b refers to %v, want a and c", got)
	}
	err = g.Edit(func(e *graph.Edit) { e.Add("d", &graphtest.Source{}, computed("d")) })
	if err == nil || !strings.Contains(err.Error(), "loop: /d -> /d") {
		t.Errorf("a parameter that reads its own node: %v, want that it is a loop", err)
	}
	err = g.Edit(func(e *graph.Edit) { e.Add("d", &graphtest.Source{}, computed("bb")) })
	if err == nil || !strings.Contains(err.Error(), `refers to node "bb", which does not exist`) {
		t.Errorf("a parameter that reads nothing: %v, want that there is no such node", err)
	}
}

// A noted node is a source with another parameter.
type noted struct {
	graphtest.Source
	Note string
}

// TestComputedLimitsStay has a node that is read again from a patch in which another parameter differs.
func TestComputedLimitsStay(t *testing.T) {
	g := graph.New()
	var n *graph.Node
	limit := graph.Computed{Param: "maxlines", Value: &fixed{value: table.IntValue(2), timed: true}}
	edit(t, g, func(e *graph.Edit) { n = e.Add("a", &noted{}, limit) })
	graphtest.Frame(g, 1)
	edit(t, g, func(e *graph.Edit) { e.Replace(n, &noted{Note: "x"}, limit) })
	n.Operator().(*noted).Ints(1, 2, 3)
	graphtest.Frame(g, 2)
	if got, rows := n.Table().Limits().Rows, n.Table().NumRows(); got != 2 || rows != 2 {
		t.Errorf("after Replace the table's limit is %d rows and it has %d, want 2", got, rows)
	}
}
