package ops

import (
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// A linear is what operators share whose rows each follow from one row of their input: at most one
// row comes of each, in the same order, and goes with it. A row that fails is reported, and nothing
// comes of it.
type linear struct {
	from  []int // column of the input that a column of the table is copied from; -1: none
	again bool  // set by columns: what is computed from the columns that were there before has changed

	source rowMap
	schema *table.Schema
	rows   []int32
	every  []int32 // 0, 1, 2 and so on
}

// A rower is an operator that has a linear. It may also be a picker and a filler.
type rower interface {
	// columns follows the input's columns: it adds those that are new to w, and says by
	// linear.copies what is copied.
	columns(c *graph.Cook, d table.Delta, w *table.Writer)
}

// A picker does not pass on every row.
type picker interface {
	// pick appends to rows which rows of b are passed on, in order.
	pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32
}

// A filler has cells that are not copied.
type filler interface {
	// fill sets those cells of r. Its rows come from rows of the block that was given to pick last.
	fill(r table.Run, rows []int32)
}

// A renewer has more to do when its table is written again.
type renewer interface {
	// renew is called after a Reset, before any row is written again.
	renew(w *table.Writer)
}

// cook brings the table of op up to date with its first input.
func (l *linear) cook(c *graph.Cook, op rower) {
	d := c.Changes(0)
	old, fresh := d.Renew()
	l.cookRows(c, op, d, old, fresh)
}

// cookRows is cook for an operator that is asked for some of the rows only. It passes on those of
// d.Past and of fresh, and those of old again after a Reset; rows before old go.
func (l *linear) cookRows(c *graph.Cook, op rower, d table.Delta, old, fresh table.Range) {
	l.writeRows(c, op, d, old, fresh)
	c.Out().Expire(l.source.expire(old.Lo))
}

// writeRows is cookRows without the rows that go since they are before old.
func (l *linear) writeRows(c *graph.Cook, op rower, d table.Delta, old, fresh table.Range) {
	if l.followColumns(c, op, d) || d.Reset {
		for _, rows := range d.Past {
			l.pass(c, op, d, rows)
		}
		l.restate(c, op, d, old)
	} else {
		l.remove(c.Out(), d)
	}
	l.pass(c, op, d, fresh)
}

// restate writes the table again, with what becomes of rows.
func (l *linear) restate(c *graph.Cook, op rower, d table.Delta, rows table.Range) {
	w := c.Out()
	w.Reset()
	from := w.End()
	if r, ok := op.(renewer); ok {
		r.renew(w)
	}
	l.source.reset()
	l.pass(c, op, d, rows)
	w.RestateFrom(from)
}

// remove takes out what became of rows that were taken out of the middle of the input.
func (l *linear) remove(w *table.Writer, d table.Delta) {
	for row := range d.Removed() {
		if own, ok := l.source.find(row.Number()); ok {
			w.Remove(own)
		}
	}
}

// followColumns follows the input's columns. It reports whether what is passed on of those that were there
// before has changed, so that rows that were passed on are no longer right. An input that has nothing yet
// is waited for, so that its columns come before those that are computed.
func (l *linear) followColumns(c *graph.Cook, op rower, d table.Delta) (again bool) {
	s := d.Schema()
	nothing := s.Len() == 0 && d.Window().Len() == 0
	if nothing || s == l.schema && !d.Reset {
		return false
	}
	known, was := 0, slices.Clone(l.from)
	if l.schema != nil {
		known = l.schema.Len()
	}
	l.schema, l.from, l.again = s, l.from[:0], false
	op.columns(c, d, c.Out())
	if l.again {
		return true
	}
	for to, from := range l.from {
		if from >= 0 && from < known && (to >= len(was) || was[to] != from) {
			return true
		}
	}
	for to, from := range was {
		if from >= 0 && (to >= len(l.from) || l.from[to] != from) {
			return true
		}
	}
	return false
}

// copies has column to of the table copied from that column of the input.
func (l *linear) copies(to, from int) {
	for len(l.from) <= to {
		l.from = append(l.from, -1)
	}
	if to >= 0 {
		l.from[to] = from
	}
}

// copyAll has every column copied.
func (l *linear) copyAll(d table.Delta, w *table.Writer) {
	for col, name := range d.Schema().Names() {
		l.copies(w.Col(name), col)
	}
}

func (l *linear) pass(c *graph.Cook, op rower, d table.Delta, r table.Range) {
	picks, _ := op.(picker)
	fills, _ := op.(filler)
	var rows []int32
	for b := range d.Blocks(r) {
		if picks == nil {
			for len(l.every) < b.Len() {
				l.every = append(l.every, int32(len(l.every)))
			}
			rows = l.every[:b.Len()]
		} else {
			l.rows = picks.pick(c, d.View, b, l.rows[:0])
			rows = l.rows
		}
		for len(rows) > 0 {
			run := c.Out().Run(len(rows))
			l.copy(run, b, rows[:run.Len()])
			if fills != nil {
				fills.fill(run, rows[:run.Len()])
			}
			rows = rows[run.Len():]
		}
	}
}

// fewTogether is how many rows that lie together are worth being copied in one go.
const fewTogether = 8

// copy copies the cells of rows of b.
func (l *linear) copy(run table.Run, b table.Block, rows []int32) {
	if together(rows) == len(rows) {
		l.copyPart(run, b, rows)
		return
	}
	parts := 0
	for rest := rows; len(rest) > 0; parts++ {
		rest = rest[together(rest):]
	}
	scattered := parts*fewTogether > len(rows)
	if scattered {
		run.Copy(l.from, b, 0, rows)
	}
	for done := 0; done < len(rows); {
		n := together(rows[done:])
		part := run.Part(done, n)
		if scattered {
			l.source.add(part.First(), b.First()+uint64(rows[done]), n)
		} else {
			l.copyPart(part, b, rows[done:][:n])
		}
		done += n
	}
}

// copyPart copies the cells of rows that lie together.
func (l *linear) copyPart(run table.Run, b table.Block, rows []int32) {
	run.Copy(l.from, b, int(rows[0]), nil)
	l.source.add(run.First(), b.First()+uint64(rows[0]), len(rows))
}

// together returns how many of the first rows lie together.
func together(rows []int32) int {
	if int(rows[len(rows)-1]-rows[0]) == len(rows)-1 {
		return len(rows)
	}
	n := 1
	for rows[n] == rows[n-1]+1 {
		n++
	}
	return n
}

// allRows appends every row of b to rows.
func allRows(b table.Block, rows []int32) []int32 {
	for i := range b.Len() {
		rows = append(rows, int32(i))
	}
	return rows
}

// filterRows appends to rows those rows of b for which an expression is true. One for which it fails
// is reported.
func filterRows(c *graph.Cook, e *script.Expr, v *table.View, b table.Block, rows []int32) []int32 {
	return e.Pick(c, v, b, rows, func(i int, err error) { c.Report(rowFailed(v.RowOf(b, i), err)) })
}

func blockRange(b table.Block) table.Range {
	return table.Range{Lo: b.First(), Hi: b.First() + uint64(b.Len())}
}
