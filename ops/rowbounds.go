package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A rowBounds finds the rows of a log that are asked for by their place.
type rowBounds struct {
	next   uint64 // rows of the input below it were passed on, if they were asked for
	last   uint64 // the row behind those that are asked for
	end    uint64 // the number of the row behind the last one
	behind int    // how many rows are behind next; they may come again with other numbers
}

// asked returns what is to be done with input i if rows are asked for by the place of the first and the
// last, counted from 0 or from the end if negative: the rows that were passed on before, and those that
// come now. Without a place (0 and -1) the latter are all new rows, with those that came and went since
// the last cook. With a place they are of the window; while rows come and go, neither end of the range
// ever moves back. A row that is removed moves all others, so that the delta is 'all of it' then.
func (r *rowBounds) asked(c *graph.Cook, i, first, last int) (d table.Delta, old, fresh table.Range) {
	d = c.Changes(i)
	old, fresh = d.Renew()
	if first == 0 && last == -1 {
		return d, old, fresh
	}
	d = c.In(i)
	n := d.NumRows()
	lo := max(place(first, n), 0)
	hi := max(lo, min(place(last, n), n-1)+1)
	rows := table.Range{Lo: d.At(lo), Hi: d.At(hi)}
	seen := r.next
	switch {
	case d.Passing():
		seen = d.Window().Hi // which of the rows behind were passed on is not known; none is twice
		d.Past = amongRows(d, rows)
	case d.Reset && d.Window().Lo >= r.end:
		seen = max(old.Lo, old.Hi-min(old.Hi, uint64(r.behind)))
	}
	d.Reset = d.Reset || r.last < min(r.next, rows.Hi) // rows that were passed on are asked for again
	r.next, r.last, r.end = max(seen, rows.Hi), rows.Hi, d.Window().Hi
	if r.behind = n - hi; r.next > rows.Hi {
		r.behind = numRows(d, table.Range{Lo: r.next, Hi: r.end})
	}
	seen = min(max(seen, rows.Lo), rows.Hi)
	return d, table.Range{Lo: rows.Lo, Hi: seen}, table.Range{Lo: seen, Hi: rows.Hi}
}

// amongRows returns those rows of d.Past that are in the table again among rows, as far as their cells tell.
func amongRows(d table.Delta, rows table.Range) (past []table.Range) {
	all := make([]int, d.Schema().Len())
	for col := range all {
		all[col] = col
	}
	keys, asked := keyColumns{at: all}, map[uint64]bool{}
	for row := range d.Rows(rows) {
		asked[keys.hash(row)] = true
	}
	for _, r := range d.Past {
		for row := range d.Rows(r) {
			if asked[keys.hash(row)] {
				past = append(past, table.Range{Lo: row.Number(), Hi: row.Number() + 1})
			}
		}
	}
	return past
}

// numRows returns how many rows of r there are, without those that were removed.
func numRows(d table.Delta, r table.Range) (n int) {
	for b := range d.Blocks(r) {
		n += b.Len()
	}
	return n
}

// place returns which of n rows an index means; -1 or n if it is before or behind them.
func place(i, n int) int {
	if i < 0 {
		i += n
	}
	return min(max(i, -1), n)
}
