package take

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"linecook.dev/linecook/graph"
)

// A Range is frames of a take, by number and by time, both ends included. A To or End of 0 is the take's end.
type Range struct {
	From, To   int64
	Begin, End time.Duration
}

// Before reports whether f comes before the range.
func (r *Range) Before(f *Frame) bool { return f.Number < r.From || f.Time < r.Begin }

// Behind reports whether f comes behind the range.
func (r *Range) Behind(f *Frame) bool {
	return r.To > 0 && f.Number > r.To || r.End > 0 && f.Time > r.End
}

// A Cutter writes a range of a take as a take of its own. What tables and scripts had from the frames before
// it is not in that take, but who was connected is, what files and the like were seen to have, and what was
// changed: it begins with that. What it makes is not what was made then, so it has hashes of its own: the Cutter
// cooks what it writes.
type Cutter struct {
	Player *Player // of the take's own patch
	Out    *Writer
	Range

	first  *Frame // of the take
	before *Frame // the last one that was left out

	changes []Change // before the range, those that last
	lead    []Event  // what makes the tables of outsiders, and who is connected
	last    *Frame   // that was written
	failed  bool     // the take does not cook to what it says
}

// Add adds the take's next frame. A [Difference] between the take as it was recorded and as it is cooked now
// does not end the cutting.
func (c *Cutter) Add(f *Frame) error {
	if c.first == nil {
		c.first = f
	}
	switch {
	case c.Behind(f):
		return nil
	case c.Before(f):
		c.before = f
		c.follow(f)
		return nil
	case c.last == nil:
		return c.begin(f)
	}
	return c.write(f)
}

// begin writes the first frame. What was changed before is changed in one of its own.
func (c *Cutter) begin(f *Frame) error {
	if len(c.changes) > 0 {
		if err := c.write(&Frame{Number: f.Number - 1, Time: c.before.Time, Changes: c.changes}); err != nil {
			return err
		}
	}
	first := *f
	first.Events = slices.Concat(c.lead, f.Events)
	return c.write(&first)
}

// follow keeps what of a frame that is left out lasts.
func (c *Cutter) follow(f *Frame) {
	c.changes = append(c.changes, slices.DeleteFunc(f.Changes, func(c Change) bool { return c.Kind == graph.ChangePulse })...)
	for _, e := range f.Events {
		var over func(o *Event) bool // whether e ends it
		switch {
		case e.Kind == graph.Close:
			over = func(o *Event) bool { return o.Kind == graph.Connect && o.Peer == e.Peer }
		case e.Kind == Rows && resets(e.Data):
			over = func(o *Event) bool { return o.Kind == Rows }
		}
		if over != nil {
			c.lead = slices.DeleteFunc(c.lead, func(o Event) bool { return o.Node == e.Node && over(&o) })
		}
		if e.Kind == graph.Connect || e.Kind == Rows {
			c.lead = append(c.lead, e)
		}
	}
}

// write cooks and writes a frame.
func (c *Cutter) write(f *Frame) error {
	out := *f
	c.Player.Check = c.before == nil && c.Player.Own
	different := c.Player.Step(f)
	if _, ok := errors.AsType[*Difference](different); different != nil && !ok {
		return different
	}
	c.failed = c.failed || different != nil
	if c.before != nil && len(f.Hashes) > 0 {
		out.Hashes = c.Player.Hashes()
	}
	c.last = &out
	if err := c.Out.Write(&out); err != nil {
		return err
	}
	return different
}

// ErrEmptyRange is the error of a range that has no frame of the take.
var ErrEmptyRange = errors.New("the take has no such frames")

// Close writes the end: the hashes of what the last frame has made, unless that is known to be something else
// than what was made when the take was recorded.
func (c *Cutter) Close() error {
	if c.last == nil {
		return c.empty()
	}
	if len(c.last.Hashes) == 0 && !c.failed {
		end := &Frame{Number: c.last.Number, Time: c.last.Time, Hashes: c.Player.Hashes()}
		if err := c.Out.Write(end); err != nil {
			return err
		}
	}
	return c.Out.Close()
}

func (c *Cutter) empty() error {
	if c.before == nil {
		return ErrEmptyRange
	}
	return fmt.Errorf("%w; before them it has %d to %d, until %v", ErrEmptyRange, c.first.Number, c.before.Number, c.before.Time)
}
