package graph_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// network returns a graph with one node that has an inbox.
func network(t *testing.T, op *graphtest.Network) (*graph.Graph, *graph.Node) {
	t.Helper()
	g := graph.New()
	var n *graph.Node
	if err := g.Edit(func(e *graph.Edit) { n = e.Add("net", op) }); err != nil {
		t.Fatal(err)
	}
	return g, n
}

func message(s string) graph.Event { return graph.Event{Data: []byte(s)} }

// column returns the texts of a column of the whole table.
func column(t *table.Table, name string) (out []string) {
	for row := range t.Rows(t.Window()) {
		out = append(out, row.Get(name).String())
	}
	return out
}

func TestInboxDecodesAtOnceAndCountsAtTheCut(t *testing.T) {
	op := &graphtest.Network{Listening: true}
	g, n := network(t, op)
	buf := []byte("one")
	for _, s := range []string{"one", "two"} {
		copy(buf, s)
		if err := n.Inbox().Put(graph.Event{Data: buf, Time: 5, Peer: addr("127.0.0.1:9")}); err != nil {
			t.Fatal(err)
		}
	}
	if n.Table().NumRows() != 0 {
		t.Error("rows are in the table before the cut")
	}
	copy(buf, "xxx")
	graphtest.Frame(g, 1)
	if got := column(n.Table(), "value"); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("the table has %q", got)
	}
	for i, want := range []string{"one", "two"} {
		e := op.Got[i]
		rows := table.Range{Lo: uint64(i), Hi: uint64(i) + 1}
		if string(e.Data) != want || e.Seq != uint64(i)+1 || e.Time != 5 || e.Peer.String() != "127.0.0.1:9" || e.Rows != rows {
			t.Errorf("event %d is %+v", i, e)
		}
	}
	if graphtest.Frame(g, 2); len(op.Got) != 2 {
		t.Errorf("%d events after a frame in which nothing arrived, want 2", len(op.Got))
	}
}

type addr string

func (a addr) String() string { return string(a) }

func TestInboxKeepsBytesOnlyForListeners(t *testing.T) {
	op := &graphtest.Network{}
	g, n := network(t, op)
	_ = n.Inbox().Put(message("text"))
	graphtest.Frame(g, 1)
	if len(op.Got) != 1 || op.Got[0].Data != nil {
		t.Errorf("an operator that does not listen got %+v", op.Got)
	}
}

// Messages that nobody listens to are one event as long as they come from one peer.
func TestMessagesOfOnePeerAreOneEvent(t *testing.T) {
	op := &graphtest.Network{}
	g, n := network(t, op)
	a, b := addr("a"), addr("b")
	for i, e := range []graph.Event{{Peer: a}, {Peer: a}, {Peer: b}, {Peer: b, Kind: graph.Close}, {Peer: b}, {Peer: a}, {Peer: a}} {
		e.Data, e.Time = []byte("x"), int64(i)
		_ = n.Inbox().Put(e)
	}
	graphtest.Frame(g, 1)
	var got []string
	for _, e := range op.Got {
		got = append(got, fmt.Sprint(e.Kind, e.Peer == a, e.Time, e.Seq, e.Rows))
	}
	want := []string{"0 true 1 2 {0 2}", "0 false 2 3 {2 3}", "2 false 3 4 {3 3}", "0 false 4 5 {3 4}", "0 true 6 7 {4 6}"}
	if !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
}

func TestMalformedMessagesLeaveNothing(t *testing.T) {
	op := &graphtest.Network{Listening: true}
	g, n := network(t, op)
	var errs []error
	for _, s := range []string{"first", "bad", "panic", "second"} {
		errs = append(errs, n.Inbox().Put(message(s)))
	}
	if _, panicked := errors.AsType[*graph.PanicError](errs[2]); !errors.Is(errs[1], graphtest.ErrBad) || !panicked || errs[3] != nil {
		t.Errorf("Put returned %v", errs)
	}
	graphtest.Frame(g, 1)
	if got := column(n.Table(), "value"); !slices.Equal(got, []string{"first", "second"}) || n.Table().Schema().Len() != 1 {
		t.Errorf("the table has %q in %d columns", got, n.Table().Schema().Len())
	}
	if s := n.Stats(); s.Inbox.Events != 4 || s.Inbox.Malformed != 2 || s.Inbox.Bytes != 19 || s.Errors != 2 || s.RowsOut != 2 {
		t.Errorf("Stats() = %+v", s)
	}
	f := n.Faults()
	if len(f) != 1 || f[0].Kind != graph.FaultDecode || f[0].Count != 2 || f[0].Last.Frame != 1 || n.Err() == nil {
		t.Errorf("Faults() = %+v, Err() = %v", f, n.Err())
	}
	if len(op.Got) != 2 || op.Got[1].Seq != 4 {
		t.Errorf("events %+v", op.Got)
	}
}

