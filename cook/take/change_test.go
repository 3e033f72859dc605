package take_test

import (
	"bytes"
	"errors"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// again records what do does with an engine on the graph that build makes, and has a Player cook that.
func again(t *testing.T, build func(*graph.Edit), do func(*cook.Engine), swap func(cook.Desk, *take.Info) error) error {
	t.Helper()
	var out bytes.Buffer
	r := record(t, &out, take.Config{Every: 1})
	e, _ := offline(t, tapped(r), build)
	e.Start(t.Context())
	do(e)
	if err := errors.Join(e.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}
	p := take.Player{Own: true, Check: true, Swap: swap}
	p.Engine, p.Graph = offline(t, cook.Config{Recall: p.Recall, Sent: p.Sent, Wants: p.Wants}, build)
	p.Start(t.Context())
	all, _ := frames(t, out.Bytes())
	for _, f := range all {
		if err := p.Step(f); err != nil {
			return err
		}
	}
	return p.Engine.Close()
}

func offline(t *testing.T, c cook.Config, build func(*graph.Edit)) (*cook.Engine, *graph.Graph) {
	t.Helper()
	g := graph.New()
	c.Offline = true
	e, err := cook.New(g, c)
	if err := errors.Join(err, g.Edit(build)); err != nil {
		t.Fatal(err)
	}
	return e, g
}

// TestAnOutsiderComesWithAnotherPatch has a node that shows what is outside, and is wanted at once, come while the
// take is recorded.
func TestAnOutsiderComesWithAnotherPatch(t *testing.T) {
	add := func(show func(*graph.Cook)) func(*graph.Edit) {
		return func(e *graph.Edit) {
			e.Add("window", &window{show})
			e.Tell(&take.Info{Patch: "other.yaml"})
		}
	}
	err := again(t, func(e *graph.Edit) { e.Add("net", &graphtest.Network{}) }, func(e *cook.Engine) {
		e.Step()
		if err := e.Edit(add(func(c *graph.Cook) {
			w := c.Out()
			w.AddCols("frame")
			w.Row()
			w.SetInt(0, c.Frame)
		})); err != nil {
			t.Fatal(err)
		}
		e.Step()
		e.Step()
	}, func(d cook.Desk, _ *take.Info) error {
		return d.Edit(add(func(*graph.Cook) { t.Error("the operator is asked though a recording is cooked") }))
	})
	if err != nil {
		t.Error(err)
	}
}

// A clearable is a network that has a button.
type clearable struct {
	graphtest.Network
	Clear graph.Pulse
}

func (*clearable) Pulse(n *graph.Node, _ string) { n.Clear() }

// TestAPulseHasItsPlaceAmongMessages presses a button between two messages of one frame.
func TestAPulseHasItsPlaceAmongMessages(t *testing.T) {
	err := again(t, func(e *graph.Edit) { e.Add("net", &clearable{}) }, func(e *cook.Engine) {
		e.Step()
		e.AtCut(func(d cook.Desk) {
			n := d.Node("net")
			_ = n.Inbox().Put(graph.Event{Data: []byte("before")})
			if err := d.Pulse(n, "clear"); err != nil {
				t.Error(err)
			}
			_ = n.Inbox().Put(graph.Event{Data: []byte("after")})
		})
		for range 3 {
			e.Step()
		}
	}, nil)
	if err != nil {
		t.Error(err)
	}
}
