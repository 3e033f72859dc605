package cook_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

func TestObserverIsGivenRowsThatDoNotStay(t *testing.T) {
	src := &graphtest.Source{Max: 2}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Add("src", src) }); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	defer e.Observe(g.Node("src"), func(_ int64, d table.Delta) {
		for row := range d.NewRows() {
			got = append(got, row.Get("value").String())
		}
	})()
	e.Start(t.Context())
	src.Ints(1, 2, 3, 4, 5)
	e.Step()
	if want := "1 2 3 4 5"; strings.Join(got, " ") != want {
		t.Errorf("the observer of a table of 2 rows got %q of the first frame, want %q", got, want)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestPulseBeforeAnEditIsCooked(t *testing.T) {
	d := &gate{}
	e, g := start(t, func(e *graph.Edit) { e.Add("gate", d) })
	e.Step()
	e.Step()
	before := d.cooked
	if err := e.Pulse(g.Node("gate"), "press"); err != nil {
		t.Fatal(err)
	}
	if err := e.Edit(func(e *graph.Edit) { e.Add("other", &graphtest.Source{}) }); err != nil {
		t.Fatal(err)
	}
	e.Step()
	if d.cooked != before+1 {
		t.Errorf("a pulse, an edit, a frame: %d cooks, want 1", d.cooked-before)
	}
}

func TestCookBringsWhatNothingWants(t *testing.T) {
	op := &graphtest.Source{}
	var src, filter *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src, filter = e.Add("src", op), e.Add("filter", &graphtest.Filter{})
		e.Wire(src, filter)
	})
	op.Ints(1, 2)
	e.Step()
	if got := cooks(filter); got != 0 {
		t.Fatalf("a node that nothing wants cooked %d times", got)
	}
	for i, want := range []int{2, 3} {
		s, err := e.Cook(filter)
		if err != nil || s.NumRows() != want {
			t.Errorf("Cook(filter) = %d rows, %v, want %d", s.NumRows(), err, want)
		}
		op.Ints(int64(i))
		e.Step()
	}
	if _, err := e.Cook(graph.New().Node("x")); err == nil {
		t.Error("Cook(nil) gave no error")
	}
}

// TestCallsFromEverywhere is one for the race detector: an engine that is stepped, run, closed and
// started again, while others observe, edit and ask.
func TestCallsFromEverywhere(t *testing.T) {
	g := graph.New()
	var src, filter *graph.Node
	if err := g.Edit(func(e *graph.Edit) {
		src, filter = e.Add("src", &graphtest.Source{Max: 10}), e.Add("filter", &graphtest.Filter{})
		e.Wire(src, filter)
	}); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, call := range []func(int){
		func(int) { e.Observe(filter, func(int64, table.Delta) {})() },
		func(i int) { _ = e.Edit(func(e *graph.Edit) { e.SetBypass(filter, i%2 == 0) }) },
		func(i int) { e.Do(func(*graph.Graph) { feed(src, int64(i)) }) },
		func(int) { _, _ = e.Cook(filter) },
		func(int) { _, _ = e.Stats(), filter.Snapshot() },
	} {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				call(i)
			}
		})
	}
	for range 3 {
		e.Start(t.Context())
		for range 100 {
			e.Step()
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		short, end := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if err := e.Run(short); err != nil {
			t.Error(err)
		}
		end()
	}
	cancel()
	wg.Wait()
	e.Do(func(g *graph.Graph) { graphtest.Check(t, g) })
}
