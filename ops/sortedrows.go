package ops

import (
	"iter"
	"slices"
)

const sortedBlock = 256 // rows

// sortedRows are numbers of rows in an order that the caller knows. To add one or to take one out costs
// about the logarithm of how many there are. The zero sortedRows is empty.
type sortedRows struct {
	blocks [][]uint64 // none is empty
	spare  [][]uint64 // empty
	n      int
}

// fill makes it rows, which are in order.
func (s *sortedRows) fill(rows []uint64) {
	for _, b := range s.blocks {
		s.spare = append(s.spare, b[:0])
	}
	s.blocks, s.n = s.blocks[:0], len(rows)
	for part := range slices.Chunk(rows, sortedBlock/2) {
		s.blocks = append(s.blocks, append(s.block(), part...))
	}
}

// block returns an empty one.
func (s *sortedRows) block() []uint64 {
	if last := len(s.spare) - 1; last >= 0 {
		b := s.spare[last]
		s.spare = s.spare[:last]
		return b
	}
	return make([]uint64, 0, sortedBlock)
}

// find returns the block that has row, or should.
func (s *sortedRows) find(row uint64, order func(a, b uint64) int) int {
	i, found := slices.BinarySearchFunc(s.blocks, row, func(b []uint64, row uint64) int { return order(b[0], row) })
	if found {
		return i
	}
	return max(0, i-1)
}

// add adds a row.
func (s *sortedRows) add(row uint64, order func(a, b uint64) int) {
	if s.n++; len(s.blocks) == 0 {
		s.blocks = append(s.blocks, append(s.block(), row))
		return
	}
	i := s.find(row, order)
	if b := s.blocks[i]; len(b) == sortedBlock {
		half := append(s.block(), b[sortedBlock/2:]...)
		s.blocks[i] = b[:sortedBlock/2]
		s.blocks = slices.Insert(s.blocks, i+1, half)
		if order(half[0], row) < 0 {
			i++
		}
	}
	at, _ := slices.BinarySearchFunc(s.blocks[i], row, order)
	s.blocks[i] = slices.Insert(s.blocks[i], at, row)
}

// remove takes a row out, if it is there.
func (s *sortedRows) remove(row uint64, order func(a, b uint64) int) {
	if s.n == 0 {
		return
	}
	i := s.find(row, order)
	at, found := slices.BinarySearchFunc(s.blocks[i], row, order)
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

// last returns the last row, if there is one.
func (s *sortedRows) last() (row uint64, ok bool) {
	if s.n == 0 {
		return 0, false
	}
	b := s.blocks[len(s.blocks)-1]
	return b[len(b)-1], true
}

// tail walks the last n rows in order.
func (s *sortedRows) tail(n int) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		i, from := len(s.blocks), 0
		for n > from {
			i--
			from += len(s.blocks[i])
		}
		for skip := from - n; i < len(s.blocks); i++ {
			for _, row := range s.blocks[i][skip:] {
				if !yield(row) {
					return
				}
			}
			skip = 0
		}
	}
}
