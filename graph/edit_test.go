package graph_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"
	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// fingerprint says all that can be seen of a graph.
func fingerprint(g *graph.Graph) string {
	b := fmt.Appendln(nil, g.Version(), g.Len())
	for n := range g.Nodes() {
		b = fmt.Appendf(b, "%s %p %p in%v refs%v %t %t %p %d\n", n.Path(), n, n.Operator(), n.Inputs(), n.Refs(),
			n.Bypassed(), n.Active(), n.Table(), n.Table().Readers())
	}
	return string(b)
}

// TestRandomEdits makes edits of several steps, most of them valid. After each the graph is valid,
// and what was refused has changed nothing.
func TestRandomEdits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g, removed := graph.New(), []*graph.Node(nil)
		frame := int64(0)
		rt.Repeat(map[string]func(*rapid.T){
			"edit": func(rt *rapid.T) {
				before := fingerprint(g)
				var out []*graph.Node
				err := g.Edit(func(e *graph.Edit) {
					for range rapid.IntRange(1, 4).Draw(rt, "steps") {
						out = append(out, step(rt, g, e, removed)...)
					}
				})
				if err == nil {
					removed = append(removed, out...)
				} else if after := fingerprint(g); after != before {
					rt.Fatalf("Edit failed with %v and changed\n%s\nto\n%s", err, before, after)
				}
				checkNodeErrors(rt, err)
			},
			"frame": func(*rapid.T) { frame++; graphtest.Frame(g, frame) },
			"": func(rt *rapid.T) {
				graphtest.Check(rt, g)
				for _, n := range removed {
					if g.Node(n.Name()) == n {
						rt.Fatalf("%s was removed and is still there", n)
					}
				}
			},
		})
	})
}

var names = []string{"a", "b", "/c", "d/e", "F_1", "g-2", "h", "i", "bad name", ""}

// step does one thing at random and returns the nodes it removed.
func step(t *rapid.T, g *graph.Graph, e *graph.Edit, removed []*graph.Node) []*graph.Node {
	nodes := append(slices.Collect(g.Nodes()), removed...)
	if len(nodes) == 0 || rapid.IntRange(0, 3).Draw(t, "add") == 0 {
		add(t, e, nodes)
		return nil
	}
	pick := func() *graph.Node { return rapid.SampledFrom(nodes).Draw(t, "node") }
	switch n := pick(); rapid.IntRange(0, 5).Draw(t, "step") {
	case 0:
		e.Remove(n)
		return []*graph.Node{n}
	case 1:
		e.Wire(pick(), n)
	case 2:
		e.Rewire(n)
	case 3:
		e.Rewire(n, pick())
	case 4:
		e.SetBypass(n, rapid.Bool().Draw(t, "bypass"))
	case 5:
		e.SetActive(n, rapid.Bool().Draw(t, "active"))
	}
	return nil
}

func add(t *rapid.T, e *graph.Edit, nodes []*graph.Node) {
	name := rapid.SampledFrom(names).Draw(t, "name")
	switch rapid.IntRange(0, 4).Draw(t, "operator") {
	case 0:
		e.Add(name, &graphtest.Source{})
	case 1:
		n := e.Add(name, &graphtest.Filter{})
		if len(nodes) > 0 {
			e.Wire(rapid.SampledFrom(nodes).Draw(t, "input"), n)
		}
	case 2:
		e.Add(name, &graphtest.Recorder{})
	case 3:
		e.Add(name, &graphtest.Network{})
	case 4:
		e.Add(name, &graphtest.Looker{Nodes: []string{rapid.SampledFrom(names[:8]).Draw(t, "ref")}})
	}
}

func checkNodeErrors(t *rapid.T, err error) {
	if err == nil {
		return
	}
	many, ok := errors.AsType[*multierror.Error](err)
	if !ok {
		t.Fatalf("Edit returned a %T", err)
	}
	for _, err := range many.Errors {
		if _, ok := errors.AsType[*graph.NodeError](err); !ok {
			t.Fatalf("Edit returned %v, a %T", err, err)
		}
	}
}

