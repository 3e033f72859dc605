package cook_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// A shutter must not be opened offline.
type shutter struct {
	offline bool
	t       *testing.T
}

func (d *shutter) Cook(*graph.Cook) error   { return nil }
func (d *shutter) StartOffline(*graph.Node) { d.offline = true }
func (d *shutter) Start(context.Context, *graph.Node) error {
	d.t.Error("Start was called offline")
	return nil
}

func (d *shutter) Close() error {
	d.t.Error("Close was called offline")
	return nil
}

func TestOfflineOpensNothing(t *testing.T) {
	d, g := &shutter{t: t}, graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Add("shutter", d) }); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	<-e.Ready()
	if !d.offline {
		t.Error("StartOffline was not called")
	}
	if err := e.Close(); err != nil {
		t.Errorf("Close() = %v, want nil", err)
	}
}

// TestFramesAreTold is told of the frames in which something happened, and steps to some that are not
// the next.
func TestFramesAreTold(t *testing.T) {
	g := graph.New()
	var net *graph.Node
	err := g.Edit(func(e *graph.Edit) {
		rec := e.Add("a", &graphtest.Recorder{})
		net = e.Add("z", &graphtest.Network{})
		e.Wire(net, rec)
	})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	e, err := cook.New(g, cook.Config{
		Offline: true, FPS: 10,
		Cut: func(n *graph.Node, at graph.Moment, events, _ []graph.Event) {
			told = append(told, fmt.Sprint("cut ", n, at, len(events)))
		},
		Cooked: func(at graph.Moment, nodes iter.Seq[*graph.Node]) {
			told = append(told, fmt.Sprint("cooked ", slices.Collect(nodes), at))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	e.Step()
	e.Step()
	_ = net.Inbox().Put(graph.Event{Data: []byte("x")})
	e.StepAt(graph.Moment{Frame: 7, Time: time.Second})
	want := []string{"cooked [/z /a] {1 0s}", "cut /z {7 1s} 1", "cooked [/z /a] {7 1s}"}
	if !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
