package cook

import (
	"context"
	"slices"
	"time"

	"linecook.dev/linecook/graph"
)

// Step cooks the next frame by hand: frame n is at (n-1)/fps, or at the time of the one before if that
// is later.
func (e *Engine) Step() {
	e.life.Lock()
	defer e.life.Unlock()
	e.step()
}

func (e *Engine) step() {
	e.cookFrame(e.frame+1, max(e.time, e.frameTime(e.frame+1)))
}

// StepAt cooks a frame by hand that has another number and time than the next one, as those of a
// recording. Neither may go back.
func (e *Engine) StepAt(at graph.Moment) {
	e.life.Lock()
	defer e.life.Unlock()
	e.cookFrame(at.Frame, at.Time)
}

// Await returns when something has arrived that the next frame will cut, or with ctx's error. It is
// for stepping by hand.
func (e *Engine) Await(ctx context.Context) error {
	for !e.bell.any.Load() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.bell.ring:
		}
	}
	return nil
}

func (e *Engine) frameTime(frame int64) time.Duration {
	return time.Duration(float64(frame-1) / e.config.FPS * float64(time.Second))
}

func (e *Engine) cookFrame(frame int64, at time.Duration) {
	e.frame, e.time, e.inFrame = frame, at, true
	e.stats.Frames++
	if e.trace != nil {
		now := e.now()
		e.trace.begin(frame, now, e.lateness(at, now))
	}
	arrived := len(e.postponed) > 0 || e.bell.any.Load()
	if arrived {
		e.cut()
	}
	if e.plan.stale && e.started {
		e.replan()
	}
	if e.unstarted > 0 && at >= e.nextTry {
		e.startNodes()
	}
	for i := e.wakes.due(at); i >= 0; i = e.wakes.due(at) {
		e.plan.nodes[i].Due()
		e.dirty.add(i)
		e.trace.mark(i, dueCause(e.plan.nodes[i]))
	}
	for _, i := range e.plan.timed {
		e.dirty.add(i)
		e.trace.mark(i, CauseTimed)
	}
	e.catchUp()
	if e.dirty.count > 0 {
		e.cookDirty()
	}
	if len(e.cooked) > 0 {
		e.finish()
	}
	if len(e.failed) > 0 || len(e.plan.lookers) > 0 {
		e.look()
	}
	if e.config.Cooked != nil && (arrived || len(e.cooked) > 0 || e.plan.watched) {
		e.config.Cooked(e.moment(), e.nodesCooked)
	}
	e.trace.end(e)
	e.cooked = e.cooked[:0]
	if at >= e.nextLook {
		e.nextLook = at + lookEvery
		e.logLosses()
	}
	e.inFrame = false
}

// nodesCooked walks the nodes that this frame has cooked, in plan order.
func (e *Engine) nodesCooked(yield func(*graph.Node) bool) {
	for _, i := range e.cooked {
		if !yield(e.plan.nodes[i]) {
			return
		}
	}
}

// lookEvery is how often what the nodes have lost is logged.
const lookEvery = time.Second

func (e *Engine) logLosses() {
	for _, n := range e.lossy {
		n.LogLosses()
	}
}

// cut takes what has arrived, in plan order, once for each node: one that was touched too has rung
// twice, and a second cut would take its events away.
func (e *Engine) cut() {
	nodes, calls := e.bell.take()
	for _, call := range calls {
		call()
	}
	nodes = append(nodes, e.postponed...)
	e.postponed = e.postponed[:0]
	for _, n := range e.inOrder(nodes) {
		if slices.Contains(e.settled, n) {
			e.bell.arrive(n)
		} else {
			e.cutNode(n.Place(), n)
		}
	}
	e.settled = e.settled[:0]
}

// cutNode takes what has arrived at node i. It looks for a crash last: one that comes later rings anew.
func (e *Engine) cutNode(i int, n *graph.Node) {
	if e.inQuarantine(i, n) {
		e.postponed = append(e.postponed, n)
	} else {
		e.take(i, n)
	}
	if crashed, restart := n.Crashed(e.moment()); crashed {
		e.restart(n, restart)
	}
}

func (e *Engine) take(i int, n *graph.Node) {
	more, changed := n.Cut(e.moment())
	if e.plan.wanted[i] || n.Inbox() != nil {
		e.dirty.add(i)
		e.trace.mark(i, arrivalCause(n))
	}
	if changed {
		e.spread(i)
	}
	if more {
		e.bell.arrive(n)
	}
}

