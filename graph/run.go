package graph

import (
	"context"
	"log/slog"
	"time"
)

// The methods in this file are for engines. They are called by the goroutine that owns the graph.

// Never is the wake-up time of a node that did not ask for one.
const Never = time.Duration(1<<63 - 1)

// Attach gives the node what it needs while an engine runs it.
func (n *Node) Attach(env Env) {
	if env.Logger == nil {
		env.Logger = slog.New(slog.DiscardHandler)
	}
	env.Logger = env.Logger.With("node", string(n.path))
	n.env = env
	if n.inbox != nil {
		n.inbox.onArrival(func() { env.Wake(n) })
	}
}

// Start opens what the node needs, if it is active and not open yet. A failure is shown on the node.
func (n *Node) Start(ctx context.Context, at Moment) error {
	if n.started || !n.active {
		return nil
	}
	if n.inbox != nil {
		n.inbox.open()
	}
	if n.starter != nil {
		if err := n.starter.Start(ctx, n); err != nil {
			n.fail(FaultStart, at, 1, err)
			return &NodeError{Node: n.path, Op: "start", Err: err}
		}
	}
	n.started = true
	n.faults[FaultStart].Active = false
	return nil
}

// Started reports whether what the node needs is open.
func (n *Node) Started() bool { return n.started }

// Stop closes what Start opened and waits for it. What arrived before can still be cut and cooked.
func (n *Node) Stop() error {
	if n.inbox != nil {
		n.inbox.end()
	}
	if !n.started {
		return nil
	}
	n.started = false
	if n.closer == nil {
		return nil
	}
	if err := n.closer.Close(); err != nil {
		return &NodeError{Node: n.path, Op: "close", Err: err}
	}
	return nil
}

// Cut takes what has arrived into the node's table, and reports whether more is left.
func (n *Node) Cut(at Moment) (more bool) {
	before := n.table.Window()
	more = n.inbox.cut(n.table)
	after := n.table.Window()
	n.stats.RowsOut += after.Hi - before.Hi
	n.stats.Expired += after.Lo - before.Lo
	if bad, err := n.inbox.refused(); bad > n.faults[FaultDecode].Count {
		n.fail(FaultDecode, at, bad-n.faults[FaultDecode].Count, err)
	}
	return more
}

// Run cooks the node once. It returns when the node wants to be woken, Never if it does not, and
// whether its table changed.
func (n *Node) Run(frame int64, at time.Duration) (wake time.Duration, changed bool, err error) {
	c := &n.cook
	c.Frame, c.Time, c.wake = frame, at, Never
	err = n.protect(c)
	n.stats.Cooks++
	if err != nil {
		n.fail(FaultCook, c.moment(), 1, err)
	} else {
		n.faults[FaultCook].Active = false
	}
	return c.wake, n.settle(err), err
}

func (n *Node) protect(c *Cook) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
		}
	}()
	return n.op.Cook(c)
}

// settle commits or takes back what the node wrote, and moves its cursors on.
func (n *Node) settle(err error) (changed bool) {
	for _, cur := range n.cursors {
		d := cur.Delta()
		n.stats.RowsIn += uint64(d.Appended.Len())
		n.stats.Missed += d.Missed
		cur.Advance()
		if err != nil && !n.IsEffect() {
			cur.Forget()
		}
	}
	if n.own != nil {
		n.own.Advance()
		return false
	}
	if err != nil {
		n.writer.Rollback()
		return false
	}
	before := n.table.Window()
	changed = n.table.Commit(n.writer)
	after := n.table.Window()
	n.stats.RowsOut += after.Hi - before.Hi
	n.stats.Expired += after.Lo - before.Lo
	return changed
}

// Took adds the time of one cook to the node's statistics.
func (n *Node) Took(d time.Duration) {
	n.stats.Last = d
	n.stats.Total += d
	n.stats.Max = max(n.stats.Max, d)
}

// Flush hands what the node sent to its sinks.
func (n *Node) Flush(at Moment) {
	if n.outbox.Len() == 0 {
		return
	}
	if err, failed := n.outbox.flush(); failed > 0 {
		n.fail(FaultSend, at, uint64(failed), err)
	} else {
		n.faults[FaultSend].Active = false
	}
}

// fail shows an error on the node, and logs it.
func (n *Node) fail(kind FaultKind, at Moment, count uint64, err error) {
	n.faults[kind].add(at, count, err)
	n.env.Logger.Error("fault", "op", kind.String(), "err", err, "count", n.faults[kind].Count, "frame", at.Frame)
}
