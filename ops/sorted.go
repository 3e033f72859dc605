package ops

import (
	"iter"
	"slices"
)

const sortedBlock = 256 // items

// A sorted is items in an order that the caller knows, and says in every call. To add one or to take one
// out costs about the logarithm of how many there are. The zero sorted is empty.
type sorted[T any] struct {
	blocks [][]T // none is empty
	spare  [][]T // empty
	n      int
}

// fill makes it items, which are in order.
func (s *sorted[T]) fill(items []T) {
	for _, b := range s.blocks {
		s.spare = append(s.spare, b[:0])
	}
	s.blocks, s.n = s.blocks[:0], len(items)
	for part := range slices.Chunk(items, sortedBlock/2) {
		s.blocks = append(s.blocks, append(s.block(), part...))
	}
}

// block returns an empty one.
func (s *sorted[T]) block() []T {
	last := len(s.spare) - 1
	if last < 0 {
		return nil
	}
	b := s.spare[last]
	s.spare = s.spare[:last]
	return b
}

// find returns the block that has item, or should.
func (s *sorted[T]) find(item T, order func(a, b T) int) int {
	i, found := slices.BinarySearchFunc(s.blocks, item, func(b []T, item T) int { return order(b[0], item) })
	if found {
		return i
	}
	return max(0, i-1)
}

// add adds an item.
func (s *sorted[T]) add(item T, order func(a, b T) int) {
	if s.n++; len(s.blocks) == 0 {
		s.blocks = append(s.blocks, append(s.block(), item))
		return
	}
	i := len(s.blocks) - 1
	if b := s.blocks[i]; len(b) < sortedBlock && order(b[len(b)-1], item) < 0 {
		s.blocks[i] = append(b, item) // most come in order
		return
	}
	i = s.find(item, order)
	if b := s.blocks[i]; len(b) == sortedBlock {
		half := append(s.block(), b[sortedBlock/2:]...)
		s.blocks[i] = b[:sortedBlock/2]
		s.blocks = slices.Insert(s.blocks, i+1, half)
		if order(half[0], item) < 0 {
			i++
		}
	}
	at, _ := slices.BinarySearchFunc(s.blocks[i], item, order)
	s.blocks[i] = slices.Insert(s.blocks[i], at, item)
}

// remove takes an item out, if it is there.
func (s *sorted[T]) remove(item T, order func(a, b T) int) {
	if s.n == 0 {
		return
	}
	i, at, found := 0, 0, order(s.blocks[0][0], item) == 0 // most go in order
	if !found {
		i = s.find(item, order)
		at, found = slices.BinarySearchFunc(s.blocks[i], item, order)
	}
	if !found {
		return
	}
	s.n--
	s.blocks[i] = slices.Delete(s.blocks[i], at, at+1)
	if len(s.blocks[i]) == 0 {
		s.spare = append(s.spare, s.blocks[i])
		s.blocks = slices.Delete(s.blocks, i, i+1)
	}
}

// last returns the last item, if there is one.
func (s *sorted[T]) last() (item T, ok bool) {
	if s.n == 0 {
		return item, false
	}
	b := s.blocks[len(s.blocks)-1]
	return b[len(b)-1], true
}

// before returns the last item that is not behind limit, if there is one.
func (s *sorted[T]) before(limit T, order func(a, b T) int) (item T, ok bool) {
	if s.n == 0 {
		return item, false
	}
	b := s.blocks[s.find(limit, order)]
	at, found := slices.BinarySearchFunc(b, limit, order)
	switch {
	case found:
		return b[at], true
	case at == 0:
		return item, false
	}
	return b[at-1], true
}

// from walks the items that are not before first, in order.
func (s *sorted[T]) from(first T, order func(a, b T) int) iter.Seq[T] {
	return func(yield func(T) bool) {
		if s.n == 0 {
			return
		}
		i := s.find(first, order)
		at, _ := slices.BinarySearchFunc(s.blocks[i], first, order)
		s.walk(i, at, yield)
	}
}

// tail walks the last n items in order.
func (s *sorted[T]) tail(n int) iter.Seq[T] {
	return func(yield func(T) bool) {
		i, from := len(s.blocks), 0
		for n > from {
			i--
			from += len(s.blocks[i])
		}
		s.walk(i, from-n, yield)
	}
}

// walk walks the items from one of a block on.
func (s *sorted[T]) walk(i, at int, yield func(T) bool) {
	for ; i < len(s.blocks); i++ {
		for _, item := range s.blocks[i][at:] {
			if !yield(item) {
				return
			}
		}
		at = 0
	}
}
