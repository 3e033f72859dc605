package ops

import (
	"fmt"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Merge puts the rows of all of its inputs into one table. A row goes when it goes from its input.
//
// In order of arrival a cook costs the rows that came and went. Stacked, it costs that only for the
// last input that has rows: a row between others is told as 'all of it', with only that row as fresh.
// So is a burst that is longer than its input's table.
type Merge struct {
	How    string       `default:"arrival" menu:"arrival row" help:"arrival: in the order in which the rows came, within a frame in that of the inputs; row: stacked, all rows of the first input, then those of the second, and so on"`
	ByName graph.Toggle `default:"on" help:"on: a cell goes to the column with the name of its own; off: to the column at the same place, named by the first input that has one there"`
	Source string       `help:"name of a column, the first one, with the name of the node that a row comes from (its path, if it is in another network)"`

	inputs []mergeInput
	places []int // byname off: the column at each place
	source int   // the column of Source, or -1
	gone   []uint64
}

// A mergeInput is one input, and where its rows are.
type mergeInput struct {
	table.Delta
	schema  *table.Schema
	from    []int // column of the input for each of the table
	name    table.Value
	at, was rowPlaces
}

// Describe implements [graph.Describer].
func (*Merge) Describe() graph.Description {
	return graph.Description{
		Name: "merge", Help: "Puts the rows of several inputs into one table.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassMerge,
	}
}

// Cook implements [graph.Operator].
func (m *Merge) Cook(c *graph.Cook) error {
	w := c.Out()
	m.follow(c, w)
	switch {
	case !slices.ContainsFunc(m.inputs, func(in mergeInput) bool { return !in.Empty() }):
	case m.inOrder() && !fragmented(c.Node().Table()):
		m.advance(w)
	default:
		m.renew(w)
	}
	return nil
}

// follow learns what changed in the inputs.
func (m *Merge) follow(c *graph.Cook, w *table.Writer) {
	m.source = -1
	if m.Source != "" {
		m.source = w.Col(m.Source)
	}
	for len(m.inputs) < c.NumInputs() {
		m.inputs = append(m.inputs, mergeInput{})
	}
	m.inputs = m.inputs[:c.NumInputs()]
	for i := range m.inputs {
		in, d := &m.inputs[i], c.Changes(i)
		if in.View != d.View {
			*in = mergeInput{name: sourceName(c.Node(), i)}
		}
		if in.Delta = d; in.schema != d.Schema() {
			in.schema = d.Schema()
			m.columns(in, w)
		}
	}
}

// sourceName returns how a node calls its input i.
func sourceName(n *graph.Node, i int) table.Value {
	return table.StringValue(n.Inputs()[i].Path().Ref(n.Path()))
}

// columns finds the columns of an input's cells.
func (m *Merge) columns(in *mergeInput, w *table.Writer) {
	in.from = in.from[:0]
	for col, name := range in.schema.Names() {
		to := -1
		switch {
		case !m.ByName.On():
			to = m.place(col, name, w)
		case name != m.Source:
			to = w.Col(name)
		}
		for to >= len(in.from) {
			in.from = append(in.from, -1)
		}
		if to >= 0 {
			in.from[to] = col
		}
	}
}

// place returns the column at a place, which is called name if there is none yet.
func (m *Merge) place(col int, name string, w *table.Writer) int {
	if col == len(m.places) {
		m.places = append(m.places, w.Col(freeName(w.Schema(), name)))
	}
	return m.places[col]
}

// freeName returns name, or that with a number behind it, which no column has.
func freeName(s *table.Schema, name string) string {
	free := name
	for n := 2; s.Index(free) >= 0; n++ {
		free = fmt.Sprintf("%s_%d", name, n)
	}
	return free
}

// inOrder reports whether what changed can be told row by row: rows come at the end, or go.
func (m *Merge) inOrder() bool {
	behind := false // there are rows in an input further back
	for i := range slices.Backward(m.inputs) {
		in := &m.inputs[i]
		comes := in.Appended.Len() > 0
		burst := comes && in.Appended.Lo < in.Window().Lo && len(m.inputs) > 1
		if in.Reset || burst || comes && behind && m.How == "row" {
			return false
		}
		behind = behind || in.NumRows() > 0
	}
	return true
}

// advance appends rows that came, and takes out those that went.
func (m *Merge) advance(w *table.Writer) {
	m.gone = m.gone[:0]
	first := noRow
	for i := range m.inputs {
		in := &m.inputs[i]
		for row := range gone(in.Delta) {
			if place := in.at.take(row); place != noRow {
				m.gone = append(m.gone, place)
			}
		}
		m.write(w, in, in.Appended)
		in.at.forget(in.Window().Lo)
		first = min(first, in.at.first())
	}
	withdraw(w, first, m.gone)
}

// renew writes what is new, and then all rows as restated.
func (m *Merge) renew(w *table.Writer) {
	for i := range m.inputs {
		in := &m.inputs[i]
		in.at, in.was = in.was, in.at
		in.was.forget(in.Window().Lo)
		for rows := range in.News() {
			in.at.reset()
			m.write(w, in, rows)
		}
		in.at.reset()
	}
	restated := w.End()
	w.Reset()
	if m.How == "arrival" {
		m.writeKnown(w)
	}
	for i := range m.inputs {
		in := &m.inputs[i]
		rows := in.Window()
		if m.How == "arrival" {
			rows.Lo = max(rows.Lo, min(rows.Hi, in.was.ring.end()))
		}
		m.write(w, in, rows)
	}
	w.RestateFrom(restated)
}

// writeKnown writes the rows that were there before, in their order.
func (m *Merge) writeKnown(w *table.Writer) {
	for {
		next, first, second := (*mergeInput)(nil), noRow, noRow
		for i := range m.inputs {
			in := &m.inputs[i]
			if place := in.was.first(); place < first {
				next, first, second = in, place, first
			} else {
				second = min(second, place)
			}
		}
		if next == nil {
			return
		}
		rows := table.Range{Lo: next.was.ring.first, Hi: next.was.ring.first}
		for next.was.first() < second && next.was.ring.first == rows.Hi {
			rows.Hi++
			next.was.ring.pop()
		}
		m.write(w, next, rows)
	}
}

// write writes rows of an input.
func (m *Merge) write(w *table.Writer, in *mergeInput, rows table.Range) {
	for b := range in.Blocks(rows) {
		for done := 0; done < b.Len(); {
			run := w.Run(b.Len() - done)
			run.Copy(in.from, b, done, nil)
			for i := range run.Len() {
				if m.source >= 0 {
					run.Set(i, m.source, in.name)
				}
				in.at.put(b.First()+uint64(done+i), run.First()+uint64(i))
			}
			done += run.Len()
		}
	}
}
