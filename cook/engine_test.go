package cook_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// start returns an engine on a graph that build makes, started, to be stepped by hand.
func start(t *testing.T, build func(e *graph.Edit)) (*cook.Engine, *graph.Graph) {
	t.Helper()
	g := graph.New()
	if err := g.Edit(build); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return e, g
}

// feed gives a source rows and asks for its cook.
func feed(n *graph.Node, values ...int64) {
	n.Operator().(*graphtest.Source).Ints(values...)
	n.Touch()
}

func cooks(n *graph.Node) uint64 { return n.Stats().Cooks }

func TestOnlyWhatIsDirtyAndWantedCooks(t *testing.T) {
	var src, other, filter, unread *graph.Node
	rec := &graphtest.Recorder{}
	e, _ := start(t, func(e *graph.Edit) {
		src, other = e.Add("src", &graphtest.Source{}), e.Add("other", &graphtest.Source{})
		filter, unread = e.Add("filter", &graphtest.Filter{}), e.Add("unread", &graphtest.Filter{})
		out := e.Add("out", rec)
		e.Wire(src, filter)
		e.Wire(src, unread)
		e.Wire(filter, out)
		e.Wire(other, out)
	})
	e.Step()
	base, otherBase := cooks(filter), cooks(other)
	for range 3 {
		e.Step()
	}
	if got := cooks(filter); got != base {
		t.Errorf("filter cooked %d times in idle frames, want 0", got-base)
	}
	feed(src, 1, 2)
	e.Step()
	if got, want := rec.Got, []string{"1", "2"}; !slices.Equal(got, want) {
		t.Errorf("recorder got %q, want %q", got, want)
	}
	if got := cooks(unread); got != 0 {
		t.Errorf("a node that nothing wants cooked %d times, want 0", got)
	}
	if got := cooks(other); got != otherBase {
		t.Errorf("a clean source cooked %d times, want 0", got-otherBase)
	}
}

func TestUnchangedTableCutsOff(t *testing.T) {
	var src, filter, after *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src = e.Add("src", &graphtest.Source{})
		filter = e.Add("filter", &graphtest.Filter{Keep: func(v table.Value) bool { return v.Int() > 10 }})
		after = e.Add("after", &graphtest.Filter{})
		out := e.Add("out", &graphtest.Recorder{})
		e.Wire(src, filter)
		e.Wire(filter, after)
		e.Wire(after, out)
	})
	feed(src, 1)
	e.Step()
	before, behind := cooks(filter), cooks(after)
	feed(src, 2, 3)
	e.Step()
	if got := cooks(filter) - before; got != 1 {
		t.Errorf("filter cooked %d times, want 1", got)
	}
	if got := cooks(after) - behind; got != 0 {
		t.Errorf("the node behind a table that did not change cooked %d times, want 0", got)
	}
	feed(src, 11)
	e.Step()
	if got := cooks(after) - behind; got != 1 {
		t.Errorf("the node behind a table that changed cooked %d times, want 1", got)
	}
}

func TestDiamondCooksOnceAfterAllItReads(t *testing.T) {
	var src, join *graph.Node
	rec := &graphtest.Recorder{}
	e, _ := start(t, func(e *graph.Edit) {
		src = e.Add("z", &graphtest.Source{})
		left, right := e.Add("m", &graphtest.Filter{}), e.Add("k", &graphtest.Filter{})
		far := e.Add("f", &graphtest.Filter{})
		join = e.Add("a", rec)
		e.Wire(src, left)
		e.Wire(src, right)
		e.Wire(right, far)
		e.Wire(left, join)
		e.Wire(far, join)
	})
	e.Step()
	before := cooks(join)
	feed(src, 7)
	e.Step()
	if got := cooks(join) - before; got != 1 || !slices.Equal(rec.Got, []string{"7", "7"}) {
		t.Errorf("join cooked %d times and got %q; want once, with both", got, rec.Got)
	}
}

