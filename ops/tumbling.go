package ops

import (
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// tumbling is the window that an Aggregate fills, one after the other.
type tumbling struct {
	window int64 // how many there were before it
	filled bool  // it has rows
	shown  bool  // the table has the rows of the window before
}

// tumble writes the rows of a window that is over, and begins the next. The table has the rows of the
// last window; those of a window before that are given to what reads the table and go at once.
func (a *Aggregate) tumble(c *graph.Cook, w *table.Writer) {
	now := int64(c.Time / a.Window)
	if now == a.window {
		return
	}
	if a.filled || a.shown {
		a.close(w)
		if now != a.window+1 {
			w.Expire(w.End())
		}
		a.shown = a.filled && now == a.window+1
	}
	a.clear(w)
	a.window, a.filled = now, false
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

// clear empties the window. Keys that had rows are kept, as they will have some again.
func (a *Aggregate) clear(w *table.Writer) {
	for e := a.head; e != 0; {
		next, g := a.entries[e].next, &a.groups[e]
		if g.rows == 0 {
			a.index.remove(g.hash, uint64(e))
			a.keyed.remove(e, w)
		}
		g.clear()
		g.dirty = false
		e = next
	}
	a.dirty = a.dirty[:0]
}

// fill notes that a key has its first row in the window.
func (a *Aggregate) fill(e int32) {
	a.filled = true
	a.touch(e)
}

// start returns when the window began, in seconds.
func (a *Aggregate) start() float64 {
	return (time.Duration(a.window) * a.Window).Seconds()
}

// wakeAtEnd asks for a cook when the window is over, if that changes anything.
func (a *Aggregate) wakeAtEnd(c *graph.Cook) {
	if a.filled || a.shown {
		c.Wake(time.Duration(a.window+1) * a.Window)
	}
}
