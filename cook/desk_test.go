package cook_test

import (
	"fmt"
	"slices"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// TestAtCutChangesTheGraphBeforeTheCuts has an edit bypass the filter in the frame that cuts what it would keep
// back.
func TestAtCutChangesTheGraphBeforeTheCuts(t *testing.T) {
	g := graph.New()
	rec := &graphtest.Recorder{}
	var net, filter *graph.Node
	err := g.Edit(func(e *graph.Edit) {
		net = e.Add("net", &graphtest.Network{})
		filter = e.Add("filter", &graphtest.Filter{Keep: func(table.Value) bool { return false }})
		e.Wire(net, filter)
		e.Wire(filter, e.Add("rec", rec))
	})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	e, err := cook.New(g, cook.Config{
		Offline: true, Changed: func(at graph.Moment, c graph.Change) {
			told = append(told, fmt.Sprintf("%d: %s %s", at.Frame, c.Node, c.Value))
			if c.Kind != graph.ChangeWatch {
				t.Errorf("Changed was told %+v", c)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	e.Step()
	_ = net.Inbox().Put(graph.Event{Data: []byte("x")})
	e.AtCut(func(d cook.Desk) {
		err = d.Edit(func(x *graph.Edit) { x.SetBypass(filter, true) })
	})
	if e.Step(); err != nil || !slices.Equal(rec.Got, []string{"x"}) {
		t.Errorf("rows %q (%v), want x", rec.Got, err)
	}
	stop := e.Want(net)
	e.Step()
	stop()
	e.Step()
	if want := []string{"3: /net on", "4: /net off"}; !slices.Equal(told, want) {
		t.Errorf("Changed was told %q, want %q", told, want)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// TestWants cooks a node that nothing in the graph wants.
func TestWants(t *testing.T) {
	g := graph.New()
	var source *graph.Node
	if err := g.Edit(func(e *graph.Edit) { source = e.Add("source", &graphtest.Source{}) }); err != nil {
		t.Fatal(err)
	}
	wanted := false
	e, err := cook.New(g, cook.Config{Offline: true, Wants: func(*graph.Node) bool { return wanted }})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	e.Step()
	before := source.Stats().Cooks
	e.AtCut(func(cook.Desk) { wanted = true })
	e.Step()
	if got := source.Stats().Cooks; before != 0 || got != 1 {
		t.Errorf("%d cooks, and %d once it is wanted; want 0 and 1", before, got)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
