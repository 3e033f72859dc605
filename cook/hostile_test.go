package cook_test

import (
	"context"
	"errors"
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
		for row := range d.Rows(d.Fresh) {
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