// TestCutsOfOneSize fills an inbox to its limit: what is over it is dropped, and cuts take no more
// than MaxCut events, in order.
func TestCutsOfOneSize(t *testing.T) {
	op := &graphtest.Network{Listening: true}
	g, n := network(t, op)
	for i := range graph.InboxEvents + 10 {
		err := n.Inbox().Put(message(fmt.Sprint(i)))
		if full := errors.Is(err, graph.ErrInboxFull); full != (i >= graph.InboxEvents) {
			t.Fatalf("Put of event %d: %v", i, err)
		}
	}
	if s := n.Inbox().Stats(); s.Dropped != 10 {
		t.Errorf("%d dropped, want 10", s.Dropped)
	}
	for frame := int64(1); len(op.Got) < graph.InboxEvents; frame++ {
		before := len(op.Got)
		graphtest.Frame(g, frame)
		took := len(op.Got) - before
		if want := min(graph.MaxCut, graph.InboxEvents+1-before); took != want && frame > 1 || took > graph.MaxCut {
			t.Fatalf("frame %d took %d events, want %d", frame, took, want)
		}
		if n.Table().Window().Hi != uint64(len(op.Got)) {
			t.Fatalf("%d events are %d rows", len(op.Got), n.Table().Window().Hi)
		}
		// What comes meanwhile is behind all that waits.
		if frame == 1 {
			_ = n.Inbox().Put(message("late"))
		}
	}
	for i, e := range op.Got[:graph.InboxEvents] {
		if string(e.Data) != fmt.Sprint(i) || e.Rows.Lo != uint64(i) {
			t.Fatalf("event %d is %q, rows %v", i, e.Data, e.Rows)
		}
	}
	if last := op.Got[len(op.Got)-1]; string(last.Data) != "late" {
		t.Errorf("the last event is %q", last.Data)
	}
}

func TestCutsOfBytes(t *testing.T) {
	op := &graphtest.Network{Listening: true}
	g, n := network(t, op)
	big := graph.Event{Data: []byte(strings.Repeat("x", 1<<20))}
	put := 0
	for n.Inbox().Put(big) == nil {
		put++
	}
	if put != graph.InboxBytes>>20 {
		t.Errorf("%d MiB found room, want %d", put, graph.InboxBytes>>20)
	}
	for frame := int64(1); frame <= int64(put)/4; frame++ {
		graphtest.Frame(g, frame)
		if want := int(frame) * graph.MaxCutBytes >> 20; len(op.Got) != want {
			t.Errorf("after %d cuts %d MiB, want %d", frame, len(op.Got), want)
		}
	}
	huge := graph.Event{Data: make([]byte, graph.MaxCutBytes+1)}
	_ = n.Inbox().Put(huge)
	_ = n.Inbox().Put(huge)
	before := len(op.Got)
	if graphtest.Frame(g, 9); len(op.Got) != before+1 {
		t.Errorf("a cut took %d messages larger than itself, want 1", len(op.Got)-before)
	}
}

