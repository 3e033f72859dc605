package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Fifo keeps the last rows that came, also when its input has them no longer.
type Fifo struct {
	Window

	columns columnCopy
}

// Describe implements [graph.Describer].
func (*Fifo) Describe() graph.Description {
	return graph.Description{
		Name: "fifo", Help: "Keeps the last rows that came.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassFold,
	}
}

// Cook implements [graph.Operator].
func (f *Fifo) Cook(c *graph.Cook) error {
	d, w := c.Changes(0), c.Out()
	f.columns.update(d.Schema(), w)
	fresh := d.Appended
	if d.Reset {
		for _, past := range d.Past {
			f.put(w, d, past)
		}
		w.Reset()
		from := w.End()
		old, news := d.Renew()
		f.put(w, d, old)
		w.RestateFrom(from)
		fresh = news
	}
	f.put(w, d, fresh)
	return nil
}

func (f *Fifo) put(w *table.Writer, d table.Delta, rows table.Range) {
	for row := range d.Rows(rows) {
		w.Row()
		f.columns.copy(w, row)
	}
}
