package patches_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

const whole = `
linecook: v1
timeline: {fps: 29.97}
nodes:
  faders:
    oscin:
      port: 9000
      addscope: /fader/*
      protocol: multicastmsging
      clamp: off
      bytes: yes
      gain: 0.25
      idletimeout: 250ms
      allow: [10.0.0.0/8, "::1"]
    comment: the desk
    callbacks: |
      def onReceiveOSC(dat):
          pass
  /loud:
    select: {where: arg1 > 0.5, columns: address arg1}
    in: /faders
    bypass: true
  values:
    table:
      columns: [name, value]
      rows: [[a, 1], [b, 2.5], [~, true, "7"], [[1, x], 2026-01-02]]
  both:
    merge:
    in: [loud, values]
    active: no
  end: {null: , in: both}
  out:
    oscout: {address: 127.0.0.1}
    in:
    - end
`

func parse(t *testing.T, text string) (*patches.Patch, error) {
	t.Helper()
	return patches.Parse([]byte(text), "p.yaml", fstest.MapFS{
		"a.star":     {Data: []byte("x = 1\n")},
		"sub/b.star": {Data: []byte("y = 1\nwrong\n")},
	}, registry())
}

func mustParse(t *testing.T, text string) *patches.Patch {
	t.Helper()
	p, err := parse(t, text)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return p
}

func TestParseReadsEveryType(t *testing.T) {
	p := mustParse(t, whole)
	if want := (patches.Timeline{Mode: patches.Frame, FPS: 29.97}); p.Timeline != want {
		t.Errorf("Timeline: got %v, want %v", p.Timeline, want)
	}
	got := *p.Node("/faders").Operator.(*listen)
	want := listen{
		Port: 9000, Protocol: "multicastmsging", Clamp: graph.Off, Bytes: true, MaxLines: 1000, Gain: 0.25,
		Idle: 250 * time.Millisecond, AddScope: "/fader/*", Allow: []string{"10.0.0.0/8", "::1"},
		Callbacks: graph.Script{Text: "def onReceiveOSC(dat):\n    pass\n", File: "p.yaml", Line: 17, Indent: 6},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("faders:\ngot  %+v\nwant %+v", got, want)
	}
	if got, want := p.Node("loud").Operator.(*pick).Columns, []string{"address", "arg1"}; !slices.Equal(got, want) {
		t.Errorf("columns of loud: got %q, want %q", got, want)
	}
	rows := [][]any{{"a", int64(1)}, {"b", 2.5}, {nil, true, "7"}, {[]any{int64(1), "x"}, "2026-01-02"}}
	if got := p.Node("values").Operator.(*rowsOp).Rows; !reflect.DeepEqual(got, rows) {
		t.Errorf("rows of values:\ngot  %#v\nwant %#v", got, rows)
	}
}

func TestParseReadsNodesInOrder(t *testing.T) {
	type node struct {
		name, op, comment string
		in                []string
		bypass, active    bool
		line, col         int
	}
	want := []node{
		{"faders", "oscin", "the desk", nil, false, true, 5, 3},
		{"loud", "select", "", []string{"faders"}, true, true, 19, 3},
		{"values", "table", "", nil, false, true, 23, 3},
		{"both", "merge", "", []string{"loud", "values"}, false, false, 27, 3},
		{"end", "null", "", []string{"both"}, false, true, 31, 3},
		{"out", "oscout", "", []string{"end"}, false, true, 32, 3},
	}
	var got []node
	for _, n := range mustParse(t, whole).Nodes {
		got = append(got, node{n.Name, n.Type.Name, n.Comment, n.Inputs, n.Bypass, n.Active, n.Line, n.Col})
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("nodes:\ngot  %v\nwant %v", got, want)
	}
}

func TestBuildWiresTheGraph(t *testing.T) {
	var g graph.Graph
	p := mustParse(t, whole)
	if err := p.Build(&g); err != nil {
		t.Fatalf("Build: %v", err)
	}
	var got []string
	for n := range g.Nodes() {
		var line strings.Builder
		line.WriteString(n.String() + ":")
		for _, in := range n.Inputs() {
			line.WriteString(" " + in.String())
		}
		got = append(got, line.String())
	}
	want := []string{"/both: /loud /values", "/end: /both", "/faders:", "/loud: /faders", "/out: /end", "/values:"}
	if !slices.Equal(got, want) {
		t.Errorf("graph: got %q, want %q", got, want)
	}
	if !g.Node("loud").Bypassed() || g.Node("both").Active() {
		t.Errorf("loud bypassed %t, both active %t; want true, false", g.Node("loud").Bypassed(), g.Node("both").Active())
	}
	if g.Node("out").Operator() != p.Node("out").Operator {
		t.Errorf("operator of /out is not the patch's")
	}
}

func TestBuildBlamesThePatch(t *testing.T) {
	var g graph.Graph
	if err := g.Edit(func(e *graph.Edit) { e.Add("values", &rowsOp{}) }); err != nil {
		t.Fatal(err)
	}
	err := mustParse(t, whole).Build(&g)
	if want := "p.yaml:24:5: the name is taken"; err == nil || err.Error() != want {
		t.Errorf("Build into a graph that has /values: got %v, want %s", err, want)
	}
}

func TestLeniency(t *testing.T) {
	p := mustParse(t, `
linecook: v1
timeline: {mode: arrival}
nodes:
  a: {oscin: {port: 9000, active: off, callbacks: a.star}}
  b: {"null": {}, in: a}
  c: {table: }
`)
	if a := p.Node("a"); a.Active || a.Operator.(*listen).Callbacks.Text != "x = 1\n" {
		t.Errorf("a: active %t, callbacks %q; want false and the script's text", a.Active, a.Operator.(*listen).Callbacks.Text)
	}
	if p.Timeline.Mode != patches.Arrival {
		t.Errorf("mode: got %q, want arrival", p.Timeline.Mode)
	}
}
