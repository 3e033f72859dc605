package ops

import (
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Delay passes on each row some time after it came.
type Delay struct {
	Delay time.Duration `default:"1" min:"0" max:"86400" unit:"seconds" help:"how long after it came a row is passed on"`
	Window

	held   *table.Table // rows that wait
	w      *table.Writer
	schema *table.Schema // of the input
	in     []int         // column of the input for each of held
	out    []int         // column of held for each of the table
	waits  []waiting
	next   uint64 // first row of held that was not passed on
}

// A waiting is rows of held that came together.
type waiting struct {
	end uint64 // number of the row behind them
	due time.Duration
}

// Describe implements [graph.Describer].
func (*Delay) Describe() graph.Description {
	return graph.Description{
		Name: "delay", Help: "Passes on each row some time after it came, once, as it was then.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Adopt implements [graph.Adopter]. Rows that wait already do so for as long as was said when they came.
func (s *Delay) Adopt(old graph.Operator) error {
	now := s.Delay
	window := s.Window
	*s = *old.(*Delay)
	s.Delay, s.Window = now, window
	return nil
}

// Cook implements [graph.Operator]. What happens to a row of the input after it came, does not happen
// to the one that waits.
func (s *Delay) Cook(c *graph.Cook) error {
	if s.held == nil {
		s.held, s.w = table.New(table.Limits{}), table.NewWriter()
	}
	d := c.In(0)
	s.columns(c.Out(), d.Schema())
	for rows := range d.News() {
		copyRows(s.w, d.View, rows, s.in)
	}
	if s.w.End() > s.held.Window().Hi {
		s.held.Commit(s.w)
		s.waits = append(s.waits, waiting{s.held.Window().Hi, c.Time + s.Delay})
	}
	s.lost(c)
	s.release(c)
	if len(s.waits) > 0 {
		c.Wake(s.waits[0].due)
	}
	return nil
}

// columns follows the input's columns.
func (s *Delay) columns(w *table.Writer, in *table.Schema) {
	if in == s.schema {
		return
	}
	s.schema, s.in, s.out = in, nil, nil
	for _, name := range in.Names() {
		s.w.Col(name)
		w.Col(name)
	}
	for _, name := range s.w.Schema().Names() {
		s.in = append(s.in, in.Index(name))
	}
	for _, name := range w.Schema().Names() {
		s.out = append(s.out, s.w.Schema().Index(name))
	}
}

// copyRows appends rows, of whose columns from says where they go as [table.Run.Copy] has it.
func copyRows(w *table.Writer, v *table.View, r table.Range, from []int) {
	for b := range v.Blocks(r) {
		for done := 0; done < b.Len(); {
			run := w.Run(b.Len() - done)
			run.Copy(from, b, done, nil)
			done += run.Len()
		}
	}
}

// lost counts rows that there was no memory for.
func (s *Delay) lost(c *graph.Cook) {
	if first := s.held.Window().Lo; s.next < first {
		c.Node().Loss("delayed rows over 64 MiB").Add(first - s.next)
		s.next = first
	}
}

// release passes on what is due.
func (s *Delay) release(c *graph.Cook) {
	n := 0
	for n < len(s.waits) && s.waits[n].due <= c.Time {
		n++
	}
	if n == 0 {
		return
	}
	end := max(s.waits[n-1].end, s.next)
	copyRows(c.Out(), &s.held.View, table.Range{Lo: s.next, Hi: end}, s.out)
	s.waits = s.waits[:copy(s.waits, s.waits[n:])]
	s.next = end
	s.w.Expire(end)
	s.held.Commit(s.w)
}
