package bench

import (
	"context"
	"errors"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// A rig is an engine that runs.
type rig struct {
	e    *cook.Engine
	stop context.CancelFunc
	done chan error
}

// start runs an engine for the graph that build makes, and waits until it is ready.
func start(ctx context.Context, config cook.Config, build func(*graph.Edit)) (*rig, error) {
	g := graph.New()
	if err := g.Edit(build); err != nil {
		return nil, err
	}
	e, err := cook.New(g, config)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	r := &rig{e: e, stop: stop, done: make(chan error, 1)}
	go func() { r.done <- e.Run(ctx) }()
	select {
	case <-e.Ready():
		return r, nil
	case <-ctx.Done():
		return nil, r.end(ctx.Err())
	}
}

// end ends the engine, and returns err with its error.
func (r *rig) end(err error) error {
	r.stop()
	return errors.Join(err, <-r.done)
}
