package ops

import (
	"fmt"
	"math"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Changed passes on a row only when a cell changed since the last row of the same key.
type Changed struct {
	Key       []string `help:"columns whose cells together say whose values a row has, as address; without it all rows are of one"`
	Columns   []string `help:"names or patterns (* ? [abc], ^ excludes) of the columns to compare; without it all but those of key"`
	Threshold float64  `default:"0" min:"0" help:"a number has changed when it differs by more than this from the one that was passed on last"`
	MaxKeys   int      `default:"10000" min:"1" max:"1000000" help:"how many keys are remembered; a row of one more is an error, and is passed on"`

	linear
	scope columnScope
	named slips
	keys  rowKeys
	cols  []int         // those that are compared
	now   []columnCells // of them, in a block
	last  [][]lastCell  // of each key: the cells that were passed on
}

// columnCells is a column of a block, as [table.Block.Column] has it.
type columnCells struct {
	kinds []table.Kind
	nums  []uint64
}

// A lastCell is a cell that was passed on.
type lastCell struct {
	kind table.Kind
	num  uint64
	text []byte // of what is no number
}

// Describe implements [graph.Describer].
func (*Changed) Describe() graph.Description {
	return graph.Description{
		Name: "changed", Help: "Passes on a row only when one of its cells differs from that in the last row that was passed on.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Changed) Check() error {
	s.keys.limit = s.MaxKeys
	return s.scope.compile("columns", s.Columns)
}

// Cook implements [graph.Operator].
func (s *Changed) Cook(c *graph.Cook) error {
	if s.named.differ(c.In(0).View) {
		s.named.lookIn(c, "key", s.Key...)
		s.named.lookIn(c, "columns", s.Columns...)
	}
	s.cook(c, s)
	return nil
}

func (s *Changed) renew(*table.Writer) {
	s.keys.forget()
	s.last = s.last[:0]
}

func (s *Changed) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	s.copyAll(d, w)
	s.keys.follow(d.Schema(), s.Key)
	s.cols = s.cols[:0]
	isKey := make([]bool, d.Schema().Len())
	for _, col := range s.keys.cols {
		if col >= 0 {
			isKey[col] = len(s.Columns) == 0
		}
	}
	for _, col := range s.scope.pick(d.Schema()) {
		if !isKey[col] {
			s.cols = append(s.cols, col)
		}
	}
}

func (s *Changed) pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32 {
	s.now = s.now[:0]
	for _, col := range s.cols {
		kinds, nums := b.Column(col)
		s.now = append(s.now, columnCells{kinds, nums})
	}
	for i := range b.Len() {
		key, isNew := s.keys.of(b, i)
		if key < 0 {
			c.Report(rowFailed(v.RowOf(b, i), fmt.Errorf("it has one key more than the %d of maxkeys", s.MaxKeys)))
			rows = append(rows, int32(i))
			continue
		}
		if key == len(s.last) {
			if key < cap(s.last) {
				s.last = s.last[:key+1]
			} else {
				s.last = append(s.last, nil)
			}
		}
		if s.differs(&s.last[key], b, i, isNew) {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// differs reports whether row i of b has changed since last, and makes it the last if so.
func (s *Changed) differs(last *[]lastCell, b table.Block, i int, isNew bool) bool {
	if isNew {
		*last = (*last)[:0]
	}
	changed := isNew
	for k, col := range s.cols {
		if k == len(*last) {
			*last = append(*last, lastCell{})
		}
		changed = changed || !(*last)[k].is(s.now[k], i) && (*last)[k].differs(b.Value(i, col), s.Threshold)
	}
	if changed {
		for k, col := range s.cols {
			(*last)[k].set(b.Value(i, col))
		}
	}
	return changed
}

// is reports whether cell i has the same eight bytes, if that is all there is of it.
func (l *lastCell) is(c columnCells, i int) bool {
	if c.kinds == nil {
		return l.kind == table.KindNil
	}
	return c.kinds[i] == l.kind && l.kind < table.KindPeer && (c.nums[i] == l.num || l.kind == table.KindNil)
}

func (l *lastCell) differs(v table.Value, threshold float64) bool {
	if f, ok := v.Number(); ok {
		if was, ok := float(l.kind, l.num); ok && l.kind != table.KindBool {
			return !(math.Abs(f-was) <= threshold) && f != was && !(f != f && was != was)
		}
	}
	switch {
	case v.Kind() != l.kind:
		return true
	case v.Kind() < table.KindPeer:
		return v.Kind() != table.KindNil && v.Bits() != l.num
	case v.Kind() == table.KindPeer, v.Kind() == table.KindList:
		return v.String() != string(l.text)
	}
	return v.Str() != string(l.text)
}

func (l *lastCell) set(v table.Value) {
	l.kind, l.num, l.text = v.Kind(), v.Bits(), l.text[:0]
	switch {
	case v.Kind() == table.KindPeer, v.Kind() == table.KindList:
		l.text = v.AppendText(l.text)
	case v.Kind() > table.KindPeer:
		l.text = append(l.text, v.Str()...)
	}
}
