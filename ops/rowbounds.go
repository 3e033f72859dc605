package ops

import "linecook.dev/linecook/graph/table"

// A rowBounds finds the rows of a log that are asked for by their place.
type rowBounds struct {
	next   uint64 // rows of the input below it were passed on, if they were asked for
	behind uint64 // how many rows are behind next; they may come again with other numbers
}

// asked returns which rows of the input are asked for by the place of the first and the last, counted
// from 0 or from the end if negative: those that were passed on before, and those that come now.
// Without a place (0 and -1) the latter are all new rows, with those that came and went since the last
// cook. With a place they are of the window; while rows come and go, neither end of the range ever
// moves back.
func (r *rowBounds) asked(d table.Delta, first, last int) (old, fresh table.Range) {
	old, fresh = d.Renew()
	if first == 0 && last == -1 {
		return old, fresh
	}
	window := d.Window()
	n := window.Len()
	lo := window.Lo + uint64(max(place(first, n), 0))
	hi := max(lo, window.Lo+uint64(min(place(last, n), n-1)+1))
	seen := r.next
	if d.Reset {
		seen = old.Hi - min(old.Hi, r.behind)
	}
	seen = min(max(seen, lo), hi)
	r.next, r.behind = hi, window.Hi-hi
	return table.Range{Lo: lo, Hi: seen}, table.Range{Lo: seen, Hi: hi}
}

// place returns which of n rows an index means; -1 or n if it is before or behind them.
func place(i, n int) int {
	if i < 0 {
		i += n
	}
	return min(max(i, -1), n)
}
