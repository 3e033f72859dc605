package cook

import (
	"context"
	"time"

	"linecook.dev/linecook/graph"
)

// Run opens what the nodes need and cooks until ctx ends, or until Config.Frames. Then it closes
// everything, as Close does.
func (e *Engine) Run(ctx context.Context) error {
	e.setRunning(true)
	defer e.setRunning(false)
	e.open(ctx)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for !e.done() && e.wait(ctx, timer) {
		e.tick()
	}
	if e.config.Mode == ArrivalMode {
		return e.close(e.tick)
	}
	return e.close(e.step)
}

func (e *Engine) done() bool { return e.config.Frames > 0 && e.frame >= e.config.Frames }

// wait returns when the next frame is due, or false when ctx has ended.
func (e *Engine) wait(ctx context.Context, timer *time.Timer) bool {
	ring := e.bell.ring
	if e.config.Mode == FrameMode {
		ring = nil
	}
	for {
		timer.Reset(e.due() - e.now())
		select {
		case <-ctx.Done():
			return false
		case <-e.bell.peeked:
			e.bell.answer()
			continue
		case <-ring:
		case <-timer.C:
		}
		return ctx.Err() == nil
	}
}

// due returns when the next frame begins, if nothing arrives before.
func (e *Engine) due() time.Duration {
	if e.config.Mode == FrameMode {
		return e.frameTime(e.frame + 1)
	}
	due := e.wakes.next()
	if e.unstarted > 0 {
		due = min(due, e.nextTry)
	}
	if len(e.lagging) > 0 {
		due = min(due, e.time+e.frameTime(2))
	}
	if e.dirty.count > 0 {
		due = 0
	}
	return due
}

// tick cooks the frame that is due. In frame mode the clock says which: those that were missed are
// skipped.
func (e *Engine) tick() {
	now := e.now()
	if e.config.Mode == ArrivalMode {
		e.cookFrame(e.frame+1, now)
		return
	}
	next := e.frame + 1
	current := max(next, int64(now.Seconds()*e.config.FPS)+1)
	if e.frameTime(current+1) <= now { // the product above was rounded down
		current++
	}
	e.stats.Skipped += uint64(current - next)
	if now-e.frameTime(current) > e.frameTime(2)/2 {
		e.stats.Late++
	}
	e.cookFrame(current, e.frameTime(current))
}

// Stats counts what an engine did.
type Stats struct {
	Frames  uint64 // cooked, the idle ones included
	Skipped uint64 // frames that were missed
	Late    uint64 // frames that began more than half a frame late
	Cooks   uint64 // of nodes

	Edit time.Duration // how long the cooks have waited for the last edit
}

// Stats returns the counters as they are between two frames.
func (e *Engine) Stats() (s Stats) {
	e.Do(func(*graph.Graph) { s = e.stats })
	return s
}
