package monitor

import (
	"strconv"

	"linecook.dev/linecook/graph/table"
)

// Limits of what is copied of tables between two frames, so that no frame is late for it.
const (
	tailCells  = 8 << 10   // of one table
	tailText   = 128 << 10 // bytes of its texts
	totalCells = 32 << 10  // of all tables; a table that finds nothing left has its turn the next time
	totalText  = 512 << 10
	maxList    = 16 << 10 // bytes of a list that is copied at all
)

// A budget is how much may still be copied.
type budget struct{ cells, text int }

// A rowCopy is rows of a table, copied so that the table may go on.
type rowCopy struct {
	table   *table.Table
	w       *table.Writer
	schema  *table.Schema // of the table they are from
	numbers []uint64
	sizes   []int // of one copy: bytes of text in each row
	cuts    []cut
	from    uint64 // the row before which nothing is missing
}

// A cut is a cell that was too long to be copied whole.
type cut struct {
	row, col int
	size     int        // bytes, before
	kind     table.Kind // before
}

// take copies rows of t: the newest of them, if there are too many.
func (r *rowCopy) take(t *table.Table, rows table.Range, left *budget) {
	if r.schema != t.Schema() {
		r.widen(t.Schema())
	}
	width := max(1, t.Schema().Len())
	if most := max(1, min(tailCells, left.cells)/width); rows.Len() > most {
		rows.Lo = max(rows.Lo, newest(&t.View, t.Window(), most))
	}
	r.w.Reset()
	r.numbers, r.cuts, r.from = r.numbers[:0], r.cuts[:0], rows.Lo
	skip := r.measure(&t.View, rows, left)
	for row := range t.Rows(rows) {
		if skip--; skip < 0 {
			r.copy(row)
		} else {
			r.from = row.Number() + 1
		}
	}
	r.table.Commit(r.w)
	left.cells -= width * len(r.numbers)
}

// widen makes room for the columns of a table. Their names do not matter here.
func (r *rowCopy) widen(s *table.Schema) {
	r.schema, r.table, r.w = s, table.New(table.Limits{}), table.NewWriter()
	names := make([]string, s.Len())
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	r.w.AddCols(names...)
}

// measure returns how many of the oldest rows have to be left out for their texts.
func (r *rowCopy) measure(v *table.View, rows table.Range, left *budget) (skip int) {
	r.sizes = r.sizes[:0]
	total := 0
	for row := range v.Rows(rows) {
		size := 0
		for col := range row.Len() {
			size += min(row.Cell(col).Size(), maxString)
		}
		r.sizes = append(r.sizes, size)
		total += size
	}
	for room := min(tailText, left.text); total > room && skip < len(r.sizes)-1; skip++ {
		total -= r.sizes[skip]
	}
	left.text -= total
	return skip
}

func (r *rowCopy) copy(row table.Row) {
	r.w.Row()
	for col := range row.Len() {
		v := row.Cell(col)
		switch k := v.Kind(); {
		case v.Size() <= maxBlob, v.Size() <= maxList && k == table.KindList, v.Size() <= maxString && k != table.KindBytes:
			r.w.Set(col, v)
		default:
			r.cuts = append(r.cuts, cut{len(r.numbers), col, v.Size(), k})
			r.w.SetString(col, v.Str()[:min(len(v.Str()), maxString+4)])
		}
	}
	r.numbers = append(r.numbers, row.Number())
}

// first returns the first row that is there if none is missing between it and the rows before, or one
// that is.
func (r *rowCopy) first() uint64 { return r.from }

// publish appends the rows to a ring, as JSON.
func (r *rowCopy) publish(to *ring) {
	cuts, i := r.cuts, 0
	for row := range r.table.Rows(r.table.Window()) {
		b := strconv.AppendUint(append(to.begin(), '['), r.numbers[i], 10)
		for col := range row.Len() {
			b = append(b, ',')
			if len(cuts) > 0 && cuts[0].row == i && cuts[0].col == col {
				b = cuts[0].append(b, row.Cell(col).Str())
				cuts = cuts[1:]
				continue
			}
			b = appendCell(b, row.Cell(col))
		}
		to.end(r.numbers[i], append(b, ']'))
		i++
	}
}

// append appends the cell that s is the beginning of.
func (c *cut) append(b []byte, s string) []byte {
	switch c.kind {
	case table.KindBytes:
		return appendBlob(b, s, c.size)
	case table.KindList:
		b = append(b, `{"t":"list","v":[],"cut":`...)
		return append(strconv.AppendInt(b, int64(c.size), 10), '}')
	case table.KindSymbol:
		return appendCell(b, table.SymbolValue(s))
	}
	return appendCell(b, table.StringValue(s))
}
