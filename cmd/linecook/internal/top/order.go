package top

import (
	"cmp"
	"slices"
)

// An order is what nodes are sorted by. The zero order is that of the plan.
type order struct {
	by       int // a column and 1; 0 is the plan
	backward bool
}

// sorted returns the nodes that a filter shows, in order. Equal ones keep that of the plan.
func (o order) sorted(nodes []*node, f filter) []*node {
	var shown []*node
	for _, n := range nodes {
		if f.shows(n.Path) {
			shown = append(shown, n)
		}
	}
	falling := o.backward
	compare := func(a, b *node) int { return cmp.Compare(a.Index, b.Index) }
	if o.by > 0 {
		compare = columns[o.by-1].compare
		falling = columns[o.by-1].falling != o.backward
	}
	slices.SortStableFunc(shown, func(a, b *node) int {
		if falling {
			a, b = b, a
		}
		return compare(a, b)
	})
	return shown
}

// String says what the order is, for people.
func (o order) String() string {
	name := "plan"
	if o.by > 0 {
		name = columns[o.by-1].title
	}
	if o.backward {
		name += ", reversed"
	}
	return name
}
