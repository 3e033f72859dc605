package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/patches"
)

// lists is a Diff as text, in order of the file.
func lists(d *patches.Diff) string {
	var parts []string
	for _, l := range []struct {
		name  string
		paths []graph.Path
	}{
		{"kept", d.Kept}, {"changed", d.Changed}, {"rewired", d.Rewired}, {"replaced", d.Replaced}, {"added", d.Added}, {"removed", d.Removed},
	} {
		if len(l.paths) > 0 {
			parts = append(parts, fmt.Sprint(l.name, " ", strings.Trim(fmt.Sprint(l.paths), "[]")))
		}
	}
	return strings.Join(parts, ", ")
}

// settings says of every node of a graph what it does, how that is set, and its wires.
func settings(g *graph.Graph) string {
	var b strings.Builder
	for n := range g.Nodes() {
		fmt.Fprintf(&b, "%s %s bypass %t active %t in %v refs %v", n, n.Type().Name, n.Bypassed(), n.Active(), n.Inputs(), n.Refs())
		for i := range n.Type().Params {
			p := &n.Type().Params[i]
			fmt.Fprintf(&b, " %s=%s", p.Name, p.Text(p.Get(n.Operator())))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const before = `linecook: v1
nodes:
  osc:
    oscin: {port: 9000}
    callbacks: |
      def onReceiveOSC(dat, rowIndex, message, bytes, timeStamp, address, args, peer):
          print(address)
  loud: {select: {where: arg1 > 0.5}, in: osc}
  out: {oscout: {port: 9001}, in: loud}
  rows: {table: {rows: [[1, 2]]}}
  show: {select: {rowindexend: "=op('rows').numRows"}, in: rows}
  stage:
    base:
      nodes:
        quiet: {select: {where: arg1 < 0.1}, in: in1}
        out1: {"null": {}, in: quiet}
    in: osc
`

var diffs = []struct {
	name, old, new string // what is replaced by what
	want           string
}{
	{"nothing", "", "", "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1"},
	{"comments and blanks", "  loud:", "  # louder\n\n  loud:", "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1"},
	{"a comment of a node", "in: loud}", "in: loud, comment: all}", "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1"},
	{"the other way of writing", "port: 9001", `port: "9001"`, "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1"},
	{"a default that is said", "port: 9001", "port: 9001, protocol: msging", "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1"},
	{"parameter", "port: 9001", "port: 9002", "kept /osc /loud /rows /show /stage /stage/in1 /stage/quiet /stage/out1, changed /out"},
	{"script", "print(address)", "print(args)", "kept /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1, changed /osc"},
	{"expression", "numRows", "numRows - 1", "kept /osc /loud /out /rows /stage /stage/in1 /stage/quiet /stage/out1, changed /show"},
	{"no expression", `"=op('rows').numRows"`, "5", "kept /osc /loud /out /rows /stage /stage/in1 /stage/quiet /stage/out1, changed /show"},
	{"beside an expression", `numRows"`, `numRows", columns: [col1]`, "kept /osc /loud /out /rows /stage /stage/in1 /stage/quiet /stage/out1, changed /show"},
	{"flag", "in: loud}", "in: loud, bypass: on}", "kept /osc /loud /rows /show /stage /stage/in1 /stage/quiet /stage/out1, changed /out"},
	{"wire", "in: loud}", "in: osc}", "kept /osc /loud /rows /show /stage /stage/in1 /stage/quiet /stage/out1, rewired /out"},
	{"wire and parameter", "port: 9001}, in: loud}", "port: 9002}, in: osc}", "kept /osc /loud /rows /show /stage /stage/in1 /stage/quiet /stage/out1, changed /out, rewired /out"},
	{"operator", "loud: {select: {where: arg1 > 0.5}", "loud: {latest: {by: [address]}", "kept /osc /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1, replaced /loud"},
	{"order", "  rows: {table: {rows: [[1, 2]]}}\n", "", "kept /osc /loud /out /stage /stage/in1 /stage/quiet /stage/out1, changed /show, removed /rows"},
	{"more", "  rows:", "  more: {latest: {by: [address]}, in: osc}\n  rows:", "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1, added /more"},
	{"name", "  out: {", "  away: {", "kept /osc /loud /rows /show /stage /stage/in1 /stage/quiet /stage/out1, added /away, removed /out"},
	{"in a network", "arg1 < 0.1", "arg1 < 0.2", "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/out1, changed /stage/quiet"},
	{"a second input of a network", "    in: osc\n", "    in: [osc, rows]\n", "kept /osc /loud /out /rows /show /stage /stage/in1 /stage/quiet /stage/out1, added /stage/in2"},
	{"an input of a network", "    in: osc\n", "    in: rows\n", "kept /osc /loud /out /rows /show /stage /stage/quiet /stage/out1, rewired /stage/in1"},
	{"a network that is bypassed", "    in: osc\n", "    in: osc\n    bypass: on\n", "kept /osc /loud /out /rows /show /stage/in1, changed /stage/quiet, rewired /stage, replaced /stage/out1"},
}

// TestCompare applies each change to a graph, which is to be the same then as a new one.
func TestCompare(t *testing.T) {
	for _, tt := range diffs {
		t.Run(tt.name, func(t *testing.T) {
			after := strings.Replace(before, tt.old, tt.new, 1)
			if tt.name == "order" {
				after = strings.Replace(after, `"=op('rows').numRows"`, "5", 1)
				after = strings.Replace(after, "in: rows}", "in: osc}", 1)
				tt.want = "kept /osc /loud /out /stage /stage/in1 /stage/quiet /stage/out1, changed /show, rewired /show, removed /rows"
			}
			checkDiff(t, before, after, tt.want)
			swap(t, after, before)
		})
	}
}

func parsed(t testing.TB, text string) *patches.Patch {
	t.Helper()
	var reg graph.Registry
	ops.Register(&reg)
	p, err := patches.Parse([]byte(text), "show.yaml", nil, &reg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func checkDiff(t *testing.T, before, after, want string) {
	t.Helper()
	if got := lists(swap(t, before, after)); got != want {
		t.Errorf("Compare:\n%s, want\n%s", got, want)
	}
}

// swap makes a graph of a patch one of another, and returns the difference.
func swap(t *testing.T, before, after string) *patches.Diff {
	t.Helper()
	var g, fresh graph.Graph
	old := parsed(t, before)
	if err := old.Build(&g); err != nil {
		t.Fatal(err)
	}
	nodes := slices.Collect(g.Nodes())
	d := patches.Compare(old, parsed(t, after))
	if err := d.Apply(g.Edit); err != nil {
		t.Fatalf("Apply: %v", err)
	}
	graphtest.Check(t, &g)
	if err := parsed(t, after).Build(&fresh); err != nil {
		t.Fatal(err)
	}
	if got, want := settings(&g), settings(&fresh); got != want {
		t.Errorf("after Apply the graph is\n%s, want\n%s", got, want)
	}
	for _, n := range nodes {
		gone := slices.Contains(d.Replaced, n.Path()) || slices.Contains(d.Removed, n.Path())
		if stays := g.Node(string(n.Path())) == n; stays == gone {
			t.Errorf("node %s stays: %t, want %t", n, stays, !gone)
		}
	}
	return d
}
