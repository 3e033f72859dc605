package graph_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// everything has a parameter of every type.
type everything struct {
	Toggle   graph.Toggle  `default:"on" help:"a switch"`
	Bool     bool          `help:"one that is off unless told otherwise"`
	BoolOn   bool          `default:"yes"`
	Int      int           `default:"1000" min:"1" max:"65535" unit:"lines"`
	Float    float64       `min:"-1" max:"1"`
	Text     string        `default:"hello"`
	Mode     string        `menu:"client server" default:"client"`
	List     []string      `default:"a b"`
	Wait     time.Duration `default:"250ms" min:"0" unit:"seconds"`
	Button   graph.Pulse
	Callback graph.Script `par:"callbacks"`
	Data     [][]any
	Needed   int      `required:"true"`
	Hidden   chan int `par:"-"`
	Hook     func()   // Go only
}

func (*everything) Cook(*graph.Cook) error { return nil }

func TestDescribe(t *testing.T) {
	typ, err := graph.Describe(&everything{})
	if err != nil {
		t.Fatal(err)
	}
	if typ.Name != "everything" || typ.Inputs != (graph.Arity{Min: 0, Max: graph.Many}) {
		t.Errorf("an operator that says nothing is %q with %s inputs", typ.Name, typ.Inputs)
	}
	want := []string{
		"toggle: on or off", "bool: on or off", "boolon: on or off", "int: a whole number from 1 to 65535",
		"float: a number from -1 to 1", "text: text", "mode: one of client, server", "list: a list of texts",
		"wait: a time of at least 0, in seconds or as 250ms", "button: a pulse", "callbacks: a script",
		"data: a list of rows", "needed: a whole number",
	}
	var got []string
	for _, p := range typ.Params {
		got = append(got, p.Name+": "+p.Want())
	}
	if !slices.Equal(got, want) {
		t.Errorf("parameters\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	p := typ.Param("int")
	if p.Default != "1000" || p.Unit != "lines" || !typ.Param("needed").Required || typ.Param("hidden") != nil {
		t.Errorf("Param(int) = %+v", p)
	}
	if help := typ.Param("toggle").Help; help != "a switch" {
		t.Errorf("help = %q", help)
	}
}

func TestDefaults(t *testing.T) {
	typ, _ := graph.Describe(&everything{})
	op := typ.New().(*everything)
	want := &everything{
		Toggle: graph.On, BoolOn: true, Int: 1000, Text: "hello", Mode: "client",
		List: []string{"a", "b"}, Wait: 250 * time.Millisecond,
	}
	if !reflect.DeepEqual(op, want) {
		t.Errorf("New() = %+v, want %+v", op, want)
	}
	given := &everything{Toggle: graph.Off, Int: 7}
	if err := typ.Complete(given); err != nil || given.Toggle != graph.Off || given.Int != 7 || given.Text != "hello" {
		t.Errorf("Complete = %v, left %+v", err, given)
	}
	bad := &everything{Int: 70_000, Float: -2, Mode: "servr", Wait: -1}
	got := texts(typ.Complete(bad))
	wantErrs := []string{
		"int: 70000 is not a whole number from 1 to 65535", "float: -2 is not a number from -1 to 1",
		`mode: "servr" is not one of client, server; did you mean "server"?`,
		"wait: -1ns is not a time of at least 0, in seconds or as 250ms",
	}
	if !slices.Equal(got, wantErrs) {
		t.Errorf("Complete reported\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wantErrs, "\n"))
	}
}

func TestParam(t *testing.T) {
	script := graph.Script{Text: "def f(): pass"}
	tests := []struct {
		param, text string
		want        any // nil: refused by Parse or by Set
	}{
		{"toggle", "On", graph.On}, {"toggle", "0", graph.Off}, {"toggle", "", nil}, {"toggle", "2", nil},
		{"bool", "yes", true}, {"bool", "false", false},
		{"int", "0x10", 16}, {"int", "65535", 65535}, {"int", "0", nil}, {"int", "65536", nil}, {"int", "1.5", nil},
		{"int", "99999999999999999999", nil},
		{"float", "-1", -1.0}, {"float", "1e-3", 0.001}, {"float", "1.1", nil}, {"float", "NaN", nil}, {"float", "Inf", nil},
		{"text", "", ""}, {"text", "héllo", "héllo"},
		{"mode", "server", "server"}, {"mode", "Server", nil}, {"mode", "", nil},
		{"list", " x  y ", []string{"x", "y"}},
		{"wait", "2", 2 * time.Second}, {"wait", "0.5", time.Second / 2}, {"wait", "1m30s", 90 * time.Second},
		{"wait", "-1", nil}, {"wait", "1e300", nil}, {"wait", "NaN", nil}, {"wait", "soon", nil},
		{"callbacks", script.Text, script},
		{"button", "1", nil}, {"data", "1", nil},
	}
	typ, _ := graph.Describe(&everything{})
	for _, tt := range tests {
		t.Run(tt.param+"="+tt.text, func(t *testing.T) {
			p, op := typ.Param(tt.param), typ.New()
			before := p.Get(op)
			v, err := p.Parse(tt.text)
			if err == nil {
				err = p.Set(op, v)
			}
			if tt.want == nil {
				e, ok := errors.AsType[*graph.ParamError](err)
				if !ok || e.Param != tt.param || !reflect.DeepEqual(p.Get(op), before) {
					t.Errorf("%q gave %v and set %v", tt.text, err, p.Get(op))
				}
				return
			}
			if got := p.Get(op); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%q set %v, %v, want %v", tt.text, got, err, tt.want)
			}
		})
	}
}

func TestParamSetRefusesOtherTypes(t *testing.T) {
	typ, _ := graph.Describe(&everything{})
	op := typ.New()
	for _, v := range []any{nil, "text", 1.5, int8(1), []string{"a"}} {
		if err := typ.Param("int").Set(op, v); err == nil {
			t.Errorf("Set(%v) of an int gave no error", v)
		}
	}
	if err := typ.Param("data").Set(op, [][]any{{1, "a"}}); err != nil {
		t.Errorf("Set of rows: %v", err)
	}
	if err := typ.Param("float").Set(op, math.NaN()); err == nil {
		t.Error("Set(NaN) gave no error")
	}
}

type wrongField struct{ C complex128 }

func (*wrongField) Cook(*graph.Cook) error { return nil }

type wrongDefault struct {
	N int `default:"many"`
}

func (*wrongDefault) Cook(*graph.Cook) error { return nil }

// plain is an operator without parameters that is no struct.
type plain func()

func (plain) Cook(*graph.Cook) error { return nil }

func TestRegistry(t *testing.T) {
	var r graph.Registry
	if r.Lookup("source") != nil {
		t.Error("the zero Registry knows an operator")
	}
	r.Register(&graphtest.Source{}, &graphtest.Filter{}, plain(nil))
	if got := slices.Collect(r.Names()); !slices.Equal(got, []string{"filter", "plain", "source"}) {
		t.Errorf("Names() = %v", got)
	}
	for typ := range r.Types() {
		if r.Lookup(typ.Name) != typ || typ.New() == nil && typ.Name != "plain" {
			t.Errorf("Lookup(%q) or New is wrong", typ.Name)
		}
	}
	for name, op := range map[string]graph.Operator{
		"a name twice": &graphtest.Source{}, "a field no parameter has": &wrongField{}, "a default that does not parse": &wrongDefault{},
	} {
		if msg := panics(func() { r.Register(op) }); msg == "" {
			t.Errorf("Register of %s did not panic", name)
		}
	}
}

func panics(f func()) (msg string) {
	defer func() {
		if p := recover(); p != nil {
			msg = fmt.Sprint(p)
		}
	}()
	f()
	return ""
}

func TestArity(t *testing.T) {
	for want, a := range map[string]graph.Arity{
		"no inputs": {}, "1": {Min: 1, Max: 1}, "0 to 2": {Min: 0, Max: 2}, "1 or more": {Min: 1, Max: graph.Many},
	} {
		if got := a.String(); got != want {
			t.Errorf("%#v is %q, want %q", a, got, want)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	valid := []string{"oscin", "oscout", "tcpip", "udpin", "x"}
	for got, want := range map[string]string{
		"oscinn": "oscin", "OSCIN": "oscin", "ocsin": "oscin", "oscot": "oscout", "upd": "", "tcp": "tcpip",
		"": "x", "select": "", strings.Repeat("o", 1000): "",
	} {
		msg := graph.DidYouMean(got, slices.Values(valid))
		if want != "" {
			want = fmt.Sprintf("; did you mean %q?", want)
		}
		if msg != want {
			t.Errorf("DidYouMean(%.20q) = %q, want %q", got, msg, want)
		}
	}
}

func TestPaths(t *testing.T) {
	long := strings.Repeat("x", graph.MaxName)
	for s, want := range map[string]graph.Path{
		"a": "/a", "/a": "/a", "a/b": "/a/b", "/A-1/b_2": "/A-1/b_2", long: graph.Path("/" + long),
		"": "", "/": "", "//a": "", "a/": "", "a//b": "", "é": "", "a b": "", "a.b": "", ".": "", "..": "", "a\x00": "", long + "x": "",
	} {
		got, err := graph.ParsePath(s)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParsePath(%.20q) = %q, %v, want %q", s, got, err, want)
		}
	}
	p := graph.Path("/stage/faders")
	if p.Name() != "faders" || p.ID() != graph.Path("/stage/faders").ID() || p.ID() == graph.Path("/faders").ID() || p.ID().Version() != 5 {
		t.Errorf("%s has name %s and ID %s", p, p.Name(), p.ID())
	}
}

func TestResolve(t *testing.T) {
	tests := []struct {
		from graph.Path
		ref  string
		want graph.Path
	}{
		{"/a", "b", "/b"}, {"/a", "./b", "/b"}, {"/a", "../b", ""}, {"/a", ".", ""}, {"/a", "b/c", "/b/c"},
		{"/s/a", "b", "/s/b"}, {"/s/a", "./b/c", "/s/b/c"}, {"/s/a", "../b", "/b"}, {"/s/a", ".", "/s"},
		{"/s/t/a", "../b", "/s/b"}, {"/s/t/a", "../../b", "/b"}, {"/s/t/a", "../../../b", ""}, {"/s/t/a", "/b", "/b"},
		{"/s/a", "/t/../b", "/b"}, {"/s/a", "b c", ""}, {"/s/a", "", ""}, {"/s/a", "b//c", ""},
	}
	for _, tt := range tests {
		if got, err := tt.from.Resolve(tt.ref); got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s.Resolve(%q) = %q, %v, want %q", tt.from, tt.ref, got, err, tt.want)
		}
	}
}

// FuzzPath checks that what is parsed parses again to itself, and has only valid names.
func FuzzPath(f *testing.F) {
	f.Add("/stage/faders")
	f.Add("é//")
	f.Add("./a/../b")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := graph.ParsePath(s)
		if err != nil {
			return
		}
		if again, err := graph.ParsePath(string(p)); err != nil || again != p {
			t.Errorf("ParsePath(%q) = %q, and again %q, %v", s, p, again, err)
		}
		if err := graph.CheckRef(s); err != nil {
			t.Errorf("ParsePath(%q) = %q, but CheckRef: %v", s, p, err)
		}
		if err := graph.CheckName(p.Name()); err != nil {
			t.Errorf("ParsePath(%q) = %q: %v", s, p, err)
		}
		for _, from := range []graph.Path{"/x", "/stage/x", p, p + "/x"} {
			if back, err := from.Resolve(p.Ref(from)); back != p || err != nil {
				t.Errorf("%s.Resolve(%q) = %q, %v, want %q", from, p.Ref(from), back, err, p)
			}
		}
	})
}
