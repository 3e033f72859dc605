package ops

import (
	"iter"

	"linecook.dev/linecook/graph/table"
)

// A rowIndex finds the rows that are now in an input's table by their keys. It costs forty bytes a row.
type rowIndex struct {
	keys   keyColumns
	index  keyIndex // hash of a key: its group
	groups []rowGroup
	free   []int32
	links  rowRing[rowLink]
}

// A rowGroup is the rows of one key, in order. Group 0 is none.
type rowGroup struct {
	hash        uint64
	first, last uint64
	n           int
}

type rowLink struct {
	group      int32
	prev, next uint64
}

func (x *rowIndex) reset() {
	x.index.reset()
	x.groups, x.free = append(x.groups[:0], rowGroup{}), x.free[:0]
	x.links.reset()
}

// find returns the group of the key that row has in the columns of keys, or 0.
func (x *rowIndex) find(v *table.View, keys *keyColumns, row table.Row) int32 {
	return x.probe(v, keys, row, keys.hash(row))
}

func (x *rowIndex) probe(v *table.View, keys *keyColumns, row table.Row, hash uint64) int32 {
	for p := x.index.probe(hash); ; {
		g, ok := p.next()
		if !ok {
			return 0
		}
		if keys.same(row, v.Row(x.groups[g].first), x.keys.at) {
			return int32(g)
		}
	}
}

// add adds a row of v behind all others, and returns its group.
func (x *rowIndex) add(v *table.View, row table.Row) int32 {
	if len(x.groups) == 0 {
		x.reset()
	}
	hash, n := x.keys.hash(row), row.Number()
	g := x.probe(v, &x.keys, row, hash)
	if g == 0 {
		g = x.newGroup(hash, n)
	}
	for x.links.len() > 0 && x.links.end() < n {
		x.links.add(x.links.end(), rowLink{})
	}
	x.links.add(n, rowLink{group: g, prev: x.groups[g].last})
	group := &x.groups[g]
	if group.n > 0 {
		x.links.at(group.last).next = n
	}
	group.last = n
	group.n++
	return g
}

func (x *rowIndex) newGroup(hash, row uint64) int32 {
	g := int32(len(x.groups))
	if last := len(x.free) - 1; last >= 0 {
		g, x.free = x.free[last], x.free[:last]
	} else {
		x.groups = append(x.groups, rowGroup{})
	}
	x.groups[g] = rowGroup{hash: hash, first: row}
	x.index.add(hash, uint64(g))
	return g
}

// remove takes out a row, and returns its group, which may be empty then; 0 if the row was not there.
func (x *rowIndex) remove(row uint64) int32 {
	if !x.links.has(row) || x.links.at(row).group == 0 {
		return 0
	}
	link := x.links.at(row)
	g := link.group
	group := &x.groups[g]
	if row == group.first {
		group.first = link.next
	} else {
		x.links.at(link.prev).next = link.next
	}
	if row == group.last {
		group.last = link.prev
	} else {
		x.links.at(link.next).prev = link.prev
	}
	link.group = 0
	for x.links.len() > 0 && x.links.at(x.links.first).group == 0 {
		x.links.pop()
	}
	if group.n--; group.n == 0 {
		x.index.remove(group.hash, uint64(g))
		x.free = append(x.free, g)
	}
	return g
}

// rows walks the rows of a group. They may be removed on the way.
func (x *rowIndex) rows(g int32) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		if g == 0 {
			return
		}
		for n, row := x.groups[g].n, x.groups[g].first; n > 0; n-- {
			next := x.links.at(row).next
			if !yield(row) {
				return
			}
			row = next
		}
	}
}

// gone walks the rows that were in the input's table and are no longer.
func gone(d table.Delta) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for row := range d.Removed() {
			if !yield(row.Number()) {
				return
			}
		}
		known := table.Range{Lo: d.Expired.Lo, Hi: min(d.Expired.Hi, d.Appended.Lo)}
		for row := range d.Rows(known) {
			if !yield(row.Number()) {
				return
			}
		}
	}
}

// within returns the part of rows that is in the window.
func within(d table.Delta, rows table.Range) table.Range {
	return table.Range{Lo: max(rows.Lo, d.Window().Lo), Hi: rows.Hi}
}
