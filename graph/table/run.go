package table

// A Run is rows that were begun together. It is valid until its Writer begins another row.
type Run struct {
	w     *Writer
	first int // of the open chunk's rows
	n     int
}

// Run begins rows that lie together in memory: n of them, or as many as there is room for, which is
// at least one. The row before them is complete.
func (w *Writer) Run(n int) Run {
	w.Row()
	c := w.open
	more := min(n-1, c.rows-c.n)
	c.n += more
	w.end += uint64(more)
	return Run{w, c.n - more - 1, more + 1}
}

// First returns the number of the first row.
func (r Run) First() uint64 { return r.w.end - uint64(r.n) }

// Len returns how many rows there are.
func (r Run) Len() int { return r.n }

// Set sets a cell of row i, counted from 0. It copies what v refers to.
func (r Run) Set(i, col int, v Value) {
	if col < 0 {
		return
	}
	c := r.w.open
	k, num := v.kind, v.num
	switch {
	case k == KindPeer:
		num = c.hold(v.peer)
	case k.arena():
		k, num = r.w.text(k, v.str)
	}
	cells := c.grow(col)
	cells.kinds[r.first+i], cells.nums[r.first+i] = k, num
}

// SetText sets a cell of row i to a copy of text. Its kind is KindString, KindSymbol or KindBytes.
func (r Run) SetText(i, col int, k Kind, text []byte) {
	r.Set(i, col, Value{kind: k, str: alias(text)})
}

// Numbers returns the cells of a column, to be set to numbers: kinds below KindPeer and their payloads,
// as [Block.Column] has them.
func (r Run) Numbers(col int) (kinds []Kind, nums []uint64) {
	cells := r.w.open.grow(col)
	return cells.kinds[r.first:][:r.n], cells.nums[r.first:][:r.n]
}

// Copy sets the cells of column i, for every i, to those that column from[i] has in the rows of b from
// row lo on, or in the given rows of b. Nothing is set if from[i] is negative.
func (r Run) Copy(from []int, b Block, lo int, rows []int32) {
	c := r.w.open
	b.lo, b.hi = b.lo+lo, b.lo+lo+r.n
	shift, whole := uint64(0), false
	if rows == nil {
		shift, whole = c.takeText(from, b)
	} else {
		b.lo, rows = b.lo-lo, rows[:r.n]
	}
	for to, col := range from {
		if col < 0 {
			continue
		}
		cells := b.c.column(col)
		if cells == nil {
			continue
		}
		out := c.grow(to)
		switch {
		case rows != nil:
			r.gather(out, b, cells, rows)
		case whole:
			r.rebase(out, b, cells, shift)
		default:
			r.each(out, b, cells)
		}
	}
}

// gather copies the cells of single rows.
func (r Run) gather(out *column, b Block, cells *column, rows []int32) {
	kinds, nums := out.kinds[r.first:][:len(rows)], out.nums[r.first:][:len(rows)]
	fromKinds, fromNums := cells.kinds[b.lo:], cells.nums[b.lo:]
	for i, at := range rows {
		k, num := fromKinds[at], fromNums[at]
		if k >= KindPeer {
			num = r.w.open.adopt(b.c, k, num)
		}
		kinds[i], nums[i] = k, num
	}
}

// each copies cells one by one.
func (r Run) each(out *column, b Block, cells *column) {
	kinds, nums := out.kinds[r.first:][:r.n], out.nums[r.first:][:r.n]
	copy(kinds, cells.kinds[b.lo:])
	copy(nums, cells.nums[b.lo:])
	for i, k := range kinds {
		if k >= KindPeer {
			nums[i] = r.w.open.adopt(b.c, k, nums[i])
		}
	}
}

// rebase copies cells whose text was taken over, and lies so much further behind now.
func (r Run) rebase(out *column, b Block, cells *column, shift uint64) {
	kinds, nums := out.kinds[r.first:][:r.n], out.nums[r.first:][:r.n]
	copy(kinds, cells.kinds[b.lo:])
	copy(nums, cells.nums[b.lo:])
	for i, k := range kinds {
		if k >= KindString {
			nums[i] += shift
		} else if k == KindPeer {
			nums[i] = r.w.open.hold(b.c.peers[nums[i]])
		}
	}
}

// adopt returns the payload in c of a cell of another chunk.
func (c *chunk) adopt(from *chunk, k Kind, num uint64) uint64 {
	if k == KindPeer {
		return c.hold(from.peers[num])
	}
	return c.keep(from.text(num))
}

// takeText appends the part of the arena in which the text of b's columns lies, in one go, if little
// else lies between. It returns what is to be added to payloads that refer to it.
func (c *chunk) takeText(from []int, b Block) (shift uint64, taken bool) {
	lo, hi, size := uint64(len(b.c.arena)), uint64(0), uint64(0)
	for _, col := range from {
		if col < 0 {
			continue
		}
		cells := b.c.column(col)
		if cells == nil {
			continue
		}
		nums := cells.nums[b.lo:b.hi]
		for i, k := range cells.kinds[b.lo:b.hi] {
			if k >= KindString {
				at, n := nums[i]>>32, nums[i]&0xffffffff
				lo, hi, size = min(lo, at), max(hi, at+n), size+n
			}
		}
	}
	if hi > lo+size+size/8 {
		return 0, false
	}
	shift = (uint64(len(c.arena)) - lo) << 32
	c.arena = append(c.arena, b.c.arena[lo:max(lo, hi)]...)
	return shift, true
}
