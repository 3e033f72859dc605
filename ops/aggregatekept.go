package ops

import (
	"fmt"
	"slices"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// keptRows are the rows that an Aggregate may have to take out of its sums again, or must give the
// last of: the cells of the columns it computes from, in a table of its own.
type keptRows struct {
	ring  rowRing[keptRow]
	table *table.Table
	w     *table.Writer
	live  int
	saved []keptRow // of compact; prev is the row's own number
}

type keptRow struct {
	group      int32 // 0: taken out
	prev, next uint64
	source     uint64
	at         time.Duration
}

func (k *keptRows) reset() {
	k.ring.reset()
	k.live = 0
	if k.w != nil {
		k.w.Reset()
		k.table.Commit(k.w)
	}
}

// oldest returns the first row that is kept.
func (k *keptRows) oldest() *keptRow { return k.ring.at(k.ring.first) }

// cell returns a cell of a row that is kept.
func (k *keptRows) cell(at uint64, col int) table.Value {
	if at >= k.table.Window().Hi {
		k.table.Commit(k.w)
	}
	return k.table.Cell(at, col)
}

// find returns which row is that of the source.
func (k *keptRows) find(source uint64) (at uint64, ok bool) {
	items := k.ring.items[k.ring.head:]
	i, ok := slices.BinarySearchFunc(items, source, func(r keptRow, source uint64) int {
		switch {
		case r.source < source:
			return -1
		case r.source > source:
			return 1
		}
		return 0
	})
	return k.ring.first + uint64(i), ok && items[i].group != 0
}

// add keeps a row whose cells are in columns.
func (k *keptRows) add(e int32, g *group, row table.Row, columns []int, at time.Duration) {
	if k.table == nil {
		k.table, k.w = table.New(table.Limits{Bytes: 1 << 50}), table.NewWriter()
		for i := range columns {
			k.w.Col(fmt.Sprint(i))
		}
	}
	n := k.w.Row()
	for i, col := range columns {
		if col >= 0 {
			k.w.Copy(i, row, col)
		}
	}
	k.ring.add(n, keptRow{group: e, source: row.Number(), at: at})
	k.link(g, n)
	k.live++
}

func (k *keptRows) link(g *group, n uint64) {
	if g.held == 0 {
		g.first = n
	} else {
		k.ring.at(n).prev = g.last
		k.ring.at(g.last).next = n
	}
	g.last = n
	g.held++
}

// drop lets go of a row of g.
func (k *keptRows) drop(g *group, at uint64) {
	r := k.ring.at(at)
	if at == g.first {
		g.first = r.next
	} else {
		k.ring.at(r.prev).next = r.next
	}
	if at == g.last {
		g.last = r.prev
	} else {
		k.ring.at(r.next).prev = r.prev
	}
	r.group = 0
	g.held--
	k.live--
	for k.ring.len() > 0 && k.oldest().group == 0 {
		k.ring.pop()
	}
	k.w.Expire(k.ring.first)
}

// sparse reports whether most of the rows are taken out.
func (k *keptRows) sparse() bool { return k.ring.len() > 2*k.live+1024 }

// compact moves the rows together, under new numbers.
func (k *keptRows) compact(groups []group) {
	k.saved = k.saved[:0]
	for i, r := range k.ring.items[k.ring.head:] {
		if r.group != 0 {
			groups[r.group].held = 0
			r.prev = k.ring.first + uint64(i)
			k.saved = append(k.saved, r)
		}
	}
	k.table.Commit(k.w)
	k.ring.reset()
	for _, r := range k.saved {
		n := k.w.Row()
		copyCells(k.w, k.table.Row(r.prev))
		k.ring.add(n, keptRow{group: r.group, source: r.source, at: r.at})
		k.link(&groups[r.group], n)
	}
	k.w.Expire(k.ring.first)
	k.table.Commit(k.w)
}

// keep keeps a row as long as it may be taken out.
func (a *Aggregate) keep(c *graph.Cook, e int32, row table.Row, at time.Duration) {
	if a.Over == "all" || a.Over == "tumble" {
		return
	}
	g := &a.groups[e]
	a.kept.add(e, g, row, a.columns.at, at)
	if a.Over == "rows" && g.held > a.Rows {
		a.retract(g.first)
	}
	if a.kept.live > a.MaxRows {
		c.Report(fmt.Errorf("row %d no longer counts: more than maxrows %d rows do", a.kept.oldest().source, a.MaxRows))
		a.retract(a.kept.ring.first)
	}
}
