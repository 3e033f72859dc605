package cook_test

import (
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

func TestTrace(t *testing.T) {
	e, g := start(t, func(x *graph.Edit) {
		a := x.Add("a", &graphtest.Source{})
		b := x.Add("b", &graphtest.Filter{})
		x.Wire(a, b)
	})
	defer e.Want(g.Node("b"))()
	var got []string
	e.SetTrace(func(f cook.TracedFrame) {
		for _, c := range f.Cooks {
			text := [...]string{"/a", "/b"}[c.Node] + " " + c.Cause.String()
			if c.Cause == cook.CauseInput {
				text += " " + [...]string{"/a", "/b"}[c.Input]
			}
			got = append(got, text)
			if c.Start < 0 || c.Took < 0 || c.Start+c.Took > f.Took+time.Millisecond {
				t.Errorf("frame %d took %v; in it %s began after %v and took %v", f.Frame, f.Took, text, c.Start, c.Took)
			}
		}
	})
	frame := func(what string, want ...string) {
		t.Helper()
		got = nil
		e.Step()
		if !slices.Equal(got, want) {
			t.Errorf("the trace of a frame %s: %v; want %v", what, got, want)
		}
	}
	frame("in which a node begins to be wanted", "/a demand", "/b demand")
	frame("with nothing to do")
	feed(g.Node("a"), 1, 2)
	frame("in which a source has rows", "/a asked", "/b input /a")
	e.SetTrace(nil)
	feed(g.Node("a"), 3)
	frame("that is not traced")
}

func TestPeekBeginsNoFrame(t *testing.T) {
	e, g := start(t, func(x *graph.Edit) { x.Add("a", &graphtest.Source{}) })
	e.Step()
	for range 3 {
		e.Peek(func(p cook.Peek) {
			if p.Frame != 1 || len(p.Nodes) != 1 || p.Nodes[0] != g.Node("a") {
				t.Errorf("Peek after frame 1 shows frame %d and nodes %v", p.Frame, p.Nodes)
			}
		})
	}
}
