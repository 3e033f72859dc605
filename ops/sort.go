package ops

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Sort puts rows in order of some of their cells; rows that are equal there stay as they were. It keeps
// an index, so that a row that comes or goes costs about the logarithm of the rows. Rows that belong at
// the end, and rows that go, are told one by one; a row between others is told as 'all of it', with only
// that row as fresh.
type Sort struct {
	Name       []string `required:"true" help:"columns to sort by, the most important first; with desc behind it from high to low, as: level desc"`
	Order      string   `default:"value" menu:"value alpha alphanum nums" help:"value: numbers by size before text by its bytes; alpha: everything as text, so 10 comes before 9; alphanum: as text, but the numbers in it by size; nums: numbers by size, also if they are text; other text is 0"`
	IgnoreCase bool     `help:"capital letters are the same as small ones"`
	Reverse    bool     `help:"from high to low; a column with desc from low to high. Rows that are equal stay as they were"`

	keys    keyColumns
	desc    []bool
	cells   cellOrder
	columns columnCopy
	index   sorted[uint64] // rows of the input
	at      rowPlaces
	gone    []uint64
}

// Describe implements [graph.Describer].
func (*Sort) Describe() graph.Description {
	return graph.Description{
		Name: "sort", Help: "Puts rows in order of one or more columns. Empty cells come last.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassIndex,
	}
}

// Check implements [graph.Checker].
func (s *Sort) Check() error {
	s.keys, s.desc = keyColumns{}, nil
	for _, text := range s.Name {
		name, desc := strings.TrimSpace(text), s.Reverse
		if before, is := strings.CutSuffix(name, " desc"); is {
			name, desc = strings.TrimSpace(before), !s.Reverse
		}
		s.keys.names, s.desc = append(s.keys.names, name), append(s.desc, desc)
	}
	s.cells = cellOrder{how: s.Order, fold: s.IgnoreCase}
	return checkKeys("name", s.keys.names)
}

// Cook implements [graph.Operator].
func (s *Sort) Cook(c *graph.Cook) error {
	d, w := c.Changes(0), c.Out()
	s.columns.update(d.Schema(), w)
	s.keys.update(d.Schema())
	if s.keys.missing != nil && d.Appended.Len()+d.Fresh.Len()+len(d.Past) > 0 {
		c.Report(fmt.Errorf("%w; it counts as empty in every row", s.keys.missing))
	}
	if d.Reset {
		s.learn(d)
		s.renew(d, w)
		return nil
	}
	s.leave(d)
	burst := d.Appended.Lo < min(d.Appended.Hi, d.Window().Lo)
	if n, behind := s.come(d); d.Empty() || behind && !burst && !fragmented(c.Node().Table()) {
		s.advance(d, w, n)
	} else {
		s.renew(d, w)
	}
	return nil
}

// order compares two rows of the input.
func (s *Sort) order(v *table.View, a, b uint64) int {
	x, y := v.Row(a), v.Row(b)
	for i, col := range s.keys.at {
		p, q := x.Cell(col), y.Cell(col)
		if p.IsNil() || q.IsNil() {
			if p.IsNil() != q.IsNil() {
				return cmp.Compare(p.Kind(), q.Kind()) * -1
			}
			continue
		}
		if c := s.cells.compare(p, q); c != 0 {
			if s.desc[i] {
				return -c
			}
			return c
		}
	}
	return cmp.Compare(a, b)
}

// learn puts all rows of the input into the index.
func (s *Sort) learn(d table.Delta) {
	s.at.reset()
	s.gone = s.gone[:0]
	for row := range d.Rows(d.Window()) {
		s.at.put(row.Number(), noRow)
		s.gone = append(s.gone, row.Number())
	}
	slices.SortFunc(s.gone, func(a, b uint64) int { return s.order(d.View, a, b) })
	s.index.fill(s.gone)
}

// leave takes out the rows that went.
func (s *Sort) leave(d table.Delta) {
	s.gone = s.gone[:0]
	for row := range gone(d) {
		s.index.remove(row, func(a, b uint64) int { return s.order(d.View, a, b) })
		if place := s.at.take(row); place != noRow {
			s.gone = append(s.gone, place)
		}
	}
	s.at.forget(d.Window().Lo)
}

// come puts the rows that came into the index. It returns how many, and whether they are all behind those
// that were there.
func (s *Sort) come(d table.Delta) (n int, behind bool) {
	last, any := s.index.last()
	behind = true
	for row := range d.Rows(within(d, d.Appended)) {
		s.index.add(row.Number(), func(a, b uint64) int { return s.order(d.View, a, b) })
		s.at.put(row.Number(), noRow)
		n++
		behind = behind && (!any || s.order(d.View, last, row.Number()) < 0)
	}
	return n, behind
}

// advance writes the last n rows, and takes out those that went.
func (s *Sort) advance(d table.Delta, w *table.Writer, n int) {
	s.write(d, w, s.index.tail(n))
	first := noRow
	for row := range s.index.tail(s.index.n) {
		first = s.at.of(row)
		break
	}
	withdraw(w, first, s.gone)
}

// renew writes what is new, and then all rows as restated.
func (s *Sort) renew(d table.Delta, w *table.Writer) {
	for row := range d.NewRows() {
		w.Row()
		s.columns.copy(w, row)
	}
	restated := w.End()
	w.Reset()
	s.write(d, w, s.index.tail(s.index.n))
	w.RestateFrom(restated)
}

func (s *Sort) write(d table.Delta, w *table.Writer, rows iter.Seq[uint64]) {
	for row := range rows {
		s.at.move(row, w.Row())
		s.columns.copy(w, d.Row(row))
	}
}
