package ops

import (
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// tumbling is the window that an Aggregate fills, one after the other.
type tumbling struct {
	window int64  // how many there were before it
	from   uint64 // the first row of the input that is in it
	shown  bool   // the table has the rows of the window before
}

// tumble writes the rows of a window that is over, and begins the next. The table has the rows of the
// last window; those of a window before that are given to what reads the table and go at once.
func (a *Aggregate) tumble(c *graph.Cook, w *table.Writer) {
	if now := int64(c.Time / a.Window); now != a.window {
		if a.n > 0 || a.shown {
			a.close(w)
			if now != a.window+1 {
				w.Expire(w.End())
			}
			a.shown = a.n > 0 && now == a.window+1
		}
		a.window, a.from = now, a.seen
		a.index.reset()
		a.keyed.reset()
		a.dirty = a.dirty[:0]
	}
}

// close writes the rows of the window instead of those of the one before.
func (a *Aggregate) close(w *table.Writer) {
	w.Expire(w.End())
	for e := a.head; e != 0; e = a.entries[e].next {
		if g := &a.groups[e]; g.rows > 0 {
			w.Row()
			for col, v := range a.compute(g) {
				w.Set(col, v)
			}
		}
	}
}

// start returns when the window began, in seconds.
func (a *Aggregate) start() float64 {
	return (time.Duration(a.window) * a.Window).Seconds()
}

// wakeAtEnd asks for a cook when the window is over, if that changes anything.
func (a *Aggregate) wakeAtEnd(c *graph.Cook) {
	if a.n > 0 || a.shown {
		c.Wake(time.Duration(a.window+1) * a.Window)
	}
}
