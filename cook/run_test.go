package cook_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// running runs an engine in a synctest bubble, where time is virtual, until the test ends.
func running(t *testing.T, config cook.Config, build func(*graph.Edit)) *cook.Engine {
	t.Helper()
	g := graph.New()
	if err := g.Edit(build); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
	synctest.Wait()
	return e
}

func TestFrameModeTicksAtTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := running(t, cook.Config{FPS: 60}, func(e *graph.Edit) { e.Add("src", &graphtest.Source{}) })
		time.Sleep(10 * time.Second)
		if s := e.Stats(); s.Frames != 601 && s.Frames != 602 || s.Skipped != 0 || s.Late != 0 {
			t.Errorf("after 10 s Stats() = %+v, want 601 frames in time, and the one that answers", s)
		}
	})
}

func TestLateFramesAreSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var frames []int64
		stall := &everyFrame{func(c *graph.Cook) {
			frames = append(frames, c.Frame)
			if c.Frame == 5 {
				time.Sleep(10 * time.Second)
			}
			if want := time.Duration(float64(c.Frame-1) / 60 * 1e9); c.Time != want {
				t.Errorf("frame %d is at %v, want %v", c.Frame, c.Time, want)
			}
		}}
		e := running(t, cook.Config{FPS: 60}, func(e *graph.Edit) { e.Add("stall", stall) })
		time.Sleep(11 * time.Second)
		var got []int64
		e.Do(func(*graph.Graph) { got = slices.Clone(frames) })
		if len(got) < 7 || !slices.Equal(got[:5], []int64{1, 2, 3, 4, 5}) || got[5] != 605 || got[6] != 606 {
			t.Errorf("frames were %v, want 1 to 5, then 605 and on", got[:min(len(got), 8)])
		}
		if s := e.Stats(); s.Skipped != 599 {
			t.Errorf("Stats().Skipped = %d, want 599", s.Skipped)
		}
	})
}

func TestArrivalModeSleepsUntilSomethingArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var in *graph.Node
		var at []time.Duration
		e := running(t, cook.Config{Mode: cook.ArrivalMode}, func(e *graph.Edit) {
			in = e.Add("in", &graphtest.Network{})
			out := e.Add("out", &onCook{func(c *graph.Cook) { at = append(at, c.Time) }})
			e.Wire(in, out)
		})
		first := e.Stats().Frames
		time.Sleep(time.Hour)
		if got := e.Stats().Frames - first; got != 1 {
			t.Errorf("in an idle hour there were %d frames, want that of Stats", got)
		}
		x := graph.Event{Data: []byte("x")}
		in.Inbox().PutAll([]graph.Event{x, x, x})
		synctest.Wait()
		e.Do(func(*graph.Graph) {})
		if len(at) != 2 || at[1] != time.Hour {
			t.Errorf("cooked at %v, want at 0 and, once for all that had arrived, after 1h", at)
		}
	})
}

// onCook calls f in each cook.
type onCook struct{ f func(*graph.Cook) }

func (*onCook) Effect() bool { return true }
func (o *onCook) Cook(c *graph.Cook) error {
	o.f(c)
	return nil
}

func TestArrivalModeWakesThoseWhoAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		e := running(t, cook.Config{Mode: cook.ArrivalMode}, func(e *graph.Edit) {
			e.Add("tick", &onCook{func(c *graph.Cook) {
				at = append(at, c.Time)
				c.Wake(c.Time + 3*time.Second)
			}})
		})
		time.Sleep(10 * time.Second)
		e.Do(func(*graph.Graph) {})
		if want := []time.Duration{0, 3 * time.Second, 6 * time.Second, 9 * time.Second}; !slices.Equal(at, want) {
			t.Errorf("woken at %v, want %v", at, want)
		}
	})
}

func TestRunEndsAfterItsFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last int64
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) {
			e.Add("x", &everyFrame{func(c *graph.Cook) { last = c.Frame }})
		}); err != nil {
			t.Fatal(err)
		}
		e, err := cook.New(g, cook.Config{Frames: 7})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := e.Run(t.Context()); err != nil || time.Since(begun) != 100*time.Millisecond {
			t.Errorf("Run() = %v after %v, want nil after 6/60 s", err, time.Since(begun))
		}
		if last < 7 {
			t.Errorf("the last frame was %d, want 7 or what closing cooks", last)
		}
	})
}

