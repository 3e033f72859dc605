package graphtest

import (
	"errors"
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A Source has the column "value" and puts out the rows it is given.
type Source struct {
	Max     int `par:"maxlines" default:"0" min:"0" help:"largest number of rows; 0 for any"`
	pending []table.Value
}

// Describe implements [graph.Describer].
func (*Source) Describe() graph.Description {
	return graph.Description{Name: "source", Help: "puts out the rows it is given"}
}

// Limits implements [graph.Limiter].
func (s *Source) Limits() table.Limits { return table.Limits{Rows: s.Max} }

// Append gives rows to the next cook.
func (s *Source) Append(values ...table.Value) { s.pending = append(s.pending, values...) }

// Ints gives rows of integers to the next cook.
func (s *Source) Ints(values ...int64) {
	for _, v := range values {
		s.Append(table.IntValue(v))
	}
}

// Cook implements [graph.Operator].
func (s *Source) Cook(c *graph.Cook) error {
	w := c.Out()
	col := w.Col("value")
	for _, v := range s.pending {
		w.Row()
		w.Set(col, v)
	}
	s.pending = s.pending[:0]
	return nil
}

// A Filter passes the rows of its input whose "value" Keep accepts; a nil Keep accepts all. Its
// own rows leave when those of its input do.
type Filter struct {
	Keep func(table.Value) bool
	rows []uint64 // which row of the input each row of the window was
}

// Describe implements [graph.Describer].
func (*Filter) Describe() graph.Description {
	return graph.Description{Name: "filter", Help: "passes some rows", Inputs: graph.Arity{Min: 1, Max: 1}}
}

// Cook implements [graph.Operator].
func (f *Filter) Cook(c *graph.Cook) error {
	d, w := c.In(0), c.Out()
	rows := d.Appended
	if d.Reset {
		for _, past := range d.Past {
			f.pass(w, d, past)
		}
		w.Reset()
		from := w.End()
		f.rows = f.rows[:0]
		var old table.Range
		old, rows = d.Renew()
		f.pass(w, d, old)
		w.RestateFrom(from)
	}
	f.pass(w, d, rows)
	gone := 0
	for gone < len(f.rows) && f.rows[gone] < d.Window().Lo {
		gone++
	}
	f.rows = f.rows[gone:]
	w.Expire(w.End() - uint64(len(f.rows)))
	return nil
}

func (f *Filter) pass(w *table.Writer, d table.Delta, rows table.Range) {
	col := w.Col("value")
	for row := range d.Rows(rows) {
		if v := row.Get("value"); f.Keep == nil || f.Keep(v) {
			w.Row()
			w.Set(col, v)
			f.rows = append(f.rows, row.Number())
		}
	}
}

// A Recorder is an effect that keeps the text of every row's "value" it is given, of all inputs.
type Recorder struct {
	Got  []string `par:"-"`
	Fail func(row table.Row) error
}

// Describe implements [graph.Describer].
func (*Recorder) Describe() graph.Description {
	return graph.Description{Name: "recorder", Help: "keeps what it is given", Inputs: graph.Arity{Max: graph.Many}}
}

// Effect implements [graph.Effect].
func (*Recorder) Effect() bool { return true }

// Cook implements [graph.Operator].
func (r *Recorder) Cook(c *graph.Cook) error {
	for i := range c.NumInputs() {
		c.EachNew(c.In(i), func(row table.Row) error {
			r.Got = append(r.Got, row.Get("value").String())
			if r.Fail != nil {
				return r.Fail(row)
			}
			return nil
		})
	}
	return nil
}

// A Faulty writes one row in each cook, then panics with Panic if it is not nil, or returns Err.
type Faulty struct {
	Err   error `par:"-"`
	Panic any   `par:"-"`
}

// Describe implements [graph.Describer].
func (*Faulty) Describe() graph.Description {
	return graph.Description{Name: "faulty", Help: "fails", Inputs: graph.Arity{Max: graph.Many}}
}

// Cook implements [graph.Operator].
func (f *Faulty) Cook(c *graph.Cook) error {
	c.Out().Row()
	c.Out().SetBool(c.Out().Col("cooked"), true)
	if f.Panic != nil {
		panic(f.Panic)
	}
	return f.Err
}

// ErrBad is the error of a message that a [Network] refuses.
var ErrBad = errors.New("bad message")

// A Network is an operator with an inbox. Each message becomes a row with its bytes as text; of
// "bad" and "panic" it writes half a row, then fails as they say.
type Network struct {
	Listening bool          `help:"events keep their bytes"`
	Max       int           `par:"maxlines" default:"0" help:"largest number of rows; 0 for any"`
	Got       []graph.Event `par:"-"`
}

// Describe implements [graph.Describer].
func (*Network) Describe() graph.Description {
	return graph.Description{Name: "network", Help: "puts out what arrives"}
}

// Limits implements [graph.Limiter].
func (n *Network) Limits() table.Limits { return table.Limits{Rows: n.Max} }

// Listens implements [graph.Listener].
func (n *Network) Listens() bool { return n.Listening }

// Decode implements [graph.Decoder].
func (*Network) Decode(e *graph.Event, w *table.Writer) error {
	w.Row()
	switch string(e.Data) {
	case "bad":
		w.SetBool(w.Col("bad"), true)
		return ErrBad
	case "panic":
		w.SetBool(w.Col("panicked"), true)
		panic(fmt.Sprint("decoding event ", e.Seq))
	}
	w.SetText(w.Col("value"), e.Data)
	return nil
}

// Cook implements [graph.Operator]. It keeps the events, with copies of their bytes.
func (n *Network) Cook(c *graph.Cook) error {
	for _, e := range c.Events() {
		if e.Data != nil {
			e.Data = append([]byte{}, e.Data...)
		}
		n.Got = append(n.Got, e)
	}
	return nil
}

// A Looker refers to the nodes it names, and keeps how many rows each had when it cooked last.
type Looker struct {
	Nodes []string `help:"names of nodes"`
	Rows  []int    `par:"-"`
}

// Describe implements [graph.Describer].
func (*Looker) Describe() graph.Description {
	return graph.Description{Name: "looker", Help: "looks at nodes it is not wired to"}
}

// Refs implements [graph.Referrer].
func (l *Looker) Refs() []string { return l.Nodes }

// Cook implements [graph.Operator].
func (l *Looker) Cook(c *graph.Cook) error {
	l.Rows = l.Rows[:0]
	for i := range l.Nodes {
		l.Rows = append(l.Rows, c.Ref(i).NumRows())
	}
	return nil
}
