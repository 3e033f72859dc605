package cook_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// A hatch opens, and closes slowly. What is set may stay open if Lock stays the same.
type hatch struct {
	Name   string `par:"name"`
	Lock   string
	Colour string
	Slow   time.Duration

	log *hatchLog
}

// A hatchLog keeps what happened to hatches of which one is open at a time.
type hatchLog struct {
	mu   sync.Mutex
	said []string
	open bool
}

func (l *hatchLog) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, fmt.Sprintf(format, args...))
}

// turn opens or closes, if that was not done.
func (l *hatchLog) turn(open bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	turned := l.open != open
	l.open = open
	return turned
}

func (l *hatchLog) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.said)
}

var errBlocked = errors.New("another one is open")

func (*hatch) Describe() graph.Description { return graph.Description{Name: "hatch"} }
func (*hatch) Effect() bool                { return true }

func (d *hatch) Adopt(old graph.Operator) error {
	was := old.(*hatch)
	d.log = was.log
	if d.Lock != was.Lock {
		return errors.New("another lock")
	}
	d.log.say("%s adopts", d.Colour)
	return nil
}

func (d *hatch) Start(context.Context, *graph.Node) error {
	if !d.log.turn(true) {
		return errBlocked
	}
	d.log.say("open %s", d.Lock)
	return nil
}

func (d *hatch) Close() error {
	time.Sleep(d.Slow)
	d.log.turn(false)
	d.log.say("close %s", d.Lock)
	return nil
}

func (d *hatch) Cook(c *graph.Cook) error {
	d.log.say("cook %s %s in frame %d", d.Lock, d.Colour, c.Frame)
	return nil
}

func TestParametersChangeWhileTheEngineRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log hatchLog
		var told []string
		var n *graph.Node
		e := running(t, cook.Config{FPS: 10, Changed: func(at graph.Moment, c graph.Change) {
			told = append(told, fmt.Sprintf("frame %d: %d %s.%s=%s", at.Frame, c.Kind, c.Node, c.Param, c.Value))
		}}, func(e *graph.Edit) {
			n = e.Add("hatch", &hatch{Lock: "a", Colour: "red", Slow: 250 * time.Millisecond, log: &log})
		})
		set := func(param, value string) {
			t.Helper()
			time.Sleep(450 * time.Millisecond)
			if err := e.Edit(func(x *graph.Edit) { x.Set(n, param, value) }); err != nil {
				t.Fatal(err)
			}
		}
		set("colour", "blue")
		set("lock", "b")
		set("colour", "green")
		synctest.Wait()
		want := []string{
			"open a", "cook a red in frame 1", "blue adopts", "cook a blue in frame 6", "close a", "open b", "cook b blue in frame 14",
			"green adopts", "cook b green in frame 16",
		}
		if got := log.all(); !slices.Equal(got, want) {
			t.Errorf("the hatches did\n%q, want\n%q", got, want)
		}
		wantTold := []string{"frame 6: 0 /hatch.colour=blue", "frame 11: 0 /hatch.lock=b", "frame 16: 0 /hatch.colour=green"}
		if !slices.Equal(told, wantTold) {
			t.Errorf("Changed was told %q, want %q", told, wantTold)
		}
		e.Do(func(*graph.Graph) {
			if faults := n.Faults(); len(faults) > 0 {
				t.Errorf("faults: %v, want none", faults)
			}
		})
	})
}

// TestNameChanges has another node want what the one that goes has open still.
func TestNameChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log hatchLog
		var n *graph.Node
		e := running(t, cook.Config{FPS: 10}, func(e *graph.Edit) {
			n = e.Add("hatch", &hatch{Lock: "a", Slow: 250 * time.Millisecond, log: &log})
		})
		err := e.Edit(func(x *graph.Edit) {
			x.Remove(n)
			n = x.Add("gate", &hatch{Lock: "b", log: &log})
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(400 * time.Millisecond)
		if got := log.all(); !slices.Equal(got[len(got)-2:], []string{"close a", "open b"}) {
			t.Errorf("the hatches did %q, want them to end with close a, open b", got)
		}
		e.Do(func(*graph.Graph) {
			if faults := n.Faults(); len(faults) > 0 {
				t.Errorf("faults: %v, want none", faults)
			}
		})
	})
}

// TestNobodyIsToldOfTheCutsOfANodeThatHasGone removes a node at which something waits.
func TestNobodyIsToldOfTheCutsOfANodeThatHasGone(t *testing.T) {
	g, op := graph.New(), &graphtest.Network{}
	var n *graph.Node
	if err := g.Edit(func(e *graph.Edit) { n = e.Add("net", op) }); err != nil {
		t.Fatal(err)
	}
	told := 0
	e, err := cook.New(g, cook.Config{Offline: true, Cut: func(_ *graph.Node, _ graph.Moment, events, _ []graph.Event) { told += len(events) }})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	if err := n.Inbox().Put(graph.Event{Data: []byte("late")}); err != nil {
		t.Fatal(err)
	}
	if err := e.Edit(func(x *graph.Edit) { x.Remove(n) }); err != nil {
		t.Fatal(err)
	}
	e.Step()
	if err := e.Close(); err != nil || told != 0 || len(op.Got) != 1 {
		t.Errorf("the node cooked %d events and %d were told of (%v), want 1 and none", len(op.Got), told, err)
	}
}
