package graph

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph/table"
)

// The methods in this file are for engines. They are called by the goroutine that owns the graph.

// Never is the wake-up time of a node that did not ask for one.
const Never = time.Duration(1<<63 - 1)

// Attach gives the node what it needs while an engine runs it. What came before wakes it now.
func (n *Node) Attach(env Env) {
	env = env.complete()
	env.Logger = env.Logger.With("node", string(n.path))
	n.env.Store(&env)
	if n.touched.Load() {
		n.wake()
	}
	if n.inbox != nil {
		n.inbox.onArrival(n.wake)
		n.inbox.record(env.Cut != nil)
	}
}

// Tap changes who is told of the node's cuts and of what it sends, as [Env] has it; nil is nobody.
func (n *Node) Tap(cut func(n *Node, at Moment, events, refused []Event), sent func(n *Node, to Sink, verb Verb, payload []byte)) {
	env := *n.env.Load()
	env.Cut, env.Sent = cut, sent
	env = env.complete()
	n.env.Store(&env)
	if n.inbox != nil {
		n.inbox.record(cut != nil)
	}
}

// Start opens what the node needs, if it is active and not open yet. A failure is shown on the node.
func (n *Node) Start(ctx context.Context, at Moment) error {
	err := n.TryStart(ctx)
	if err != nil && !errors.Is(err, ErrStopping) {
		n.fail(FaultStart, at, 1, err.(*NodeError).Err)
	}
	return err
}

// TryStart is Start, but for that a failure is not shown: it may be over in a moment.
func (n *Node) TryStart(ctx context.Context) error {
	if n.started || !n.active {
		return nil
	}
	if n.stopping.Load() {
		return &NodeError{Node: n.path, Op: "start", Err: ErrStopping}
	}
	if n.inbox != nil {
		n.inbox.open()
	}
	if err := Guard(func() error { return n.open(ctx) }); err != nil {
		return &NodeError{Node: n.path, Op: "start", Err: err}
	}
	n.started = true
	n.faults[FaultStart].Active = false
	return nil
}

func (n *Node) open(ctx context.Context) error {
	switch offline, ok := n.op.(OfflineStarter); {
	case n.starter == nil:
	case !n.env.Load().Offline:
		return n.starter.Start(ctx, n)
	case ok:
		offline.StartOffline(n)
	}
	return nil
}

// Started reports whether what the node needs is open.
func (n *Node) Started() bool { return n.started }

// Stopping reports whether what the node had open is still being closed. Any goroutine may call it.
func (n *Node) Stopping() bool { return n.stopping.Load() }

// ErrStopping is the error of a Start while what was open before is still being closed.
var ErrStopping = errors.New("still closing what was open before")

// Stop tells what Start opened to close; the function it returns does so, and waits for it. That
// may take a while: another goroutine can call it. What arrived before can still be cut and cooked.
func (n *Node) Stop() (wait func() error) {
	if n.inbox != nil {
		n.inbox.end()
	}
	opened := n.started && n.closer != nil && !n.env.Load().Offline
	n.started = false
	if !opened {
		return func() error { return nil }
	}
	closers := []io.Closer{n.closer}
	n.stopping.Store(true)
	return func() error {
		defer n.stopping.Store(false)
		return n.closeAll(closers)
	}
}

func (n *Node) closeAll(closers []io.Closer) error {
	var errs *multierror.Error
	for _, c := range closers {
		if err := Guard(c.Close); err != nil {
			errs = multierror.Append(errs, &NodeError{Node: n.path, Op: "close", Err: err})
		}
	}
	return errs.ErrorOrNil()
}

// Cut takes what has arrived into the node's table. It reports whether more is left for the next
// cut, and whether the table changed.
func (n *Node) Cut(at Moment) (more, changed bool) {
	n.asked = n.touched.Swap(false) || n.asked
	n.showTrouble(at)
	if n.inbox == nil {
		return false, false
	}
	before := n.table.Window()
	more = n.inbox.cut(n.table)
	if cut := n.env.Load().Cut; cut != nil {
		cut(n, at, n.inbox.taken.events, n.inbox.taken.refused)
	}
	n.count(before)
	if bad, err := n.inbox.refused(); bad > n.faults[FaultDecode].Count {
		n.fail(FaultDecode, at, bad-n.faults[FaultDecode].Count, err)
	} else {
		n.faults[FaultDecode].Active = false
	}
	return more, n.moved()
}

// HasEvents reports whether the last cut took events that were not cooked yet.
func (n *Node) HasEvents() bool { return n.inbox != nil && len(n.inbox.taken.events) > 0 }

