package ops

import "linecook.dev/linecook/graph"

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
		w.Reset()
		old, news := d.Renew()
		for row := range d.Rows(old) {
			w.Row()
			f.columns.copy(w, row)
		}
		w.Restate()
		fresh = news
	}
	for row := range d.Rows(fresh) {
		w.Row()
		f.columns.copy(w, row)
	}
	return nil
}
