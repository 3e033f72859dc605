package ops

import (
	"linecook.dev/linecook/graph/table"
)

// rowPlaces knows where in an operator's table each row of an input is. It costs eight bytes a row.
type rowPlaces struct{ ring rowRing[uint64] }

func (p *rowPlaces) reset() { p.ring.reset() }

// put notes that row of the input is at place. Rows come in order.
func (p *rowPlaces) put(row, place uint64) {
	for p.ring.len() > 0 && p.ring.end() < row {
		p.ring.add(p.ring.end(), noRow)
	}
	p.ring.add(row, place)
}

// move notes that a row is somewhere else.
func (p *rowPlaces) move(row, place uint64) { *p.ring.at(row) = place }

// of returns where row is, or noRow.
func (p *rowPlaces) of(row uint64) uint64 {
	if !p.ring.has(row) {
		return noRow
	}
	return *p.ring.at(row)
}

// take takes a row out, and returns where it was.
func (p *rowPlaces) take(row uint64) uint64 {
	place := p.of(row)
	if place != noRow {
		p.move(row, noRow)
	}
	return place
}

// forget lets go of what is known of rows before from.
func (p *rowPlaces) forget(from uint64) {
	for p.ring.len() > 0 && p.ring.first < from {
		p.ring.pop()
	}
}

// first returns where the first row is, or noRow. It lets go of what is known of those before it.
func (p *rowPlaces) first() uint64 {
	for p.ring.len() > 0 && *p.ring.at(p.ring.first) == noRow {
		p.ring.pop()
	}
	if p.ring.len() == 0 {
		return noRow
	}
	return *p.ring.at(p.ring.first)
}

// withdraw takes rows out of a table whose first row is to be first: from its front without a trace.
func withdraw(w *table.Writer, first uint64, rows []uint64) {
	w.Expire(min(first, w.End()))
	for _, row := range rows {
		if row >= first {
			w.Remove(row)
		}
	}
}

// fragmented reports whether a table is to be written again, since it has more gaps than rows.
func fragmented(t *table.Table) bool { return t.Gaps() > max(compactFrom, t.NumRows()) }
