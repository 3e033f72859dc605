package ops_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// A loop counts up to a limit: add reads back, which has the table that add had in the last frame.
type loop struct {
	e         *cook.Engine
	add, back *graph.Node
}

func newLoop(t *testing.T, initial ...graph.Operator) *loop {
	t.Helper()
	g, add, back := loopGraph(t, initial...)
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	t.Cleanup(func() { _ = e.Close() })
	e.Observe(add, func(int64, table.Delta) {})
	return &loop{e, add, back}
}

// loopGraph returns a graph in which add has a number one greater than it had in the last frame, up to 6.
func loopGraph(t *testing.T, initial ...graph.Operator) (g *graph.Graph, add, back *graph.Node) {
	t.Helper()
	g = graph.New()
	err := g.Edit(func(e *graph.Edit) {
		start := e.Add("start", &ops.Table{Columns: []string{"n"}, Rows: [][]any{{1}}})
		both := e.Add("both", &ops.Script{Callbacks: tableScript(
			"n = max([r[0] for i in scriptOp.inputs for r in i.rows()])",
			"scriptOp.clear()",
			"scriptOp.appendRow({'n': min(n + 1, 6)})",
		)})
		add = e.Add("add", &ops.Null{})
		back = e.Add("back", &ops.Feedback{})
		e.Rewire(both, start, back)
		e.Wire(both, add)
		e.Wire(add, back)
		for _, op := range initial {
			e.Wire(e.Add("initial", op), back)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return g, add, back
}

// steps cooks frames and returns what a node held after each.
func (l *loop) steps(n *graph.Node, frames int) (out []string) {
	for range frames {
		l.e.Step()
		out = append(out, content(n.Table())...)
	}
	return out
}

func TestFeedbackIsTheLastFrame(t *testing.T) {
	l := newLoop(t)
	if got, want := l.steps(l.add, 4), []string{"n=2", "n=3", "n=4", "n=5"}; !slices.Equal(got, want) {
		t.Errorf("a loop that adds one: %q in its first frames, want %q", got, want)
	}
	l.steps(l.add, 2)
	before := l.e.Stats().Cooks
	l.steps(l.add, 3)
	if got := l.e.Stats().Cooks - before; got > 2 {
		t.Errorf("%d cooks in 3 frames after which the loop's table is the same, want none soon", got)
	}
}

func TestFeedbackBeginsWithItsSecondInput(t *testing.T) {
	l := newLoop(t, &ops.Table{Columns: []string{"n"}, Rows: [][]any{{3}}})
	want := []string{"n=2", "n=4", "n=5", "n=6", "n=6"}
	if got := l.steps(l.add, 5); !slices.Equal(got, want) {
		t.Errorf("a loop whose feedback begins at 3: %q, want %q", got, want)
	}
	if err := l.e.Pulse(l.back, "reset"); err != nil {
		t.Fatal(err)
	}
	want = []string{"n=6", "n=4", "n=5", "n=6"}
	if got := l.steps(l.add, 4); !slices.Equal(got, want) {
		t.Errorf("after a reset: %q, want %q", got, want)
	}
}

// A feedback is read a frame late, so that it depends on no name which of the nodes cooks first.
func TestFeedbackIsNoWayAroundALoop(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(e *graph.Edit, back, x *graph.Node)
		want string
	}{
		{"bypassed", func(e *graph.Edit, back, _ *graph.Node) { e.SetBypass(back, true) }, "wire /back: loop: /back -> /x -> /back"},
		{"of a feedback", func(e *graph.Edit, _, x *graph.Node) {
			e.Wire(x, e.Add("more", &ops.Feedback{}))
		}, "wire /more: reads the table of /back, which is of the last frame already; put a node between them that makes a table of its own, as a select"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := graph.New().Edit(func(e *graph.Edit) {
				back, x := e.Add("back", &ops.Feedback{}), e.Add("x", &ops.Null{})
				e.Wire(x, back)
				e.Wire(back, x)
				tt.edit(e, back, x)
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Edit: %v, want %q", err, tt.want)
			}
		})
	}
}

// In arrival mode a loop goes on by itself, at the rate of frames, until nothing changes.
func TestFeedbackWakesItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, add, _ := loopGraph(t)
		e, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode, FPS: 10})
		if err != nil {
			t.Fatal(err)
		}
		var times []time.Duration
		began := time.Now()
		e.Observe(add, func(int64, table.Delta) { times = append(times, time.Since(began)) })
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := e.Run(ctx); err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{0, 100, 200, 300, 400}
		for i := range want {
			want[i] *= time.Millisecond
		}
		if !slices.Equal(times, want) {
			t.Errorf("the loop's table changed after %v, want %v", times, want)
		}
		if got := e.Stats().Frames; got > 12 {
			t.Errorf("%d frames in an hour in which a loop changed 5 times", got)
		}
	})
}

// A target that is named is as good as one that is wired.
func TestFeedbackNamesItsTarget(t *testing.T) {
	g := graph.New()
	var back, x *graph.Node
	err := g.Edit(func(e *graph.Edit) {
		start := e.Add("start", &ops.Table{})
		back, x = e.Add("back", &ops.Feedback{Target: "x"}), e.Add("x", &ops.Select{})
		e.Wire(start, back)
		e.Wire(back, x)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = g.Edit(func(e *graph.Edit) { e.Wire(x, e.Add("other", &ops.Null{})) })
	if in := back.Inputs(); len(in) != 2 || in[0] != x {
		t.Errorf("the inputs of a feedback of x are %v, want x and start (%v)", in, err)
	}
	err = g.Edit(func(e *graph.Edit) { e.Remove(x) })
	if want := `wire /back: refers to node "x", which does not exist`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("removing the target: %v, want %q", err, want)
	}
}
