package cook_test

import (
	"context"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
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
