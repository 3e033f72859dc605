package cook_test

import (
	"slices"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

func message(text string) graph.Event { return graph.Event{Kind: graph.Message, Data: []byte(text)} }

func texts(events []graph.Event) (out []string) {
	for _, e := range events {
		out = append(out, string(e.Data))
	}
	return out
}

func TestTouchDoesNotCutTwice(t *testing.T) {
	net := &graphtest.Network{Listening: true}
	var in *graph.Node
	e, _ := start(t, func(e *graph.Edit) { in = e.Add("in", net) })
	_ = in.Inbox().Put(message("one"))
	in.Touch()
	e.Step()
	if got := texts(net.Got); !slices.Equal(got, []string{"one"}) {
		t.Errorf("after Put and Touch in one frame the node cooked events %q, want one", got)
	}
}

func TestWhatArrivesBeforeTheStartIsCut(t *testing.T) {
	net, rec := &graphtest.Network{Listening: true}, &graphtest.Recorder{}
	src := &graphtest.Source{}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) {
		_ = e.Add("in", net).Inbox().Put(message("early"))
		n := e.Add("src", src)
		n.Touch()
		e.Wire(n, e.Add("out", rec))
	}); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	e.Step()
	_ = g.Node("in").Inbox().Put(message("late"))
	feed(g.Node("src"), 1)
	e.Step()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if got := texts(net.Got); !slices.Equal(got, []string{"early", "late"}) {
		t.Errorf("events put before and after Start: %q were cooked, want both", got)
	}
	if !slices.Equal(rec.Got, []string{"1"}) {
		t.Errorf("a source touched before and after Start: %q came, want its row", rec.Got)
	}
}

func TestRemovedNodesDoNotHideARepeatedOne(t *testing.T) {
	net := &graphtest.Network{Listening: true}
	var first *graph.Node
	var others []*graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		first = e.Add("a", net)
		for _, name := range []string{"b", "c", "d", "e"} {
			others = append(others, e.Add(name, &graphtest.Network{}))
		}
	})
	_ = first.Inbox().Put(message("one"))
	for _, n := range others {
		n.Touch()
	}
	first.Touch()
	if err := e.Edit(func(e *graph.Edit) {
		for _, n := range others {
			e.Remove(n)
		}
	}); err != nil {
		t.Fatal(err)
	}
	e.Step()
	if got := texts(net.Got); !slices.Equal(got, []string{"one"}) {
		t.Errorf("beside nodes that were removed, a node cooked events %q, want one", got)
	}
}

func TestEndsOfAnInactiveNodesConnectionsAreCooked(t *testing.T) {
	net := &graphtest.Network{}
	var in *graph.Node
	e, _ := start(t, func(e *graph.Edit) { in = e.Add("in", net) })
	_ = in.Inbox().Put(graph.Event{Kind: graph.Connect})
	e.Step()
	if err := e.Edit(func(e *graph.Edit) { e.SetActive(in, false) }); err != nil {
		t.Fatal(err)
	}
	_ = in.Inbox().Put(graph.Event{Kind: graph.Close})
	e.Step()
	e.Step()
	if len(net.Got) != 2 || net.Got[1].Kind != graph.Close {
		t.Errorf("the node got %d events, want the connection and its end", len(net.Got))
	}
}

func TestSourceThatIsActivatedCooks(t *testing.T) {
	rec := &graphtest.Recorder{}
	var src *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		op := &graphtest.Source{}
		op.Ints(1)
		src = e.Add("src", op)
		e.SetActive(src, false)
		e.Wire(src, e.Add("out", rec))
	})
	e.Step()
	if len(rec.Got) != 0 {
		t.Errorf("an inactive source put out %q", rec.Got)
	}
	if err := e.Edit(func(e *graph.Edit) { e.SetActive(src, true) }); err != nil {
		t.Fatal(err)
	}
	e.Step()
	if !slices.Equal(rec.Got, []string{"1"}) {
		t.Errorf("after SetActive(src, true) %q came, want its row", rec.Got)
	}
}