func TestFailureKeepsTableAndIsTriedAgain(t *testing.T) {
	for _, tt := range []struct {
		name string
		op   *graphtest.Faulty
	}{
		{"error", &graphtest.Faulty{Err: errors.New("broken")}},
		{"panic", &graphtest.Faulty{Panic: "broken"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			good := &graphtest.Recorder{}
			var src, bad *graph.Node
			e, _ := start(t, func(e *graph.Edit) {
				src, bad = e.Add("src", &graphtest.Source{}), e.Add("bad", tt.op)
				e.Wire(src, bad)
				e.Wire(bad, e.Add("sink", &graphtest.Recorder{}))
				e.Wire(src, e.Add("good", good))
			})
			e.Step()
			feed(src, 1)
			e.Step()
			f := bad.Faults()
			if len(f) != 1 || f[0].Kind != graph.FaultCook || f[0].Count != 2 || f[0].First.Frame != 1 || f[0].Last.Frame != 2 || !f[0].Active {
				t.Fatalf("Faults() = %+v, want an active cook fault of frames 1 and 2", f)
			}
			if got := bad.Table().NumRows(); got != 0 {
				t.Errorf("a failed cook left %d rows", got)
			}
			if !slices.Equal(good.Got, []string{"1"}) {
				t.Errorf("the node beside got %q, want 1", good.Got)
			}
			tt.op.Err, tt.op.Panic = nil, nil
			for range 60 {
				e.Step()
			}
			if f := bad.Faults()[0]; f.Active || f.Count < 2 {
				t.Errorf("after it was mended the fault is %+v, want inactive, with its count", f)
			}
			if bad.Err() != nil || bad.Table().NumRows() != 1 {
				t.Errorf("Err() = %v, NumRows() = %d; want nil, 1", bad.Err(), bad.Table().NumRows())
			}
		})
	}
}

func TestPanickingNodeIsTriedLessAndLess(t *testing.T) {
	op := &graphtest.Faulty{Panic: "always"}
	var src, bad *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src, bad = e.Add("src", &graphtest.Source{}), e.Add("bad", op)
		e.Wire(src, bad)
		e.Wire(bad, e.Add("sink", &graphtest.Recorder{}))
	})
	for i := range int64(60 * 60) {
		feed(src, i)
		e.Step()
	}
	// At 0, 1 frame, then after 100 ms, doubling: 11 tries take a minute, 3600 frames do not matter.
	if got := cooks(bad); got < 8 || got > 13 {
		t.Errorf("a node that panics was cooked %d times in a minute, want about 11", got)
	}
}

func TestRowsAreNotGivenTwiceToAnEffectThatFails(t *testing.T) {
	rec := &graphtest.Recorder{Fail: func(row table.Row) error {
		if row.Number()%3 == 1 {
			return fmt.Errorf("row %d", row.Number())
		}
		if row.Number()%5 == 2 {
			panic(row.Number())
		}
		return nil
	}}
	var src, out *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src, out = e.Add("src", &graphtest.Source{}), e.Add("out", rec)
		e.Wire(src, out)
	})
	var want []string
	for i := range int64(30) {
		feed(src, i)
		want = append(want, fmt.Sprint(i))
		if i%4 == 0 {
			e.Step()
		}
	}
	e.Step()
	if !slices.Equal(rec.Got, want) {
		t.Errorf("rows given: %q, want each once, in order", rec.Got)
	}
	if f := out.Faults(); len(f) != 1 || f[0].Kind != graph.FaultRow || f[0].Count != 14 {
		t.Errorf("Faults() = %+v, want 14 row faults", f)
	}
}

func TestObserverIsADemand(t *testing.T) {
	var src, filter *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src, filter = e.Add("src", &graphtest.Source{}), e.Add("filter", &graphtest.Filter{})
		e.Wire(src, filter)
	})
	feed(src, 1)
	e.Step()
	if got := cooks(filter); got != 0 {
		t.Fatalf("unwanted filter cooked %d times", got)
	}
	var got []string
	stop := e.Observe(filter, func(frame int64, d table.Delta) {
		for row := range d.NewRows() {
			got = append(got, fmt.Sprint(frame, ":", row.Get("value")))
		}
	})
	e.Step()
	feed(src, 2, 3)
	e.Step()
	if want := []string{"2:1", "3:2", "3:3"}; !slices.Equal(got, want) {
		t.Errorf("observer was told %q, want %q", got, want)
	}
	stop()
	before := cooks(filter)
	feed(src, 4)
	e.Step()
	if n := cooks(filter) - before; n != 0 || len(got) != 3 {
		t.Errorf("after stop the node cooked %d times and the observer has %d rows, want 0 and 3", n, len(got))
	}
}

