package cook

import (
	"iter"
	"math/bits"
)

// A dirtySet is a set of plan indices that is walked in ascending order while it grows at indices
// beyond the walk. An empty set costs nothing to look at.
type dirtySet struct {
	words []uint64
	rough []uint64 // a bit for each word that is not zero
	count int
}

func newDirtySet(size int) (d dirtySet) {
	d.resize(size)
	return d
}

// resize makes an empty set one of indices below size. It allocates only if it was never as large.
func (d *dirtySet) resize(size int) {
	words := (size + 63) / 64
	if rough := (words + 63) / 64; words > cap(d.words) || rough > cap(d.rough) {
		d.words, d.rough = make([]uint64, words), make([]uint64, rough)
	} else {
		d.words, d.rough = d.words[:words], d.rough[:rough]
	}
}

// all walks the set in ascending order.
func (d *dirtySet) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for r, rough := range d.rough {
			for ; rough != 0; rough &= rough - 1 {
				w := r<<6 + bits.TrailingZeros64(rough)
				for word := d.words[w]; word != 0; word &= word - 1 {
					if !yield(w<<6 + bits.TrailingZeros64(word)) {
						return
					}
				}
			}
		}
	}
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
