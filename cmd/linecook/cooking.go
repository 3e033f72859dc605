package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/patches"
)

// A cooking is a patch that is cooked offline.
type cooking struct {
	source *source
	patch  *patches.Patch // of the graph
	info   take.Info
	graph  *graph.Graph
	engine *cook.Engine
	player take.Player
	log    *slog.Logger
	out    *cookOutput // nil if nothing is put out
	bar    *bar        // nil if nothing is shown

	from, to   int64 // frames that are put out
	frame      int64 // that is being cooked; 0 before the first and behind the last
	done       int64 // newest that was cooked
	counted    int64 // the newest of frames
	frames     int
	events     int
	lost       uint64
	checked    int // hashes
	last       time.Duration
	difference error // the first
}

// newCooking returns a patch that so many workers cook, 0 being the default.
func newCooking(s *source, workers int, log *slog.Logger) (*cooking, error) {
	patch, g, err := s.load()
	if err != nil {
		return nil, err
	}
	c := &cooking{source: s, patch: patch, graph: g, log: log, from: 1, to: 1<<63 - 1, info: s.info(patch, nil)}
	c.engine, err = cook.New(g, cook.Config{FPS: patch.Timeline.FPS, Offline: true, Workers: workers, Logger: log, Sent: c.sent, Recall: c.player.Recall, Wants: c.player.Wants})
	if err != nil {
		return nil, &exitError{exitInput, err}
	}
	c.player = take.Player{Engine: c.engine, Graph: g, NewPeer: standIn, Language: operators().Language}
	return c, nil
}

func (c *cooking) endBar() {
	if c.bar != nil {
		c.bar.end()
	}
}

// observe puts out the rows of a node.
func (c *cooking) observe(n *graph.Node) {
	c.engine.Observe(n, func(frame int64, d table.Delta) {
		if d.Missed > 0 {
			c.log.Warn("rows went before they were put out", "node", n.String(), "rows", d.Missed)
		}
		if c.wanted() {
			c.out.print(n, frame, d)
		}
	})
}

// wanted reports whether what is being cooked is to be put out.
func (c *cooking) wanted() bool { return c.out != nil && c.from <= c.frame && c.frame <= c.to }

func (c *cooking) sent(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
	if c.frame == 0 {
		return // the engine closes
	}
	c.player.Sent(n, to, verb, payload)
	if c.wanted() {
		c.out.sent(n, c.frame, to, verb, payload)
	}
}

// cookOwn cooks the patch's own sources.
func (c *cooking) cookOwn(ctx context.Context) error {
	c.engine.Start(ctx)
	err := ctx.Err()
	for c.frame < c.to && err == nil {
		c.frame++
		c.engine.Step()
		c.frames++
		c.last = time.Duration(float64(c.frame) / c.info.FPS * float64(time.Second))
		if err = c.cooked(float64(c.frame) / float64(c.to)); err == nil {
			err = ctx.Err()
		}
	}
	c.end()
	return err
}

// cooked follows a frame, with which that share of the whole is done.
func (c *cooking) cooked(share float64) error {
	c.done = c.frame
	if c.bar != nil {
		c.bar.show(c.frame, c.frames, c.last, share)
	}
	if c.out == nil {
		return nil
	}
	return c.out.cooked(c.frame)
}

// cookTake cooks what a take has.
func (c *cooking) cookTake(ctx context.Context, t *taken) error {
	c.player.Own = t.Info().SamePatch(&c.info)
	c.player.Check = c.player.Own
	if !c.player.Own {
		c.log.Info("this is not the patch, or not as it was set, that the take was recorded with: what it makes is not compared")
	}
	began := time.Now()
	c.begin(ctx, t)
	err := c.play(ctx, t)
	c.end()
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	warnAbout(c.log, t, c.lost)
	if c.player.Parted > 0 {
		c.log.Info("from this frame on another patch was run: what is made since is not compared", "frame", c.player.Parted)
	}
	for _, s := range c.player.Skipped() {
		c.log.Warn("the take has events for a node that the patch does not have, or that does not receive", "node", string(s.Node), "events", s.Events)
	}
	took := time.Since(began)
	c.log.Info("cooked", "frames", c.frames, "events", c.events, "hashes", c.checked, "took", took, "speed", c.last.Seconds()/took.Seconds())
	return nil
}

// follow has the graph change when the take's patch was exchanged for another.
func (c *cooking) follow() { c.player.Swap = c.swap }

func (c *cooking) swap(d cook.Desk, to *take.Info) error {
	patch, err := (&source{file: to.Patch, set: to.Set, params: to.Params, files: to.Files, taken: true}).prepare()
	if err != nil {
		return err
	}
	if err = patches.Compare(c.patch, patch).Apply(d.Edit); err == nil {
		c.patch = patch
	}
	return err
}

// begin starts the engine for a take.
func (c *cooking) begin(ctx context.Context, t *taken) {
	c.player.Start(ctx, t.Info().Watched...)
}

func (c *cooking) play(ctx context.Context, t *taken) error {
	for f, err := range until(t.Frames(), c.to) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		c.count(f)
		c.frame = f.Number
		if err := c.step(f); err != nil {
			return err
		}
		if err := c.cooked(t.share(f, c.to)); err != nil {
			return err
		}
	}
	return nil
}

// count counts a frame that is going to be cooked, and what is in it.
func (c *cooking) count(f *take.Frame) {
	if f.Number != c.counted { // the last one has its hashes in one more
		c.frames++
	}
	c.counted, c.last = f.Number, f.Time
	c.events += len(f.Events)
	c.lost += f.Lost
}

// step cooks a frame. The first difference is kept.
func (c *cooking) step(f *take.Frame) error {
	err := c.player.Step(f)
	if d, ok := errors.AsType[*take.Difference](err); ok {
		if c.difference == nil {
			c.difference = d
		}
	} else if err != nil {
		return err
	}
	if c.player.Check {
		c.checked += len(f.Hashes)
	}
	return nil
}

// end closes the engine. What it cooks while it does is of no frame.
func (c *cooking) end() {
	c.frame = 0
	if err := c.engine.Close(); err != nil {
		c.log.Error("close", "err", err)
	}
}