// A door opens, or fails to, and counts.
type door struct {
	fail           error
	opened, closed int
	ended          func()
}

func (*door) Cook(*graph.Cook) error                   { return nil }
func (*door) Decode(*graph.Event, *table.Writer) error { return nil }
func (d *door) Close() error                           { d.closed++; d.ended(); return nil }
func (d *door) Start(context.Context, *graph.Node) error {
	if d.fail == nil {
		d.opened++
	}
	return d.fail
}

func TestStartIsTriedAgainEveryFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad, good := &door{fail: errors.New("port in use"), ended: func() {}}, &door{ended: func() {}}
		var n *graph.Node
		e := running(t, cook.Config{}, func(e *graph.Edit) {
			n = e.Add("bad", bad)
			e.Add("good", good)
		})
		time.Sleep(11 * time.Second)
		var fault []graph.Fault
		e.Do(func(*graph.Graph) { fault = n.Faults() })
		if len(fault) != 1 || fault[0].Kind != graph.FaultStart || fault[0].Count != 3 || good.opened != 1 {
			t.Errorf("after 11 s: faults %+v, the other opened %d times; want 3 failed starts and 1", fault, good.opened)
		}
		select {
		case <-e.Ready():
			t.Error("ready, though a node is not open")
		default:
		}
		e.Do(func(*graph.Graph) { bad.fail = nil })
		time.Sleep(5 * time.Second)
		select {
		case <-e.Ready():
		default:
			t.Error("not ready 5 s after the port was free")
		}
	})
}

func TestCloseCooksWhatArrivedAndTheEndsOfConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kinds []string
		d := &listening{door: door{}, seen: &kinds}
		g := graph.New()
		var n *graph.Node
		if err := g.Edit(func(e *graph.Edit) { n = e.Add("in", d) }); err != nil {
			t.Fatal(err)
		}
		d.ended = func() { _ = n.Inbox().PutWait(graph.Event{Kind: graph.Close}) }
		e, err := cook.New(g, cook.Config{})
		if err != nil {
			t.Fatal(err)
		}
		e.Start(t.Context())
		_ = n.Inbox().Put(graph.Event{Kind: graph.Connect})
		_ = n.Inbox().Put(graph.Event{Data: []byte("x")})
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if want := []string{"1:1", "1:0", "2:2"}; !slices.Equal(kinds, want) || d.closed != 1 {
			t.Errorf("events (frame:kind) were %q and it closed %d times; want %q and once", kinds, d.closed, want)
		}
	})
}

type listening struct {
	door
	seen *[]string
}

func (l *listening) Cook(c *graph.Cook) error {
	for _, e := range c.Events() {
		*l.seen = append(*l.seen, fmt.Sprint(c.Frame, ":", e.Kind))
	}
	return nil
}

func TestCloseGivesUpOnWhatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		d := &door{ended: func() { <-hang }}
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) { e.Add("in", d) }); err != nil {
			t.Fatal(err)
		}
		e, err := cook.New(g, cook.Config{})
		if err != nil {
			t.Fatal(err)
		}
		e.Start(t.Context())
		begun := time.Now()
		if err := e.Close(); !errors.Is(err, cook.ErrCloseTime) || time.Since(begun) > 2*time.Second {
			t.Errorf("Close() = %v after %v, want ErrCloseTime within 2 s", err, time.Since(begun))
		}
		close(hang)
	})
}

func TestEditWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := &door{ended: func() {}}, &door{ended: func() {}}
		var old *graph.Node
		e := running(t, cook.Config{}, func(e *graph.Edit) { old = e.Add("first", first) })
		err := e.Edit(func(e *graph.Edit) {
			e.Remove(old)
			e.Add("second", second)
		})
		synctest.Wait()
		if err != nil || first.closed != 1 || second.opened != 1 {
			t.Errorf("Edit() = %v; the old closed %d times, the new opened %d times; want nil, 1, 1", err, first.closed, second.opened)
		}
		if err := e.Edit(func(e *graph.Edit) { e.Add("second", &door{}) }); err == nil {
			t.Error("Edit() with a name that is taken = nil")
		}
	})
}

func TestInactiveNodeIsClosedAndOpenedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &door{ended: func() { time.Sleep(time.Second) }}
		var n *graph.Node
		e := running(t, cook.Config{}, func(e *graph.Edit) { n = e.Add("in", d) })
		set := func(on bool) {
			if err := e.Edit(func(e *graph.Edit) { e.SetActive(n, on) }); err != nil {
				t.Fatal(err)
			}
		}
		set(false)
		set(true) // it is still closing
		time.Sleep(6 * time.Second)
		e.Do(func(*graph.Graph) {})
		if d.opened != 2 || d.closed != 1 {
			t.Errorf("opened %d and closed %d times, want 2 and 1", d.opened, d.closed)
		}
	})
}

// A crasher's goroutine panics as often as it is told.
type crasher struct {
	door
	left int
	wg   sync.WaitGroup
}

func (c *crasher) Start(_ context.Context, n *graph.Node) error {
	c.opened++
	if c.left--; c.left >= 0 {
		c.wg.Go(func() {
			defer n.Recover()
			panic("in a goroutine of the node")
		})
	}
	return nil
}

func (c *crasher) Close() error {
	c.wg.Wait()
	c.closed++
	return nil
}

func TestNodeWhoseGoroutinePanicsIsRestarted(t *testing.T) {
	for _, tt := range []struct{ panics, opened int }{{3, 4}, {100, 6}} {
		synctest.Test(t, func(t *testing.T) {
			op := &crasher{left: tt.panics}
			var n *graph.Node
			e := running(t, cook.Config{}, func(e *graph.Edit) { n = e.Add("in", op) })
			time.Sleep(time.Hour)
			var faults []graph.Fault
			opened := 0
			e.Do(func(*graph.Graph) { faults, opened = n.Faults(), op.opened })
			if opened != tt.opened || len(faults) != 1 || faults[0].Kind != graph.FaultStart || int(faults[0].Count) != min(tt.panics, 6) {
				t.Errorf("with %d panics: opened %d times, faults %+v; want %d times", tt.panics, opened, faults, tt.opened)
			}
			if _, ok := errors.AsType[*graph.PanicError](faults[0].LastError); !ok {
				t.Errorf("the fault is %v, want the panic", faults[0].LastError)
			}
		})
	}
}

func TestRemovedNodeIsToldTheEndsOfItsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kinds []string
		var n *graph.Node
		op := &listening{seen: &kinds}
		op.ended = func() { _ = n.Inbox().PutWait(graph.Event{Kind: graph.Close}) }
		e := running(t, cook.Config{}, func(e *graph.Edit) { n = e.Add("in", op) })
		_ = n.Inbox().Put(graph.Event{Kind: graph.Connect})
		if err := e.Edit(func(e *graph.Edit) { e.Remove(n) }); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		var got []string
		e.Do(func(*graph.Graph) { got = slices.Clone(kinds) })
		for i, kind := range got {
			_, got[i], _ = strings.Cut(kind, ":")
		}
		if want := []string{"1", "2"}; !slices.Equal(got, want) || op.closed != 1 {
			t.Errorf("kinds of events: %q, closed %d times; want a connect and a close, %q, and once", got, op.closed, want)
		}
	})
}

func TestEffectThatWasInactiveActsOnWhatComes(t *testing.T) {
	rec := &graphtest.Recorder{}
	var src, out *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src, out = e.Add("src", &graphtest.Source{}), e.Add("out", rec)
		e.Wire(src, out)
		e.Wire(src, e.Add("other", &graphtest.Recorder{})) // which keeps src wanted
	})
	set := func(on bool) {
		if err := e.Edit(func(e *graph.Edit) { e.SetActive(out, on) }); err != nil {
			t.Fatal(err)
		}
		e.Step()
	}
	feed(src, 1)
	e.Step()
	set(false)
	feed(src, 2)
	e.Step()
	set(true)
	feed(src, 3)
	e.Step()
	if want := []string{"1", "3"}; !slices.Equal(rec.Got, want) {
		t.Errorf("an effect that was inactive for a while got %q, want %q", rec.Got, want)
	}
}