// Run cooks the node once. It returns when the node wants to be woken, Never if it does not, and
// whether its table changed. A bypassed node's operator is not asked.
func (n *Node) Run(frame int64, at time.Duration) (wake time.Duration, changed bool, err error) {
	c := &n.cook
	n.faulty = n.faulty || c.reported
	c.Frame, c.Time, c.wake, c.reported = frame, at, Never, false
	if !n.bypass {
		err = n.cookOperator()
		n.stats.Cooks++
		n.stats.Cooked = c.moment()
	}
	n.asked = false
	if !n.bypass && (err == nil || n.IsEffect()) {
		n.computed.renewed = false
	}
	n.judge(c, err)
	n.advance(err)
	n.settle(err)
	return c.wake, n.moved(), err
}

// cookOperator is a [Guard] that needs no function for each cook.
func (n *Node) cookOperator() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
		}
	}()
	if n.feed != nil {
		n.feed(n.writer)
		return nil
	}
	return n.op.Cook(&n.cook)
}

// judge keeps the node's error state.
func (n *Node) judge(c *Cook, err error) {
	if err == nil {
		if n.failures > 0 {
			n.failures, n.panicked = 0, false
			n.faults[FaultCook].Active = false
		}
		if n.faulty {
			n.faults[FaultRow].Active, n.faulty = c.reported, false
		}
		return
	}
	n.failures++
	_, n.panicked = errors.AsType[*PanicError](err)
	n.fail(FaultCook, c.moment(), 1, err)
}

// Failures returns how many cooks have failed since the last good one.
func (n *Node) Failures() int { return n.failures }

// Panicked reports whether the last cook ended in a panic.
func (n *Node) Panicked() bool { return n.panicked }

// advance moves the cursors past what the node was given. After a failure an effect goes on behind
// it; any other node is given all of its inputs again.
func (n *Node) advance(err error) {
	for _, cur := range n.cursors {
		if err != nil && !n.IsEffect() {
			cur.Forget() // what it was given now is still Fresh the next time
			continue
		}
		fresh, missed := cur.Advance()
		n.stats.RowsIn += fresh
		n.stats.Missed += missed
	}
	if n.own != nil {
		n.own.Advance()
		n.inbox.taken.reset() // a cook that an input asks for is given no event again
	}
}

// settle commits what the node wrote, or takes it back.
func (n *Node) settle(err error) {
	if err != nil && !n.IsEffect() {
		n.outbox.drop() // it will be given the same again
	}
	if n.inbox != nil || n.Table() != n.table {
		return
	}
	if err != nil {
		n.writer.Rollback()
		return
	}
	before := n.table.Window()
	if n.table.Commit(n.writer) {
		n.count(before)
	}
}

func (n *Node) count(before table.Range) {
	after := n.table.Window()
	n.stats.RowsOut += after.Hi - before.Hi
	n.stats.Expired += after.Lo - before.Lo
}

// moved reports whether the node's table changed since it was asked last.
func (n *Node) moved() bool {
	v := n.Table().Version()
	moved := v != n.version
	n.version = v
	return moved
}

// Stale reports whether an input changed since the node cooked last.
func (n *Node) Stale() bool { return slices.ContainsFunc(n.cursors, (*table.Cursor).Changed) }

// Forget lets go of the rows that are kept for the node. Its next cook is given all of its inputs.
func (n *Node) Forget() {
	for _, cur := range n.cursors {
		cur.Forget()
	}
}

// Release gives back the memory of rows that everyone has seen and that are in no window.
func (n *Node) Release() {
	if n.inbox != nil {
		n.inbox.release(n.table)
		return
	}
	n.table.Release(n.writer)
}

// Clear takes all rows out of the node's table: at the next cut if it has an inbox, else at once.
func (n *Node) Clear() {
	if n.inbox != nil {
		n.inbox.clear()
		return
	}
	n.writer.Clear()
	n.settle(nil)
}

// Took adds the time of one cook to the node's statistics.
func (n *Node) Took(d time.Duration) {
	n.stats.Last = d
	n.stats.Total += d
	n.stats.Max = max(n.stats.Max, d)
	n.cost += (d - n.cost) / 8
}

// Cost returns what a cook of the node takes, as a moving average.
func (n *Node) Cost() time.Duration { return n.cost }

// Flush hands what the node sent to its sinks.
func (n *Node) Flush(at Moment) {
	if n.outbox.Len() == 0 {
		return
	}
	if failed, err := n.outbox.flush(n); failed > 0 {
		n.fail(FaultSend, at, uint64(failed), err)
	} else {
		n.faults[FaultSend].Active = false
	}
}
