package table

import (
	"iter"
	"slices"
)

// A Range is the rows Lo up to but not including Hi. It is empty if Lo >= Hi.
type Range struct{ Lo, Hi uint64 }

// Len returns the number of rows.
func (r Range) Len() int { return int(max(r.Hi, r.Lo) - r.Lo) }

// A View is the committed rows of a table, as they are read.
type View struct {
	schema  *Schema
	chunks  []*chunk // full ones, in order of their rows
	tail    chunk    // header of the next one, as it was committed; rows from end on are not
	base    uint64
	end     uint64
	rows    int    // largest window, 0 for any
	cleared uint64 // the end of the table when it was cleared last
	gone    int    // rows of the window that were removed
}

// Schema returns the columns.
func (v *View) Schema() *Schema { return v.schema }

// Window returns the rows now in the table.
func (v *View) Window() Range { return Range{v.base, v.end} }

// NumRows returns how many rows are in the table.
func (v *View) NumRows() int { return int(v.end-v.base) - v.gone }

// Cell returns a cell by its absolute row number and its column. The row must be in the window or
// in a delta that is still to be read.
func (v *View) Cell(row uint64, col int) Value {
	c := v.chunkOf(row)
	return c.value(int(row-c.first), col)
}

// oldest returns the first row whose cells are still in memory.
func (v *View) oldest() uint64 {
	if len(v.chunks) > 0 {
		return v.chunks[0].first
	}
	return min(v.tail.first, v.end)
}

// Blocks walks the rows of r, but those that were removed, in runs that lie together in memory.
func (v *View) Blocks(r Range) iter.Seq[Block] {
	return func(yield func(Block) bool) {
		for row := r.Lo; row < r.Hi; {
			c := v.chunkOf(row)
			end := int(min(r.Hi, c.end()) - c.first)
			lo, hi := c.run(int(row-c.first), end)
			if lo < hi && !yield(Block{c, lo, hi}) {
				return
			}
			row = c.first + uint64(hi)
		}
	}
}

// Rows walks the rows of r, but those that were removed.
func (v *View) Rows(r Range) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for b := range v.Blocks(r) {
			for i := range b.Len() {
				if !yield(Row{v.schema, b, i}) {
					return
				}
			}
		}
	}
}

// chunkOf returns the chunk that holds row.
func (v *View) chunkOf(row uint64) *chunk {
	if row >= v.tail.first {
		return &v.tail
	}
	return v.chunks[v.find(row)]
}

// find returns which of the full chunks holds row.
func (v *View) find(row uint64) int {
	i, _ := slices.BinarySearchFunc(v.chunks, row, func(c *chunk, row uint64) int {
		if c.first <= row {
			return -1
		}
		return 1
	})
	return i - 1
}

// A Block is a run of rows that lie together in one chunk.
type Block struct {
	c      *chunk
	lo, hi int
}

// First returns the number of the block's first row.
func (b Block) First() uint64 { return b.c.first + uint64(b.lo) }

// Len returns the number of rows.
func (b Block) Len() int { return b.hi - b.lo }

// Column returns the cells of a column, a kind and a payload for each row; both are nil if all
// cells are nil. The payload of a number is its bit pattern (an int's two's complement, a float32's
// low 32 bits); that of a string, bytes, list or peer is private: use [Block.Value]. The caller
// must not write to them.
func (b Block) Column(col int) (kinds []Kind, nums []uint64) {
	cells := b.c.column(col)
	if cells == nil {
		return nil, nil
	}
	return cells.kinds[b.lo:b.hi], cells.nums[b.lo:b.hi]
}

// Value returns the cell in row i of the block, counted from 0.
func (b Block) Value(i, col int) Value { return b.c.value(b.lo+i, col) }

// A Row is one row of a table.
type Row struct {
	schema *Schema
	b      Block
	i      int
}

// RowOf returns row i of one of the view's blocks, counted from 0.
func (v *View) RowOf(b Block, i int) Row { return Row{v.schema, b, i} }

// Block returns the row as a block of one, and the columns.
func (r Row) Block() (*Schema, Block) {
	return r.schema, Block{r.b.c, r.b.lo + r.i, r.b.lo + r.i + 1}
}

// Number returns the row's absolute number.
func (r Row) Number() uint64 { return r.b.First() + uint64(r.i) }

// Name returns the name of a column.
func (r Row) Name(col int) string { return r.schema.Name(col) }

// Len returns the number of columns.
func (r Row) Len() int { return r.schema.Len() }

// Cell returns the cell in a column; nil if there is no such column.
func (r Row) Cell(col int) Value {
	if col < 0 {
		return Value{}
	}
	return r.b.Value(r.i, col)
}

// Get returns the cell in the column called name; nil if there is no such column.
func (r Row) Get(name string) Value { return r.Cell(r.schema.Index(name)) }

// Cells walks the row from left to right, one cell for each column.
func (r Row) Cells() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i, name := range r.schema.names {
			if !yield(name, r.Cell(i)) {
				return
			}
		}
	}
}