func TestEditErrors(t *testing.T) {
	tests := []struct {
		name string
		edit func(*graph.Edit)
		want []string // texts of the errors
	}{
		{"a name twice", func(e *graph.Edit) {
			e.Add("a", &graphtest.Source{})
			e.Add("/a", &graphtest.Source{})
		}, []string{"add /a: the name is taken"}},
		{"a bad name", func(e *graph.Edit) { e.Add("a b", &graphtest.Source{}) },
			[]string{`add a b: name "a b" has ' '; letters, digits, '_' and '-' can be used`}},
		{"a parameter out of range", func(e *graph.Edit) { e.Add("a", &graphtest.Source{Max: -1}) },
			[]string{"add /a: maxlines: -1 is not a whole number of at least 0"}},
		{"too few inputs", func(e *graph.Edit) { e.Add("f", &graphtest.Filter{}) },
			[]string{"wire /f: filter has 0 inputs; it takes 1"}},
		{"too many inputs", func(e *graph.Edit) {
			e.Wire(e.Add("a", &graphtest.Source{}), e.Add("b", &graphtest.Source{}))
		}, []string{"wire /b: source has 1 inputs; it takes no inputs"}},
		{"a reference to nothing", func(e *graph.Edit) {
			e.Add("faders", &graphtest.Source{})
			e.Add("l", &graphtest.Looker{Nodes: []string{"fader", "/faders"}})
		}, []string{`wire /l: refers to node "fader", which does not exist; did you mean "faders"?`}},
		{"no node", func(e *graph.Edit) { e.Wire(nil, e.Add("r", &graphtest.Recorder{})); e.Remove(nil) },
			[]string{"wire ?: no such node", "remove ?: no such node"}},
		{"a node of another graph", func(e *graph.Edit) {
			var stranger *graph.Node
			_ = graph.New().Edit(func(e *graph.Edit) { stranger = e.Add("s", &graphtest.Source{}) })
			e.Wire(stranger, e.Add("r", &graphtest.Recorder{}))
		}, []string{"wire /s: the node is not in this graph"}},
		{"a node wired after it was removed", func(e *graph.Edit) {
			a, r := e.Add("a", &graphtest.Source{}), e.Add("r", &graphtest.Recorder{})
			e.Remove(a)
			e.Wire(a, r)
		}, []string{"wire /a: the node is not in this graph"}},
		{"a node wired to itself", func(e *graph.Edit) {
			r := e.Add("r", &graphtest.Recorder{})
			e.Wire(r, r)
		}, []string{"wire /r: loop: /r -> /r"}},
		{"a loop, told along the wires", func(e *graph.Edit) {
			x, y, z := e.Add("x", &graphtest.Filter{}), e.Add("y", &graphtest.Filter{}), e.Add("z", &graphtest.Filter{})
			e.Wire(x, z)
			e.Wire(z, y)
			e.Wire(y, x)
		}, []string{"wire /x: loop: /x -> /z -> /y -> /x"}},
		{"a loop by a reference", func(e *graph.Edit) {
			l := e.Add("look", &graphtest.Looker{Nodes: []string{"rec"}})
			e.Wire(l, e.Add("rec", &graphtest.Recorder{}))
		}, []string{"wire /look: loop: /look -> /rec -> /look"}},
		{"several mistakes at once", func(e *graph.Edit) {
			e.Add("", &graphtest.Source{})
			e.Add("f", &graphtest.Filter{})
		}, []string{"add : a node's name is empty", "wire /f: filter has 0 inputs; it takes 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := graph.New()
			if err := g.Edit(func(e *graph.Edit) { e.Add("before", &graphtest.Source{}) }); err != nil {
				t.Fatal(err)
			}
			before := fingerprint(g)
			if got := texts(g.Edit(tt.edit)); !slices.Equal(got, tt.want) {
				t.Errorf("Edit reported\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if after := fingerprint(g); after != before {
				t.Errorf("a refused Edit changed\n%s\nto\n%s", before, after)
			}
		})
	}
}

func texts(err error) (out []string) {
	if many, ok := errors.AsType[*multierror.Error](err); ok {
		for _, err := range many.Errors {
			out = append(out, err.Error())
		}
	}
	return out
}

// TestDeepLoop closes a long chain at its end.
func TestDeepLoop(t *testing.T) {
	const length = 10_000
	g := graph.New()
	var first, last *graph.Node
	if err := g.Edit(func(e *graph.Edit) {
		for i := range length {
			n := e.Add(fmt.Sprint("n", i), &graphtest.Recorder{})
			if last != nil {
				e.Wire(last, n)
			} else {
				first = n
			}
			last = n
		}
	}); err != nil {
		t.Fatal(err)
	}
	err := g.Edit(func(e *graph.Edit) { e.Wire(last, first) })
	if got := strings.Count(fmt.Sprint(err), " -> "); got != length {
		t.Errorf("the loop is told with %d steps, want %d", got, length)
	}
}

func TestReplaceInOneEdit(t *testing.T) {
	g := graph.New()
	var a *graph.Node
	op := &graphtest.Source{}
	err := g.Edit(func(e *graph.Edit) {
		e.Remove(e.Add("a", &graphtest.Source{}))
		a = e.Add("a", op)
	})
	if err != nil || g.Node("/a") != a || a.Operator() != op || g.Len() != 1 {
		t.Errorf("a node replaced within one edit: %v, %d nodes", err, g.Len())
	}
	graphtest.Check(t, g)
}
