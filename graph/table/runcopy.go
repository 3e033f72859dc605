package table

// Copy sets the cells of column i, for every i, to those that column from[i] has in the rows of b from
// row lo on, or in the given rows of b. Nothing is set if from[i] is negative.
func (r Run) Copy(from []int, b Block, lo int, rows []int32) {
	shift, whole := uint64(0), false
	if rows == nil {
		b.lo, b.hi = b.lo+lo, b.lo+lo+r.n
		shift, whole = r.w.open.takeText(from, b)
	}
	for to, col := range from {
		cells := b.c.column(col)
		if cells == nil {
			continue
		}
		out := r.w.open.grow(to)
		refs := cells.refs.Load()
		if refs {
			out.refs.Store(true)
		}
		kinds, nums := out.kinds[r.first:][:r.n], out.nums[r.first:][:r.n]
		if rows != nil {
			gather(kinds, nums, cells.kinds[b.lo:], cells.nums[b.lo:], rows)
		} else {
			copy(kinds, cells.kinds[b.lo:])
			copy(nums, cells.nums[b.lo:])
		}
		switch {
		case !refs:
		case whole:
			r.w.open.rebase(b.c, kinds, nums, shift)
		default:
			r.w.open.adopt(b.c, kinds, nums)
		}
	}
}

// gather copies the cells of single rows.
func gather(kinds []Kind, nums []uint64, fromKinds []Kind, fromNums []uint64, rows []int32) {
	kinds, nums = kinds[:len(rows)], nums[:len(rows)]
	for i, at := range rows {
		kinds[i], nums[i] = fromKinds[at], fromNums[at]
	}
}

// adopt makes payloads of another chunk those of c.
func (c *chunk) adopt(from *chunk, kinds []Kind, nums []uint64) {
	nums = nums[:len(kinds)]
	for i, k := range kinds {
		switch {
		case k >= KindString:
			nums[i] = c.keep(from.text(nums[i]))
		case k == KindPeer:
			nums[i] = c.hold(from.peers[nums[i]])
		}
	}
}

// rebase is adopt for cells whose text was taken over, and lies so much further behind now.
func (c *chunk) rebase(from *chunk, kinds []Kind, nums []uint64, shift uint64) {
	nums = nums[:len(kinds)]
	for i, k := range kinds {
		switch {
		case k >= KindString:
			nums[i] += shift
		case k == KindPeer:
			nums[i] = c.hold(from.peers[nums[i]])
		}
	}
}

// takeText appends the part of the arena in which the text of b's columns lies, in one go, if little
// else lies between. It returns what is to be added to payloads that refer to it.
func (c *chunk) takeText(from []int, b Block) (shift uint64, taken bool) {
	lo, hi, size := uint64(len(b.c.arena)), uint64(0), uint64(0)
	for _, col := range from {
		cells := b.c.column(col)
		if cells == nil || !cells.refs.Load() {
			continue
		}
		kinds := cells.kinds[b.lo:b.hi]
		nums := cells.nums[b.lo:b.hi][:len(kinds)]
		for i, k := range kinds {
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
