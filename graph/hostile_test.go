package graph_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// A rude operator panics wherever it is told to.
type rude struct{ where string }

func (r *rude) at(where string) {
	if r.where == where {
		panic("in " + where)
	}
}

func (r *rude) Describe() graph.Description {
	r.at("Describe")
	return graph.Description{Name: "rude", Inputs: graph.Arity{Max: 1}}
}
func (r *rude) Check() error         { r.at("Check"); return nil }
func (r *rude) Limits() table.Limits { r.at("Limits"); return table.Limits{} }
func (r *rude) Listens() bool        { r.at("Listens"); return false }
func (r *rude) Effect() bool         { r.at("Effect"); return true }
func (r *rude) Pass() int            { r.at("Pass"); return -1 }
func (r *rude) Refs() []string       { r.at("Refs"); return nil }
func (r *rude) Cook(c *graph.Cook) error {
	c.Post(r, 0, nil)
	return nil
}
func (r *rude) Accept(graph.Verb, []byte) error { r.at("Accept"); return nil }

func (r *rude) Start(context.Context, *graph.Node) error { r.at("Start"); return nil }
func (r *rude) Close() error                             { r.at("Close"); return nil }

func TestPanicsWhileEditingAreErrors(t *testing.T) {
	for _, where := range []string{"Describe", "Check", "Limits", "Listens", "Effect", "Pass", "Refs"} {
		t.Run(where, func(t *testing.T) {
			g := graph.New()
			err := g.Edit(func(e *graph.Edit) { e.Add("good", &graphtest.Source{}); e.Add("rude", &rude{where}) })
			n, ok := errors.AsType[*graph.NodeError](err)
			if !ok || n.Node != "/rude" || !strings.Contains(n.Error(), "panic: in "+where) {
				t.Errorf("Edit = %v, want a panic at /rude", err)
			}
			if g.Len() != 0 {
				t.Errorf("a refused Edit left %d nodes", g.Len())
			}
		})
	}
}

func TestNoOperator(t *testing.T) {
	if err := graph.New().Edit(func(e *graph.Edit) { e.Add("a", nil) }); err == nil {
		t.Error("Add(nil) gave no error")
	}
}

func TestPanicsWhileRunningAreFaults(t *testing.T) {
	for where, kind := range map[string]string{"Start": "start", "Accept": "send"} {
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) { e.Add("rude", &rude{where}) }); err != nil {
			t.Fatal(err)
		}
		n := g.Node("rude")
		_ = n.Start(t.Context(), graph.Moment{}) // shown on the node
		graphtest.Frame(g, 1)
		if want := fmt.Sprintf("%s /rude: panic: in %s", kind, where); n.Err() == nil || n.Err().Error() != want {
			t.Errorf("after a panic Err() = %v, want %s", n.Err(), want)
		}
	}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Add("rude", &rude{"Close"}) }); err != nil {
		t.Fatal(err)
	}
	if err := g.Node("rude").Start(t.Context(), graph.Moment{}); err != nil {
		t.Fatal(err)
	}
	if err := g.Node("rude").Stop()(); err == nil || !strings.Contains(err.Error(), "close /rude: panic: in Close") {
		t.Errorf("Stop() = %v, want its panic", err)
	}
}

// A twice posts, then fails in its first cook.
type twice struct {
	got    []string
	failed bool
}

func (o *twice) Accept(_ graph.Verb, b []byte) error {
	o.got = append(o.got, string(b))
	return nil
}

func (o *twice) Cook(c *graph.Cook) error {
	d := c.In(0)
	for row := range d.NewRows() {
		c.Post(o, 0, []byte(row.Get("value").String()))
	}
	if !o.failed {
		o.failed = true
		return errors.New("failed")
	}
	return nil
}

func TestWhatAFailedCookPostedIsNotSent(t *testing.T) {
	src, op := &graphtest.Source{}, &twice{}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Wire(e.Add("src", src), e.Add("op", op)) }); err != nil {
		t.Fatal(err)
	}
	src.Ints(1)
	graphtest.Frame(g, 1)
	graphtest.Frame(g, 2)
	if !slices.Equal(op.got, []string{"1"}) {
		t.Errorf("a node that is given its input again sent %q, want it once", op.got)
	}
}

// TestNodesAreReadWhileTheyAreEdited is one for the race detector.
func TestNodesAreReadWhileTheyAreEdited(t *testing.T) {
	g := graph.New()
	var a, b *graph.Node
	if err := g.Edit(func(e *graph.Edit) {
		a, b = e.Add("a", &graphtest.Source{}), e.Add("b", &graphtest.Filter{})
		e.Wire(a, b)
	}); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				b.Touch()
				b.Logger().Info("here")
				b.Counter("seen").Add(1)
				if s := b.Snapshot(); s != nil {
					_ = s.NumRows()
				}
			}
		})
	}
	b.Attach(graph.Env{})
	for i := range 200 {
		if err := g.Edit(func(e *graph.Edit) { e.SetBypass(b, i%2 == 0) }); err != nil {
			t.Fatal(err)
		}
		b.Table().Snapshot()
	}
	close(done)
	wg.Wait()
}

// A lines counts the records that are logged.
type lines struct {
	slog.Handler
	n int
}

func (l *lines) Enabled(context.Context, slog.Level) bool  { return true }
func (l *lines) Handle(context.Context, slog.Record) error { l.n++; return nil }
func (l *lines) WithAttrs([]slog.Attr) slog.Handler        { return l }

func TestFaultThatComesAndGoesDoesNotFloodTheLog(t *testing.T) {
	op := &graphtest.Faulty{}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Add("bad", op) }); err != nil {
		t.Fatal(err)
	}
	log := &lines{}
	g.Node("bad").Attach(graph.Env{Logger: slog.New(log)})
	for frame := range int64(600) {
		op.Err = nil
		if frame%2 == 0 {
			op.Err = errors.New("now and then")
		}
		graphtest.Frame(g, frame+1)
	}
	if log.n < 2 || log.n > 100 {
		t.Errorf("a fault in every other of 600 frames made %d records in ten seconds, want at most 100", log.n)
	}
}

type badLimit struct {
	Size int `max:"many"`
}

func (*badLimit) Cook(*graph.Cook) error { return nil }

func TestLimitThatIsNoNumber(t *testing.T) {
	if _, err := graph.Describe(&badLimit{}); err == nil || !strings.Contains(err.Error(), `field Size: limit "many" is not a number`) {
		t.Errorf("Describe = %v, want the limit", err)
	}
}