// TestStreamsWait has a stream that finds the inbox full.
func TestStreamsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, n := network(t, &graphtest.Network{})
		for range graph.InboxEvents {
			_ = n.Inbox().Put(message("x"))
		}
		var done atomic.Bool
		var wg sync.WaitGroup
		wait := func() {
			wg.Go(func() {
				_ = n.Inbox().PutWait(message("waited"))
				done.Store(true)
			})
			synctest.Wait()
		}
		if wait(); done.Load() {
			t.Fatal("PutWait did not wait")
		}
		graphtest.Frame(g, 1)
		if wg.Wait(); n.Inbox().Stats().Stalls != 1 || n.Inbox().Stats().Dropped != 0 {
			t.Errorf("Stats() = %+v", n.Inbox().Stats())
		}
		for n.Inbox().Put(message("x")) == nil {
		}
		dropped := n.Inbox().Stats().Dropped
		done.Store(false)
		if wait(); done.Load() {
			t.Fatal("PutWait did not wait again")
		}
		_ = n.Stop()()
		wg.Wait() // nobody waits for a node that is closed
		if got := n.Inbox().Stats().Dropped; got != dropped+1 {
			t.Errorf("%d dropped, want %d", got, dropped+1)
		}
		if err := n.Inbox().Put(graph.Event{Kind: graph.Close}); err != nil {
			t.Errorf("the end of a connection found no room: %v", err)
		}
	})
}

func TestArrivalIsToldOnce(t *testing.T) {
	g, n := network(t, &graphtest.Network{})
	woken := 0
	n.Attach(graph.Env{Wake: func(*graph.Node) { woken++ }})
	for range 3 {
		_ = n.Inbox().Put(message("x"))
	}
	if woken != 1 {
		t.Errorf("woken %d times by one batch, want once", woken)
	}
	graphtest.Frame(g, 1)
	n.Inbox().PutAll([]graph.Event{message("y"), message("bad")})
	if woken != 2 {
		t.Errorf("woken %d times by two batches, want twice", woken)
	}
}

func TestClearCountsFromTheNextCut(t *testing.T) {
	g, n := network(t, &graphtest.Network{})
	_ = n.Inbox().Put(message("old"))
	graphtest.Frame(g, 1)
	_ = n.Inbox().Put(message("cleared"))
	n.Clear()
	_ = n.Inbox().Put(message("new"))
	if n.Table().NumRows() != 1 {
		t.Error("Clear did not wait for the cut")
	}
	graphtest.Frame(g, 2)
	if got := column(n.Table(), "value"); !slices.Equal(got, []string{"new"}) {
		t.Errorf("after Clear the table has %q", got)
	}
}

// TestManyProducers has goroutines put streams of numbers while frames cook. Nothing is lost, and
// each stream keeps its order.
func TestManyProducers(t *testing.T) {
	const producers, each = 4, 20_000
	op := &graphtest.Network{Max: 100}
	g, n := network(t, op)
	rec := &graphtest.Recorder{}
	if err := g.Edit(func(e *graph.Edit) { e.Wire(n, e.Add("rec", rec)) }); err != nil {
		t.Fatal(err)
	}
	arrived := make(chan struct{}, 1)
	n.Attach(graph.Env{Wake: func(*graph.Node) {
		select {
		case arrived <- struct{}{}:
		default:
		}
	}})
	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for i := range each {
				_ = n.Inbox().PutWait(message(fmt.Sprintf("%d %d", p, i)))
				if i%100 == 0 {
					_ = n.Inbox().Put(message("bad"))
				}
			}
		})
	}
	for frame := int64(1); len(rec.Got) < producers*each; frame++ {
		<-arrived
		for more := true; more; frame++ {
			before := len(op.Got)
			graphtest.Frame(g, frame)
			more = len(op.Got) > before
		}
	}
	wg.Wait()
	var next [producers]int
	for _, s := range rec.Got {
		var p, i int
		if _, err := fmt.Sscan(s, &p, &i); err != nil || i != next[p] {
			t.Fatalf("the stream %d has %q after %d messages", p, s, next[p])
		}
		next[p]++
	}
	if s := n.Inbox().Stats(); s.Dropped+s.Malformed != producers*each/100 || len(rec.Got) != producers*each {
		t.Errorf("%d rows, want %d; Stats() = %+v", len(rec.Got), producers*each, s)
	}
}

// listener is a Network that does not keep its events.
type listener struct{ graphtest.Network }

func (*listener) Cook(c *graph.Cook) error {
	for _, e := range c.Events() {
		if len(e.Data) == 0 {
			return errors.New("an event without bytes")
		}
	}
	return nil
}

