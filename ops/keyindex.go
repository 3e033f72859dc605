package ops

// A keyIndex finds numbers by hashes: the numbers of rows, of groups, or whatever its owner means. A
// hash may have several, and different keys may have one hash, so the owner compares. It allocates
// when it holds more than ever before. The zero keyIndex is empty.
type keyIndex struct {
	slots []int32 // open addressing: which entry, and 1; 0: none; -1: one that is gone
	used  int     // slots that are not 0
	live  int
	hash  []uint64 // of the entries
	value []uint64
	free  []int32
}

const slotGone = -1

func (x *keyIndex) reset() {
	clear(x.slots)
	x.used, x.live, x.hash, x.value, x.free = 0, 0, x.hash[:0], x.value[:0], x.free[:0]
}

// A probe is a walk over the numbers of one hash, in no order that may be seen.
type probe struct {
	x    *keyIndex
	hash uint64
	slot int
	end  bool
}

// probe begins a walk.
func (x *keyIndex) probe(hash uint64) probe {
	return probe{x: x, hash: hash, slot: int(hash) & (len(x.slots) - 1), end: len(x.slots) == 0}
}

// next returns the next number.
func (p *probe) next() (value uint64, ok bool) {
	for !p.end {
		e := p.x.slots[p.slot]
		if e == 0 {
			p.end = true
			break
		}
		p.slot = (p.slot + 1) & (len(p.x.slots) - 1)
		if e != slotGone && p.x.hash[e-1] == p.hash {
			return p.x.value[e-1], true
		}
	}
	return 0, false
}

// add adds a number.
func (x *keyIndex) add(hash, value uint64) {
	if 4*(x.used+1) > 3*len(x.slots) {
		x.rebuild()
	}
	e := int32(len(x.hash))
	if last := len(x.free) - 1; last >= 0 {
		e, x.free = x.free[last], x.free[:last]
		x.hash[e], x.value[e] = hash, value
	} else {
		x.hash, x.value = append(x.hash, hash), append(x.value, value)
	}
	x.live++
	x.put(e)
}

func (x *keyIndex) put(e int32) {
	mask := len(x.slots) - 1
	i := int(x.hash[e]) & mask
	for x.slots[i] > 0 {
		i = (i + 1) & mask
	}
	if x.slots[i] == 0 {
		x.used++
	}
	x.slots[i] = e + 1
}

// rebuild makes room, and takes out the slots of what is gone.
func (x *keyIndex) rebuild() {
	size := max(16, len(x.slots))
	if 2*x.live >= size {
		size *= 2
	}
	if size == len(x.slots) {
		clear(x.slots)
	} else {
		x.slots = make([]int32, size)
	}
	x.used = 0
	gone := x.gone()
	for e := range x.hash {
		if x.value[e] != gone {
			x.put(int32(e))
		}
	}
}

func (*keyIndex) gone() uint64 { return ^uint64(0) }

// remove takes out a number, and reports whether it was there.
func (x *keyIndex) remove(hash, value uint64) bool {
	slot, e := x.find(hash, value)
	if e < 0 {
		return false
	}
	x.slots[slot] = slotGone
	x.value[e] = x.gone()
	x.free = append(x.free, e)
	x.live--
	return true
}

func (x *keyIndex) find(hash, value uint64) (slot int, e int32) {
	if len(x.slots) == 0 {
		return 0, -1
	}
	mask := len(x.slots) - 1
	for i := int(hash) & mask; x.slots[i] != 0; i = (i + 1) & mask {
		if e := x.slots[i] - 1; e >= 0 && x.value[e] == value && x.hash[e] == hash {
			return i, e
		}
	}
	return 0, -1
}