func TestFramesCountFromOneAndStepByTheRate(t *testing.T) {
	g := graph.New()
	var at []string
	err := g.Edit(func(e *graph.Edit) {
		e.Add("clock", &everyFrame{func(c *graph.Cook) { at = append(at, fmt.Sprint(c.Frame, " ", c.Time)) }})
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{FPS: 50})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	for range 3 {
		e.Step()
	}
	if want := []string{"1 0s", "2 20ms", "3 40ms"}; !slices.Equal(at, want) {
		t.Errorf("frames were %q, want %q", at, want)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// everyFrame cooks in every frame.
type everyFrame struct{ f func(*graph.Cook) }

func (o *everyFrame) Effect() bool { return true }
func (o *everyFrame) Cook(c *graph.Cook) error {
	o.f(c)
	c.Wake(c.Time + time.Nanosecond)
	return nil
}

func TestWakesComeAtTheirTimeInPlanOrder(t *testing.T) {
	var order []string
	e, _ := start(t, func(e *graph.Edit) {
		for i, ms := range []int{50, 0, 100, 50} {
			e.Add(fmt.Sprintf("n%d", i), &alarm{time.Duration(ms) * time.Millisecond, &order})
		}
	})
	for range 8 {
		e.Step()
	}
	// Frames are 16.7 ms apart: 50 ms is frame 4, 100 ms is frame 7.
	if want := []string{"1/n1", "4/n0", "4/n3", "7/n2"}; !slices.Equal(order, want) {
		t.Errorf("woken %q, want %q", order, want)
	}
}

type alarm struct {
	at    time.Duration
	order *[]string
}

func (*alarm) Effect() bool { return true }
func (a *alarm) Cook(c *graph.Cook) error {
	if c.Time < a.at {
		c.Wake(a.at)
		return nil
	}
	*a.order = append(*a.order, fmt.Sprintf("%d/%s", c.Frame, c.Node().Name()))
	return nil
}

func TestSendsAreCommittedInPlanOrder(t *testing.T) {
	var sent sink
	var src *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src = e.Add("src", &graphtest.Source{})
		for _, name := range []string{"c", "a", "b"} {
			out := e.Add(name, &poster{to: &sent})
			e.Wire(src, out)
		}
	})
	feed(src, 1, 2)
	e.Step()
	want := []string{"/a 1", "/a 2", "/b 1", "/b 2", "/c 1", "/c 2"}
	if !slices.Equal(sent.got, want) {
		t.Errorf("sent %q, want %q", sent.got, want)
	}
}

type sink struct{ got []string }

func (s *sink) Accept(_ graph.Verb, payload []byte) error {
	s.got = append(s.got, string(payload))
	return nil
}

type poster struct{ to *sink }

func (*poster) Effect() bool { return true }
func (p *poster) Cook(c *graph.Cook) error {
	if len(p.to.got) > 0 {
		return errors.New("something was sent during the cook")
	}
	d := c.In(0)
	for row := range d.NewRows() {
		c.Post(p.to, 0, fmt.Appendf(nil, "%s %s", c.Node(), row.Get("value")))
	}
	return nil
}

func TestBypassPassesTheFirstInput(t *testing.T) {
	var src, filter *graph.Node
	rec := &graphtest.Recorder{}
	e, _ := start(t, func(e *graph.Edit) {
		src = e.Add("src", &graphtest.Source{})
		filter = e.Add("filter", &graphtest.Filter{Keep: func(table.Value) bool { return false }})
		out := e.Add("out", rec)
		e.Wire(src, filter)
		e.Wire(filter, out)
	})
	feed(src, 1)
	e.Step()
	if err := e.Edit(func(e *graph.Edit) { e.SetBypass(filter, true) }); err != nil {
		t.Fatal(err)
	}
	e.Step()
	feed(src, 2)
	e.Step()
	if want := []string{"2"}; !slices.Equal(rec.Got, want) {
		t.Errorf("through a bypassed node came %q, want what arrived from then on, %q", rec.Got, want)
	}
}

func TestCutTakesAtMostMaxCutAndTheRestNext(t *testing.T) {
	var in *graph.Node
	e, _ := start(t, func(e *graph.Edit) { in = e.Add("in", &graphtest.Network{}) })
	const n = graph.MaxCut + 5
	for i := range n {
		if err := in.Inbox().Put(graph.Event{Data: fmt.Append(nil, i)}); err != nil {
			t.Fatal(err)
		}
	}
	e.Step()
	if got := in.Table().NumRows(); got != graph.MaxCut {
		t.Errorf("after one frame there are %d rows, want %d", got, graph.MaxCut)
	}
	e.Step()
	if got := in.Table().NumRows(); got != n {
		t.Errorf("after two frames there are %d rows, want %d", got, n)
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	var in *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		in = e.Add("in", &graphtest.Network{Max: 1000})
		null := e.Add("null", &pass{})
		out := e.Add("out", &counter{})
		e.Wire(in, null)
		e.Wire(null, out)
	})
	data := []byte("twenty bytes of text")
	frame := func() {
		for range 100 {
			if err := in.Inbox().Put(graph.Event{Data: data}); err != nil {
				t.Fatal(err)
			}
		}
		e.Step()
	}
	for range 100 {
		frame()
	}
	if got := testing.AllocsPerRun(200, frame); got != 0 {
		t.Errorf("a frame of 100 messages allocates %v times, want 0", got)
	}
	if got := testing.AllocsPerRun(200, func() { e.Step() }); got != 0 {
		t.Errorf("an idle frame allocates %v times, want 0", got)
	}
}

// A counter is an effect that counts rows.
type counter struct{ rows int }

func (*counter) Effect() bool { return true }
func (o *counter) Cook(c *graph.Cook) error {
	o.rows += c.In(0).Fresh.Len()
	return nil
}