// arrivalCause says what has come for a node that was cut.
func arrivalCause(n *graph.Node) Cause {
	if n.Inbox() != nil {
		return CauseInbox
	}
	return CauseAsked
}

// dueCause says why a node wanted to be woken.
func dueCause(n *graph.Node) Cause {
	if n.Failures() > 0 {
		return CauseRetry
	}
	return CauseWake
}

// spread marks who reads node i dirty: in the next frame, if that lags.
func (e *Engine) spread(i int) {
	e.trace.changed(i)
	lags := e.plan.lags && e.plan.nodes[i].Lags()
	for _, reader := range e.plan.next[i] {
		switch {
		case !e.plan.wanted[reader]:
		case lags:
			e.lagging = append(e.lagging, e.plan.nodes[reader])
		default:
			e.dirty.add(reader)
		}
	}
}

// catchUp marks those dirty that read what lags.
func (e *Engine) catchUp() {
	for _, n := range e.lagging {
		if i, ok := e.plan.place(n); ok && e.plan.wanted[i] {
			e.dirty.add(i)
		}
	}
	e.lagging = e.lagging[:0]
}

// cookDirty cooks what is dirty. A node marks only nodes behind it, so one pass does.
func (e *Engine) cookDirty() {
	began := e.now()
	start := began
	if active := e.branchesToCook(); active != 0 {
		e.cookBranches(active)
		start = e.now()
	}
	watch := stopwatch{last: start, each: e.trace != nil}
	for i := e.dirty.pop(0); i >= 0; i = e.dirty.pop(i) {
		n := e.plan.nodes[i]
		if !watch.suits(n) {
			watch.stop(e)
		}
		wake, changed, cooked := e.cookNode(i, 0)
		if !cooked {
			continue
		}
		e.wakes.set(i, wake)
		if changed {
			e.spread(i)
		}
		e.cooked = append(e.cooked, i)
		if watch.cooked++; !watch.suits(n) {
			watch.stop(e)
		}
	}
	watch.stop(e)
	e.cooking.done(0)
	e.noteCost(watch.last - start)
	e.parallel.trial.note(watch.last - began)
}

// cookNode cooks node i, if it has a reason to, and returns when it cooks if nothing else makes it cook
// before, and whether its table changed. Only one node cooks in a place at a time.
func (e *Engine) cookNode(i, place int) (wake time.Duration, changed, cooked bool) {
	n := e.plan.nodes[i]
	if e.isClosed(n) || e.inQuarantine(i, n) || !n.Prepare(e.frame, e.time) {
		return 0, false, false
	}
	e.cooking.begin(place, n)
	e.trace.start(e, i)
	wake, changed, err := n.Run(e.frame, e.time)
	return e.nextCook(n, wake, err), changed, true
}

// isClosed reports whether n does not cook since it is inactive, or has yet to be opened again. What sockets
// brought, and the ends of their connections, is still cooked.
func (e *Engine) isClosed(n *graph.Node) bool {
	return n.Inbox() == nil && (!n.Active() || n.Stopping())
}

// nextCook returns when n is cooked if nothing else makes it cook before.
func (e *Engine) nextCook(n *graph.Node, wake time.Duration, err error) time.Duration {
	switch {
	case !n.Active():
		return graph.Never
	case n.Panicked():
		return e.time + retry(n.Failures())
	case err != nil:
		return min(wake, e.time+retry(n.Failures()))
	}
	return wake
}

// inQuarantine reports whether n panicked and its time to be tried again has not come. What arrives
// waits in its inbox.
func (e *Engine) inQuarantine(i int, n *graph.Node) bool {
	at := e.wakes.get(i)
	return n.Panicked() && at != graph.Never && at > e.time
}

// retry returns how long after so many failures in a row a node is cooked again: in the next frame
// at first, then 100 ms, doubling up to 30 s (reliability R4).
func retry(failures int) time.Duration {
	if failures <= 1 {
		return 1
	}
	return min(100*time.Millisecond<<min(failures-2, 10), 30*time.Second)
}

// finish sends what the frame's cooks left, tells who watches, and gives memory back.
func (e *Engine) finish() {
	e.stats.Cooks += uint64(len(e.cooked))
	for _, i := range e.cooked {
		e.plan.nodes[i].Flush(e.moment())
	}
	for _, w := range e.watchers {
		e.tell(w)
	}
	for _, i := range e.cooked {
		e.plan.nodes[i].Release()
	}
}
