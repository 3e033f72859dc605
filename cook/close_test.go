package cook_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// A gate counts how often it is opened, closed and cooked.
type gate struct {
	Press                  graph.Pulse
	opened, closed, cooked int
	onStart, onClose       func() error
	onPulse                func()
}

func (*gate) Describe() graph.Description { return graph.Description{Name: "gate"} }

func (d *gate) Start(context.Context, *graph.Node) error {
	d.opened++
	if d.onStart != nil {
		return d.onStart()
	}
	return nil
}

func (d *gate) Close() error {
	d.closed++
	if d.onClose != nil {
		return d.onClose()
	}
	return nil
}

func (d *gate) Pulse(*graph.Node, string) {
	if d.onPulse != nil {
		d.onPulse()
	}
}

func (*gate) Effect() bool { return true }

func (d *gate) Cook(*graph.Cook) error {
	d.cooked++
	return nil
}

func TestNothingOpensAfterClose(t *testing.T) {
	d := &gate{}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Add("gate", d) }); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	stop := e.Observe(g.Node("gate"), func(int64, table.Delta) {})
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	stop()
	if err := e.Edit(func(e *graph.Edit) { e.SetBypass(g.Node("gate"), true) }); err != nil {
		t.Error(err)
	}
	if d.opened != 1 || d.closed != 1 {
		t.Errorf("after Close the node was opened %d times and closed %d times, want 1 and 1", d.opened, d.closed)
	}
	e.Start(t.Context())
	if err := e.Close(); err != nil || d.opened != 2 || d.closed != 2 {
		t.Errorf("a second Start and Close (%v): opened %d times, closed %d, want 2 and 2", err, d.opened, d.closed)
	}
}

func TestEditWhileClosingOpensNothing(t *testing.T) {
	late := &gate{}
	g := graph.New()
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ending := &graphtest.Network{}
	if err := g.Edit(func(e *graph.Edit) { e.Add("in", ending) }); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked, edited := make(chan struct{}), make(chan error, 1)
	first := &gate{onClose: func() error { close(asked); return nil }}
	if err := g.Edit(func(e *graph.Edit) { e.Add("first", first) }); err != nil {
		t.Fatal(err)
	}
	go func() {
		<-asked
		edited <- e.Edit(func(e *graph.Edit) { e.Add("late", late) })
	}()
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	<-e.Ready()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := <-edited; err != nil || late.opened != 0 {
		t.Errorf("Edit while closing: %v; the new node was opened %d times, want 0", err, late.opened)
	}
}

// A minutely operator cooks once a minute, and when it was closed.
type minutely struct {
	graphtest.Network
	n *graph.Node
	f func(*graph.Cook)
}

func (*minutely) Effect() bool                                   { return true }
func (o *minutely) Start(_ context.Context, n *graph.Node) error { o.n = n; return nil }
func (o *minutely) Close() error                                 { o.n.Touch(); return nil }
func (o *minutely) Cook(c *graph.Cook) error {
	o.f(c)
	c.Wake(c.Time + time.Minute)
	return nil
}

func TestCloseKeepsTheTimeOfArrivalMode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var times []time.Duration
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) {
			e.Add("a", &minutely{f: func(c *graph.Cook) { times = append(times, c.Time) }})
		}); err != nil {
			t.Fatal(err)
		}
		e, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := e.Run(ctx); err != nil {
			t.Error(err)
		}
		if last := times[len(times)-1]; !slices.IsSorted(times) || last > time.Hour {
			t.Errorf("cooks in arrival mode were at %v, the last at %v of an hour", times[:min(4, len(times))], last)
		}
	})
}

func TestCloseNamesWhatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		defer close(hang)
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) {
			e.Add("good", &gate{})
			e.Add("stuck", &gate{onClose: func() error { <-hang; return nil }})
		}); err != nil {
			t.Fatal(err)
		}
		e, err := cook.New(g, cook.Config{})
		if err != nil {
			t.Fatal(err)
		}
		e.Start(t.Context())
		err = e.Close()
		if !errors.Is(err, cook.ErrCloseTime) || !strings.Contains(err.Error(), "/stuck") || strings.Contains(err.Error(), "/good") {
			t.Errorf("Close() = %v, want ErrCloseTime that names /stuck alone", err)
		}
	})
}

func TestReopenedAtOnceWhenClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &gate{onClose: func() error { time.Sleep(50 * time.Millisecond); return nil }}
		var n *graph.Node
		e := running(t, cook.Config{}, func(e *graph.Edit) { n = e.Add("gate", d) })
		for _, on := range []bool{false, true} {
			if err := e.Edit(func(e *graph.Edit) { e.SetActive(n, on) }); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		e.Do(func(*graph.Graph) {
			if d.opened != 2 {
				t.Errorf("a node switched off and on was opened %d times within a second, want 2", d.opened)
			}
		})
	})
}
