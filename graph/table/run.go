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
func (r Run) First() uint64 { return r.w.open.first + uint64(r.first) }

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
	cells.refer(k)
	cells.kinds[r.first+i], cells.nums[r.first+i] = k, num
}

// Fill sets all cells of a column. What v refers to is copied once.
func (r Run) Fill(col int, v Value) {
	if col < 0 || r.n == 0 {
		return
	}
	r.Set(0, col, v)
	cells := r.w.open.grow(col)
	kinds, nums := cells.kinds[r.first:][:r.n], cells.nums[r.first:][:r.n]
	for i := range kinds {
		kinds[i], nums[i] = kinds[0], nums[0]
	}
}

// Part returns n of the rows, from the i-th on.
func (r Run) Part(i, n int) Run { return Run{r.w, r.first + i, n} }

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

// Texts sets the cells of a column as Numbers allows, but kinds may be those of text too. The payload of
// such a cell says where in text it is: its offset, and in the lower 32 bits its length.
func (r Run) Texts(col int, kinds []Kind, nums []uint64, text []byte) {
	kinds, nums = kinds[:r.n], nums[:r.n]
	lo, hi := len(text), 0
	for i, k := range kinds {
		if k >= KindString {
			at := int(nums[i] >> 32)
			lo, hi = min(lo, at), max(hi, at+int(nums[i]&0xffffffff))
		}
	}
	c := r.w.open
	if hi > lo+MaxCell || len(c.arena)+hi > maxArena {
		r.eachText(col, kinds, nums, text)
		return
	}
	shift := (uint64(len(c.arena)) - uint64(lo)) << 32
	c.arena = append(c.arena, text[lo:max(lo, hi)]...)
	cells := c.grow(col)
	cells.refer(KindString)
	outKinds, outNums := cells.kinds[r.first:][:len(kinds)], cells.nums[r.first:][:len(kinds)]
	for i, k := range kinds {
		outKinds[i], outNums[i] = k, nums[i]
		if k >= KindString {
			outNums[i] += shift
		}
	}
}

// eachText is Texts for so much text that cells may have to be cut.
func (r Run) eachText(col int, kinds []Kind, nums []uint64, text []byte) {
	for i, k := range kinds {
		if at, n := nums[i]>>32, nums[i]&0xffffffff; k >= KindString {
			r.SetText(i, col, k, text[at:at+n])
		} else {
			r.Set(i, col, Value{kind: k, num: nums[i]})
		}
	}
}
