package ops

import (
	"cmp"
	"fmt"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/fold"
)

// asof has the rows of both inputs of a Join in order of their time, for each group of their index.
type asof [2][]sorted[timedRow]

type timedRow struct {
	time fold.Number
	row  uint64
}

func compareTimed(a, b timedRow) int {
	if c := compareNumbers(a.time, b.time); c != 0 {
		return c
	}
	return cmp.Compare(a.row, b.row)
}

func (a *asof) reset() {
	for i := range a {
		for g := range a[i] {
			a[i][g].fill(nil)
		}
	}
}

// of returns the rows of a group. It is valid until the next call.
func (a *asof) of(i int, g int32) *sorted[timedRow] {
	for len(a[i]) <= int(g) {
		a[i] = append(a[i], sorted[timedRow]{})
	}
	return &a[i][g]
}

// timed returns when a row of input i was. It has no time if that cell is no number, or NaN.
func (k *joining) timed(i int, row table.Row) (timedRow, bool) {
	n, ok := fold.Of(row.Cell(k.d[i].Schema().Index(k.Time)))
	return timedRow{n, row.Number()}, ok && n.Float() == n.Float()
}

// comeAsOf pairs a row of input i whose own group is own, and the other input's is g.
func (k *joining) comeAsOf(i int, row table.Row, own, g int32) {
	t, ok := k.timed(i, row)
	if !ok {
		col := k.d[i].Schema().Index(k.Time)
		k.c.Report(fmt.Errorf("input %d: %w", i+1, keyError(row, fmt.Errorf("%s is %s, which is no time: it matches nothing", k.Time, cellText(row.Cell(col))))))
	}
	if ok && own != 0 {
		k.asof.of(i, own).add(t, compareTimed)
	}
	if i == 0 {
		k.pair(t.row, k.best(t, ok, g))
		return
	}
	if !ok {
		return
	}
	for left := range k.asof.of(0, g).from(timedRow{time: t.time}, compareTimed) {
		best := k.best(left, true, own)
		if best != t.row && best != noRow {
			break // from here on a later one is better
		}
		if e := *k.left.pairs.at(left.row); best == t.row && e != 0 {
			k.part(e)
			k.pair(left.row, best)
		}
	}
}

// best returns the row of group g of the second input that was the last at a time, or noRow.
func (k *joining) best(t timedRow, ok bool, g int32) uint64 {
	if !ok || g == 0 {
		return noRow
	}
	right, any := k.asof.of(1, g).before(timedRow{t.time, noRow}, compareTimed)
	if !any || k.Tolerance > 0 && t.time.Float()-right.time.Float() > k.Tolerance.Seconds() {
		return noRow
	}
	return right.row
}

// matchAgain pairs a row of the first input whose other one is gone.
func (k *joining) matchAgain(left uint64) {
	row, g := k.d[0].Row(left), int32(0)
	if !k.left.index.keys.empty(row) {
		g = k.right.index.find(k.d[1].View, &k.left.index.keys, row)
	}
	t, ok := k.timed(0, row)
	k.pair(left, k.best(t, ok, g))
}
