package ops

import (
	"fmt"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/fold"
)

// A group is what an Aggregate knows of one key.
type group struct {
	key         []table.Value
	hash        uint64
	rows        int // that count
	folds       []columnFold
	first, last uint64 // of the rows that are kept, if there are any
	held        int    // how many are kept
	dirty       bool
}

// foldNeeds says what is kept of a column's cells.
type foldNeeds struct{ numbers, sum, moments, sorted, cells bool }

func (n *foldNeeds) add(m measure, leave bool) {
	n.numbers = n.numbers || m.numeric()
	switch m.fn {
	case "sum", "mean":
		n.sum = true
	case "stddev":
		n.moments = true
	case "percentile":
		n.sorted = true
	case "min", "max":
		n.sorted = n.sorted || leave
	case "first", "last":
		n.cells = n.cells || !leave
	}
}

// A columnFold is what a group keeps of one column.
type columnFold struct {
	cells    int // that are not empty
	numbers  int
	sum      *fold.Sum
	moments  *fold.Moments
	sorted   *fold.Sorted
	min, max fold.Number
	first    table.Value // these two if rows do not leave
	last     table.Value
}

func newFold(n foldNeeds) (f columnFold) {
	if n.sum {
		f.sum = new(fold.Sum)
	}
	if n.moments {
		f.moments = new(fold.Moments)
	}
	if n.sorted {
		f.sorted = new(fold.Sorted)
	}
	return f
}

func (f *columnFold) clear() {
	f.cells, f.numbers, f.first, f.last = 0, 0, table.Value{}, table.Value{}
	if f.sum != nil {
		*f.sum = fold.Sum{}
	}
	if f.moments != nil {
		*f.moments = fold.Moments{}
	}
	if f.sorted != nil {
		f.sorted.Clear()
	}
}

func (f *columnFold) add(x fold.Number) {
	if f.numbers == 0 || x.Compare(f.min) < 0 {
		f.min = x
	}
	if f.numbers == 0 || x.Compare(f.max) > 0 {
		f.max = x
	}
	f.numbers++
	if f.sum != nil {
		f.sum.Add(x)
	}
	if f.moments != nil {
		f.moments.Add(x)
	}
	if f.sorted != nil {
		f.sorted.Add(x)
	}
}

func (f *columnFold) take(x fold.Number) {
	f.numbers--
	if f.sum != nil {
		f.sum.Take(x)
	}
	if f.moments != nil {
		f.moments.Take(x)
	}
	if f.sorted != nil {
		f.sorted.Take(x)
	}
}

// ends keeps the first and the last cell.
func (f *columnFold) ends(v table.Value, first bool) {
	if first || !f.last.Equal(v) {
		f.last = v.Clone()
	}
	if first {
		f.first = f.last
	}
}

// value returns what m is of the numbers; empty if there are none.
func (f *columnFold) value(m *measure) table.Value {
	if f.numbers == 0 {
		return table.Value{}
	}
	switch m.fn {
	case "sum":
		return f.sum.Number().Value()
	case "mean":
		return table.Float64Value(f.sum.Float() / float64(f.numbers))
	case "stddev":
		return table.Float64Value(f.moments.Deviation())
	case "percentile":
		return table.Float64Value(f.sorted.Percentile(m.p))
	}
	low, high := f.min, f.max
	if f.sorted != nil {
		low, high = f.sorted.Min(), f.sorted.Max()
	}
	if m.fn == "min" {
		return low.Value()
	}
	return high.Value()
}

func (g *group) clear() {
	g.rows, g.held = 0, 0
	for i := range g.folds {
		g.folds[i].clear()
	}
}

// mark has a key's row computed again.
func (a *Aggregate) mark(e int32) {
	if g := &a.groups[e]; !g.dirty {
		g.dirty = true
		a.dirty = append(a.dirty, e)
	}
}

// group returns the entry of a row's key, made if there was none; 0 if there are too many.
func (a *Aggregate) group(row table.Row) int32 {
	hash := a.in.hash(row)
	for p := a.index.probe(hash); ; {
		e, ok := p.next()
		if !ok {
			break
		}
		if a.in.is(row, a.groups[e].key) {
			return int32(e)
		}
	}
	if a.n >= a.MaxKeys {
		return 0
	}
	e := a.add()
	a.index.add(hash, uint64(e))
	for len(a.groups) <= int(e) {
		a.groups = append(a.groups, group{})
	}
	g := &a.groups[e]
	if g.folds == nil {
		for _, needs := range a.folds {
			g.folds = append(g.folds, newFold(needs))
		}
	}
	g.clear()
	g.hash, g.dirty, g.key = hash, false, g.key[:0]
	for _, col := range a.in.at {
		g.key = append(g.key, plainKey(row.Cell(col)).Clone())
	}
	return e
}

// takeRow counts a row that came at a time.
func (a *Aggregate) takeRow(c *graph.Cook, row table.Row, at time.Duration) {
	if a.in.missing != nil {
		c.Report(keyError(row, a.in.missing))
		return
	}
	e := a.group(row)
	if e == 0 {
		c.Report(a.overflow(row))
		return
	}
	g := &a.groups[e]
	if g.rows++; g.rows == 1 && a.Over == "tumble" {
		a.fill(e)
	}
	for i, col := range a.columns.at {
		v := row.Cell(col)
		if a.folds[i].cells {
			g.folds[i].ends(v, g.rows == 1)
		}
		if err := a.takeCell(&g.folds[i], i, v); err != nil {
			c.Report(keyError(row, err))
		}
	}
	a.keep(c, e, row, at)
	a.mark(e)
}

func (a *Aggregate) takeCell(f *columnFold, i int, v table.Value) error {
	if f.cells++; v.IsNil() {
		f.cells--
	} else if x, ok := fold.Of(v); ok && a.folds[i].numbers {
		f.add(x)
	} else if a.folds[i].numbers {
		return fmt.Errorf("%s is %s, which is no number: it counts as an empty cell", a.columns.names[i], cellText(v))
	}
	return nil
}

// retract takes out a row that is kept.
func (a *Aggregate) retract(at uint64) {
	e := a.kept.ring.at(at).group
	g := &a.groups[e]
	g.rows--
	for i := range a.folds {
		v := a.kept.cell(at, i)
		if v.IsNil() {
			continue
		}
		g.folds[i].cells--
		if x, ok := fold.Of(v); ok && a.folds[i].numbers {
			g.folds[i].take(x)
		}
	}
	a.kept.drop(g, at)
	a.mark(e)
}
