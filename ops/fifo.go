package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Fifo keeps the last rows that came, also when its input has them no longer.
type Fifo struct {
	Window

	schema *table.Schema
	from   []int // column of the input for each of the table
}

// Describe implements [graph.Describer].
func (*Fifo) Describe() graph.Description {
	return graph.Description{
		Name: "fifo", Help: "Keeps the last rows that came.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassFold,
	}
}

// Adopt implements [graph.Adopter].
func (f *Fifo) Adopt(old graph.Operator) error {
	was := old.(*Fifo)
	f.schema, f.from = was.schema, was.from
	return nil
}

// Cook implements [graph.Operator].
func (f *Fifo) Cook(c *graph.Cook) error {
	d, w := c.Changes(0), c.Out()
	f.follow(d.Schema(), w)
	if !d.Reset {
		copyRows(w, d.View, d.Appended, f.from)
		return nil
	}
	for _, past := range d.Past {
		copyRows(w, d.View, past, f.from)
	}
	w.Reset()
	restated := w.End()
	old, fresh := d.Renew()
	copyRows(w, d.View, old, f.from)
	w.RestateFrom(restated)
	copyRows(w, d.View, fresh, f.from)
	return nil
}

func (f *Fifo) follow(s *table.Schema, w *table.Writer) {
	if s == f.schema {
		return
	}
	f.schema, f.from = s, f.from[:0]
	for col, name := range s.Names() {
		for to := w.Col(name); to >= len(f.from); {
			f.from = append(f.from, -1)
		}
		if to := w.Col(name); to >= 0 {
			f.from[to] = col
		}
	}
}
