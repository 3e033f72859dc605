package ops

import (
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A cellColumn is what an operator computed for one column of its table, a cell for each row of a block.
type cellColumn struct {
	to     int  // column of the table
	over   bool // cells that are nil leave what was copied there
	kinds  []table.Kind
	nums   []uint64 // of text: where it lies, and its length
	text   []byte
	values []table.Value // of peers and lists
	any    bool          // a cell was set
	texts  bool          // there is text
	others bool          // there are values
}

// begin makes room for n cells, and makes them nil.
func (s *cellColumn) begin(n int) {
	s.kinds = slices.Grow(s.kinds[:0], n)[:n]
	s.nums = slices.Grow(s.nums[:0], n)[:n]
	clear(s.kinds)
	s.text, s.any, s.texts, s.others = s.text[:0], false, false, false
}

func (s *cellColumn) set(i int32, v table.Value) {
	s.any = true
	switch k := v.Kind(); k {
	case table.KindString, table.KindSymbol, table.KindBytes:
		at := len(s.text)
		s.text = append(s.text, v.Str()...)
		s.setText(i, k, at)
	case table.KindPeer, table.KindList:
		s.kinds[i], s.others = k, true
		s.values = slices.Grow(s.values[:0], len(s.kinds))[:len(s.kinds)]
		s.values[i] = v
	default:
		s.kinds[i], s.nums[i] = k, v.Bits()
	}
}

// setText sets a cell to what was appended to text from at on.
func (s *cellColumn) setText(i int32, k table.Kind, at int) {
	s.kinds[i], s.nums[i] = k, uint64(at)<<32|uint64(len(s.text)-at)
	s.any, s.texts = true, true
}

// fill writes the cells of some rows of the block.
func (s *cellColumn) fill(r table.Run, rows []int32) {
	first := rows[0]
	switch {
	case s.to < 0, s.over && !s.any:
	case s.over || s.others || int(rows[len(rows)-1]-first) != len(rows)-1:
		s.fillEach(r, rows)
	case s.texts:
		r.Texts(s.to, s.kinds[first:], s.nums[first:], s.text)
	default:
		kinds, nums := r.Numbers(s.to)
		copy(kinds, s.kinds[first:])
		copy(nums, s.nums[first:])
	}
}

func (s *cellColumn) fillEach(r table.Run, rows []int32) {
	kinds, nums := r.Numbers(s.to)
	for i, row := range rows {
		switch k := s.kinds[row]; k {
		case table.KindString, table.KindSymbol, table.KindBytes:
			at, n := s.nums[row]>>32, s.nums[row]&0xffffffff
			r.SetText(i, s.to, k, s.text[at:at+n])
		case table.KindPeer, table.KindList:
			r.Set(i, s.to, s.values[row])
		default:
			if k != table.KindNil || !s.over {
				kinds[i], nums[i] = k, s.nums[row]
			}
		}
	}
}

// A computing is a linear some of whose cells are computed.
type computing struct {
	linear
	cells []cellColumn
}

// computes returns n computed columns, whose places in the table are to be set.
func (p *computing) computes(n int) []cellColumn {
	for len(p.cells) < n {
		p.cells = append(p.cells, cellColumn{})
	}
	p.cells = p.cells[:n]
	return p.cells
}

// each computes the cells of each row of b. A row for which f fails is reported.
func (p *computing) each(c *graph.Cook, v *table.View, b table.Block, rows []int32, f func(i int32, row table.Row) error) []int32 {
	for k := range p.cells {
		p.cells[k].begin(b.Len())
	}
	i := int32(0)
	for row := range v.Rows(blockRange(b)) {
		if err := f(i, row); err != nil {
			c.Report(rowFailed(row, err))
		} else {
			rows = append(rows, i)
		}
		i++
	}
	return rows
}

func (p *computing) fill(r table.Run, rows []int32) {
	for k := range p.cells {
		p.cells[k].fill(r, rows)
	}
}
