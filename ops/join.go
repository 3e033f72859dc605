package ops

import (
	"fmt"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Join makes a row of each pair of rows of its two inputs that have the same key. Its rows are in the
// order in which their pairs came about; a row goes when one of its pair does. An empty key is that of no
// other row.
type Join struct {
	How string `default:"inner" menu:"inner left asof" help:"inner: all pairs; left: these, and each row of the first input that has no other, with empty cells; asof: each row of the first input with that one of the second which was the last by its time"`
	Matching
	Time      string        `default:"time" help:"column of both inputs with the time in seconds, over asof"`
	Tolerance time.Duration `default:"0" min:"0" unit:"seconds" help:"how much earlier the other row may be, over asof; 0: any time"`
	MaxRows   int           `default:"1000000" min:"1" max:"50000000" unit:"rows" help:"most pairs; one more is an error of the node, and left out"`

	columns     sideCopy
	left, right joinSide
	keyed
	pairs []joinPair // of the entries
	asof  asof
}

// A joinSide is one input: its rows by key, and the pairs that each of them is in.
type joinSide struct {
	index rowIndex
	pairs rowRing[int32] // the first of a row's
}

// A joinPair is one row of a Join.
type joinPair struct {
	row  [2]uint64 // of each input; noRow if there is none
	next [2]int32  // of the same row of that input
	prev [2]int32
}

// Describe implements [graph.Describer].
func (*Join) Describe() graph.Description {
	return graph.Description{
		Name: "join", Help: "Makes a row of each pair of rows of two inputs that have the same key.",
		Inputs: graph.Arity{Min: 2, Max: 2}, Class: graph.ClassIndex,
	}
}

// Check implements [graph.Checker].
func (j *Join) Check() error {
	err := j.check()
	j.left.index.keys.names, j.right.index.keys.names = j.keys.left.names, j.keys.right.names
	return err
}

// Cook implements [graph.Operator].
func (j *Join) Cook(c *graph.Cook) error {
	k := joining{Join: j, c: c, w: c.Out(), d: [2]table.Delta{c.Changes(0), c.Changes(1)}}
	own := c.Node().Table()
	anew := k.d[0].Reset || k.d[1].Reset || j.columns.change(k.d[0].Schema(), k.d[1].Schema())
	j.columns.update(&j.Matching, k.d[0].Schema(), k.d[1].Schema(), k.w)
	for i := range k.d {
		k.side(i).index.keys.update(k.d[i].Schema())
	}
	if !anew {
		j.lost(c, own, nil)
		k.leave(0)
		k.leave(1)
		k.come(0, k.d[0].Appended)
		k.come(1, k.d[1].Appended)
		k.write(own)
		return nil
	}
	k.renew()
	return nil
}

// joining is one cook of a Join.
type joining struct {
	*Join
	c *graph.Cook
	w *table.Writer
	d [2]table.Delta
}

func (k *joining) side(i int) *joinSide {
	if i == 0 {
		return &k.left
	}
	return &k.right
}

// renew pairs all rows again.
func (k *joining) renew() {
	k.keyed.reset()
	k.asof.reset()
	for i := range k.d {
		k.side(i).index.reset()
		k.side(i).pairs.reset()
	}
	left, newLeft := k.d[0].Renew()
	right, newRight := k.d[1].Renew()
	k.come(0, left)
	k.come(1, right)
	k.passOn(0)
	k.passOn(1)
	k.w.Reset()
	restated := k.w.End()
	k.write(nil)
	k.w.RestateFrom(restated)
	k.come(0, newLeft)
	k.come(1, newRight)
	k.write(nil)
}

// passOn writes the pairs of rows of input i that are new between others.
func (k *joining) passOn(i int) {
	for _, past := range k.d[i].Past {
		for row := range k.d[i].Rows(past) {
			if i == 0 && k.How != "inner" && k.left.index.keys.empty(row) {
				k.w.Row()
				k.columns.left.copy(k.w, row)
			}
			k.writePairsLike(i, row)
		}
	}
}

// writePairsLike writes the pairs of the row of input i that has the cells of row.
func (k *joining) writePairsLike(i int, row table.Row) {
	s := k.side(i)
	for n := range s.index.rows(s.index.find(k.d[i].View, &s.index.keys, row)) {
		if !sameCells(row, k.d[i].Row(n)) {
			continue
		}
		for e := *s.pairs.at(n); e != 0; e = k.pairs[e].next[i] {
			k.w.Row()
			k.writePair(e)
		}
		return
	}
}

// leave takes out the rows of input i that are gone.
func (k *joining) leave(i int) {
	s := k.side(i)
	for row := range gone(k.d[i]) {
		if !s.pairs.has(row) {
			continue
		}
		if g := s.index.remove(row); k.How == "asof" {
			if t, ok := k.timed(i, k.d[i].Row(row)); ok {
				k.asof.of(i, g).remove(t, compareTimed)
			}
		}
		for e := *s.pairs.at(row); e != 0; e = *s.pairs.at(row) {
			other := k.pairs[e].row[1-i]
			k.part(e)
			if i == 0 || k.How == "inner" {
				continue
			}
			if k.How == "asof" {
				k.matchAgain(other)
			} else if *k.left.pairs.at(other) == 0 {
				k.pair(other, noRow)
			}
		}
	}
	for s.pairs.len() > 0 && s.pairs.first < k.d[i].Window().Lo {
		s.pairs.pop()
	}
}

// come pairs rows of input i with those of the other one.
func (k *joining) come(i int, rows table.Range) {
	s, other := k.side(i), k.side(1-i)
	for row := range k.d[i].Rows(within(k.d[i], rows)) {
		n := row.Number()
		for s.pairs.len() > 0 && s.pairs.end() < n {
			s.pairs.add(s.pairs.end(), 0)
		}
		s.pairs.add(n, 0)
		if err := s.index.keys.missing; err != nil {
			k.c.Report(fmt.Errorf("input %d: %w", i+1, keyError(row, err)))
			continue
		}
		own, g := int32(0), int32(0)
		if !s.index.keys.empty(row) {
			own = s.index.add(k.d[i].View, row)
			g = other.index.find(k.d[1-i].View, &s.index.keys, row)
		}
		switch {
		case k.How == "asof":
			k.comeAsOf(i, row, own, g)
		case i == 0:
			k.comeLeft(n, g)
		default:
			k.comeRight(n, g)
		}
	}
}

func (k *joining) comeLeft(left uint64, g int32) {
	for right := range k.right.index.rows(g) {
		k.pair(left, right)
	}
	if g == 0 && k.How == "left" {
		k.pair(left, noRow)
	}
}

func (k *joining) comeRight(right uint64, g int32) {
	for left := range k.left.index.rows(g) {
		if e := *k.left.pairs.at(left); e != 0 && k.pairs[e].row[1] == noRow {
			k.part(e)
		}
		k.pair(left, right)
	}
}

// pair adds a pair.
func (k *joining) pair(left, right uint64) {
	if k.n >= k.MaxRows {
		k.c.Report(fmt.Errorf("row %d of input 1 and row %d of input 2 are left out: there are %d pairs, as many as maxrows says", left, right, k.n))
		return
	}
	e := k.add()
	for len(k.pairs) <= int(e) {
		k.pairs = append(k.pairs, joinPair{})
	}
	k.pairs[e] = joinPair{row: [2]uint64{left, right}}
	for i, row := range k.pairs[e].row {
		if row == noRow {
			continue
		}
		first := k.side(i).pairs.at(row)
		if *first != 0 {
			k.pairs[*first].prev[i] = e
		}
		k.pairs[e].next[i], *first = *first, e
	}
}

// part takes out a pair.
func (k *joining) part(e int32) {
	p := &k.pairs[e]
	for i, row := range p.row {
		switch {
		case row == noRow:
			continue
		case p.prev[i] == 0:
			*k.side(i).pairs.at(row) = p.next[i]
		default:
			k.pairs[p.prev[i]].next[i] = p.next[i]
		}
		if p.next[i] != 0 {
			k.pairs[p.next[i]].prev[i] = p.prev[i]
		}
	}
	k.remove(e, k.w)
}

func (k *joining) write(own *table.Table) { k.flush(own, k.w, k.writePair) }

func (k *joining) writePair(e int32) {
	p := &k.pairs[e]
	k.columns.left.copy(k.w, k.d[0].Row(p.row[0]))
	if p.row[1] != noRow {
		k.columns.copyRight(k.w, k.d[1].Row(p.row[1]))
	}
}
