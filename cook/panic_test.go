package cook_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// A panicky operator with an inbox panics until told otherwise.
type panicky struct {
	graphtest.Network
	broken bool
	wakes  bool
	tries  int
}

func (*panicky) Describe() graph.Description { return graph.Description{Name: "panicky"} }

func (p *panicky) Cook(c *graph.Cook) error {
	p.tries++
	if p.wakes {
		c.Wake(c.Time)
	}
	if p.broken {
		panic("broken")
	}
	return p.Network.Cook(c)
}

func TestEventsWaitForANodeInQuarantine(t *testing.T) {
	op := &panicky{broken: true}
	op.Listening = true
	var in *graph.Node
	e, _ := start(t, func(e *graph.Edit) { in = e.Add("in", op) })
	for i, text := range []string{"a", "b", "c", "d"} {
		_ = in.Inbox().Put(message(text))
		e.Step()
		op.broken = i < 1
	}
	for range 120 {
		e.Step()
	}
	if got := texts(op.Got); !slices.Equal(got, []string{"c", "d"}) {
		t.Errorf("after two panics the node got %q, want what came after the second", got)
	}
}

func TestPanickingNodeIsNotWokenByItself(t *testing.T) {
	op := &panicky{broken: true, wakes: true}
	var in *graph.Node
	e, _ := start(t, func(e *graph.Edit) { in = e.Add("in", op) })
	in.Touch()
	for range 60 {
		e.Step()
	}
	if op.tries > 6 {
		t.Errorf("a node that asks to be woken, then panics, was tried %d times in a second, want at most 6", op.tries)
	}
}

func TestPanicsOutsideOfCook(t *testing.T) {
	bad := &gate{
		onStart: func() error { panic("start") }, onClose: func() error { panic("close") }, onPulse: func() { panic("pulse") }}
	rec := &graphtest.Recorder{}
	var src, broken, closes *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		broken = e.Add("bad", bad)
		closes = e.Add("closes", &gate{onClose: bad.onClose})
		src = e.Add("src", &graphtest.Source{})
		e.Wire(src, e.Add("out", rec))
	})
	if err := broken.Err(); err == nil || !strings.Contains(err.Error(), "start /bad: panic: start") {
		t.Errorf("Err() of a node whose Start panicked = %v", err)
	}
	if err := e.Pulse(broken, "press"); err == nil || !strings.Contains(err.Error(), "panic: pulse") {
		t.Errorf("Pulse of an operator that panics = %v, want its panic", err)
	}
	if err := e.Edit(func(e *graph.Edit) { e.SetActive(closes, false) }); err != nil {
		t.Error(err)
	}
	defer e.Observe(src, func(int64, table.Delta) { panic("observer") })()
	told := 0
	defer e.Observe(src, func(int64, table.Delta) { told++ })()
	for i := range 3 {
		feed(src, int64(i))
		e.Step()
	}
	if len(rec.Got) != 3 || told != 3 {
		t.Errorf("beside panics: %d rows and %d deltas, want 3 and 3", len(rec.Got), told)
	}
}

func TestPanicOfDoIsItsCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := running(t, cook.Config{}, func(e *graph.Edit) { e.Add("src", &graphtest.Source{}) })
		func() {
			defer func() {
				p, _ := recover().(error)
				if panicked, ok := errors.AsType[*graph.PanicError](p); !ok || panicked.Value != "mine" {
					t.Errorf("Do panicked with %v, want what its function did", p)
				}
			}()
			e.Do(func(*graph.Graph) { panic("mine") })
		}()
		if n := e.Stats().Frames; n == 0 {
			t.Error("the engine does not go on")
		}
	})
}
