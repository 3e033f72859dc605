package graph

import (
	"time"

	"linecook.dev/linecook/graph/table"
)

// Cook is one node's view of one frame. It is valid until Operator.Cook returns.
type Cook struct {
	Frame int64         // from 1
	Time  time.Duration // since frame 1; the only time there is

	n        *Node
	wake     time.Duration
	reported bool
}

// Node returns the node that cooks.
func (c *Cook) Node() *Node { return c.n }

// NumInputs returns how many inputs the node has.
func (c *Cook) NumInputs() int { return len(c.n.cursors) }

// Renewed reports whether a computed parameter has changed since the last cook. The inputs are given
// anew then ([table.Delta.Reset]), but not to an [Effect]; what was made without an input is void too.
func (c *Cook) Renewed() bool { return c.n.computed.renewed }

// Restart makes In give all of the inputs anew: the operator has learned that what it derived from
// them is void. It does nothing for an [Effect].
func (c *Cook) Restart() { c.n.restart() }

// In returns what changed in input i since this node last cooked.
func (c *Cook) In(i int) table.Delta { return c.n.cursors[i].Delta() }

// Input returns the table of input i as it is now, for an operator that looks at it as a whole.
func (c *Cook) Input(i int) *table.Table { return c.n.cursors[i].Table() }

// Changes is In for an operator that can follow rows which are removed from the middle of its input's
// table ([table.Delta.Removed]): otherwise it is told 'all of it'.
func (c *Cook) Changes(i int) table.Delta { return c.n.cursors[i].Changes() }

// Events returns what arrived at the node's sockets and was cut for this frame, in order of
// arrival. Their bytes are there only if the operator [Listener.Listens].
func (c *Cook) Events() []Event {
	if c.n.inbox == nil {
		return nil
	}
	return c.n.inbox.taken.events
}

// Own returns what changed in the node's own table with this frame's cut. A node without an inbox
// has none: it writes its table while it cooks.
func (c *Cook) Own() table.Delta { return c.n.own.Delta() }

// Out returns the writer of the node's table. What is written is seen when Cook has returned
// without an error. A node with an inbox must not use it.
func (c *Cook) Out() *table.Writer { return c.n.writer }

// Ref returns the table of the node that the operator named as its i-th reference.
func (c *Cook) Ref(i int) *table.Table { return c.n.refs[i].Table() }

// Wake asks for a cook at that time, or in the next frame after it. The newest call counts; a
// cook that does not call Wake asks for nothing.
func (c *Cook) Wake(at time.Duration) { c.wake = max(at, c.Time) }

// Post sends payload to to when the frame's cooks are done.
func (c *Cook) Post(to Sink, verb Verb, payload []byte) { c.n.outbox.Post(to, verb, payload) }

// Report shows err on the node as the failure of one row or event; the cook goes on.
func (c *Cook) Report(err error) { c.report(rowOf(err), err) }

func (c *Cook) report(row *table.Row, err error) {
	c.reported = true
	c.n.failAt(row, FaultRow, c.moment(), 1, err)
}

// Each calls f for every row of rows, in order. An error or a panic of f is reported for that row,
// and the next row is next: no row is given to f twice.
func (c *Cook) Each(v *table.View, rows table.Range, f func(table.Row) error) {
	for rows.Lo < rows.Hi {
		rows.Lo = c.eachUntilPanic(v, rows, f)
	}
}

// EachNew is Each for the rows of d that are news.
func (c *Cook) EachNew(d table.Delta, f func(table.Row) error) {
	for rows := range d.News() {
		c.Each(d.View, rows, f)
	}
}

// eachUntilPanic returns the row to go on with.
func (c *Cook) eachUntilPanic(v *table.View, rows table.Range, f func(table.Row) error) (next uint64) {
	next = rows.Lo
	var row table.Row
	defer func() {
		if p := recover(); p != nil {
			c.report(&row, panicError(p))
		}
	}()
	for row = range v.Rows(rows) {
		next = row.Number() + 1
		if err := f(row); err != nil {
			c.report(&row, &RowError{Row: row.Number(), Err: err})
		}
	}
	return rows.Hi
}

func (c *Cook) moment() Moment { return Moment{c.Frame, c.Time} }

// Try calls f, and reports its error or its panic: an effect's work on one event.
func (c *Cook) Try(f func() error) {
	if err := Guard(f); err != nil {
		c.Report(err)
	}
}
