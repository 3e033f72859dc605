package cook

import "math/bits"

// A dirtySet is a set of plan indices that is walked in ascending order while it grows at indices
// beyond the walk. An empty set costs nothing to look at.
type dirtySet struct {
	words []uint64
	rough []uint64 // a bit for each word that is not zero
	count int
}

func newDirtySet(size int) dirtySet {
	words := (size + 63) / 64
	return dirtySet{words: make([]uint64, words), rough: make([]uint64, (words+63)/64)}
}

func (d *dirtySet) add(i int) {
	if d.words[i>>6]&(1<<(i&63)) == 0 {
		d.words[i>>6] |= 1 << (i & 63)
		d.rough[i>>12] |= 1 << (i >> 6 & 63)
		d.count++
	}
}

func (d *dirtySet) has(i int) bool { return d.words[i>>6]&(1<<(i&63)) != 0 }

// pop takes out the smallest index, which is at least from; -1 if the set is empty.
func (d *dirtySet) pop(from int) int {
	if d.count == 0 {
		return -1
	}
	for r := from >> 12; ; r++ {
		if d.rough[r] == 0 {
			continue
		}
		w := r<<6 + bits.TrailingZeros64(d.rough[r])
		i := w<<6 + bits.TrailingZeros64(d.words[w])
		d.words[w] &^= 1 << (i & 63)
		if d.words[w] == 0 {
			d.rough[r] &^= 1 << (w & 63)
		}
		d.count--
		return i
	}
}