// TestInboxAllocations puts and cuts in steady state.
func TestInboxAllocations(t *testing.T) {
	g := graph.New()
	var n *graph.Node
	if err := g.Edit(func(e *graph.Edit) {
		n = e.Add("net", &listener{graphtest.Network{Listening: true, Max: 100}})
	}); err != nil {
		t.Fatal(err)
	}
	e := graph.Event{Data: []byte("/fader/1 0.5"), Peer: addr("127.0.0.1:9")}
	frame := func() {
		for range 100 {
			_ = n.Inbox().Put(e)
		}
		n.Cut(graph.Moment{})
		if _, _, err := n.Run(1, 0); err != nil {
			t.Fatal(err)
		}
		n.Release()
	}
	for range 50 {
		frame()
	}
	if got := testing.AllocsPerRun(200, frame); got != 0 {
		t.Errorf("a frame of 100 messages allocates %v times, want 0", got)
	}
}

// TestCutsAreTold has a node that does not listen: what its cuts took is told with all bytes.
func TestCutsAreTold(t *testing.T) {
	g, n := network(t, &graphtest.Network{})
	var told []string
	n.Attach(graph.Env{Cut: func(cut *graph.Node, at graph.Moment, events, refused []graph.Event) {
		if cut != n {
			t.Errorf("told of %v, want %v", cut, n)
		}
		for _, e := range events {
			told = append(told, fmt.Sprint(at.Frame, e.Seq, string(e.Data)))
		}
		for _, e := range refused {
			told = append(told, fmt.Sprint(at.Frame, e.Seq, "!", string(e.Data)))
		}
	}})
	n.Inbox().PutAll([]graph.Event{message("one"), message("bad"), {Kind: graph.Close}})
	graphtest.Frame(g, 1)
	for range graph.MaxCut {
		_ = n.Inbox().Put(message("x"))
	}
	n.Inbox().PutAll([]graph.Event{message("bad"), message("last"), message("bad")})
	graphtest.Frame(g, 2)
	graphtest.Frame(g, 3)
	want := []string{"1 1one", "1 3", "1 2!bad", "2 10004!bad", "3 10005last", "3 10006!bad"}
	told = slices.DeleteFunc(told, func(s string) bool { return strings.HasSuffix(s, "x") })
	if !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
}

// TestStreamsWaitWhileHeld has a stream bring more than a cut takes while the node gets another operator.
func TestStreamsWaitWhileHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		op := &graphtest.Network{Listening: true}
		g, n := network(t, op)
		resume := n.Inbox().Hold()
		const all = graph.MaxCut + 100
		var put atomic.Int64
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range all {
				_ = n.Inbox().PutWait(message(fmt.Sprint(i)))
				put.Add(1)
			}
		})
		synctest.Wait()
		if put.Load() != graph.MaxCut {
			t.Errorf("%d messages found room while the inbox was held, want %d", put.Load(), graph.MaxCut)
		}
		resume()
		wg.Wait()
		graphtest.Frame(g, 1)
		graphtest.Frame(g, 2)
		if s := n.Inbox().Stats(); len(op.Got) != all || s.Dropped != 0 || s.Stalls != 1 {
			t.Errorf("%d messages came, Stats() = %+v; want all %d, after one wait", len(op.Got), s, all)
		}
		for i, e := range op.Got {
			if string(e.Data) != fmt.Sprint(i) {
				t.Fatalf("event %d is %q", i, e.Data)
			}
		}
	})
}

// TestAHeldInboxHasLimits has datagrams come, which nobody can hold back.
func TestAHeldInboxHasLimits(t *testing.T) {
	g, n := network(t, &graphtest.Network{})
	resume := n.Inbox().Hold()
	for i := range graph.InboxEvents + 5 {
		err := n.Inbox().Put(message("x"))
		if full := errors.Is(err, graph.ErrInboxFull); full != (i >= graph.InboxEvents) {
			t.Fatalf("Put of event %d: %v", i, err)
		}
	}
	resume()
	graphtest.Frame(g, 1)
	if s := n.Inbox().Stats(); s.Events != graph.InboxEvents+5 || s.Bytes != s.Events || s.Dropped != 5 {
		t.Errorf("Stats() = %+v, want 5 dropped", s)
	}
}
