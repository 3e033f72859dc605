package fold

import "slices"

const blockSize = 256 // numbers

// A Sorted is a set of numbers in order, in which one may be several times. The zero Sorted is empty.
// Adding and taking out cost about the logarithm of its size.
type Sorted struct {
	blocks [][]Number // none is empty
	firsts []Number   // of the blocks
	spare  [][]Number // empty
	n      int
}

// Len returns how many numbers there are.
func (s *Sorted) Len() int { return s.n }

// Clear takes all out.
func (s *Sorted) Clear() {
	for _, b := range s.blocks {
		s.spare = append(s.spare, b[:0])
	}
	s.blocks, s.firsts, s.n = s.blocks[:0], s.firsts[:0], 0
}

// find returns the block that has x, or should.
func (s *Sorted) find(x Number) int {
	i, found := slices.BinarySearchFunc(s.firsts, x, Number.Compare)
	if found {
		return i
	}
	return max(0, i-1)
}

// Add adds x.
func (s *Sorted) Add(x Number) {
	if s.n++; len(s.blocks) == 0 {
		s.blocks, s.firsts = append(s.blocks, append(s.block(), x)), append(s.firsts, x)
		return
	}
	i := s.find(x)
	if len(s.blocks[i]) == blockSize {
		s.split(i)
		i = s.find(x)
	}
	b := s.blocks[i]
	at, _ := slices.BinarySearchFunc(b, x, Number.Compare)
	s.blocks[i] = slices.Insert(b, at, x)
	s.firsts[i] = s.blocks[i][0]
}

// block returns an empty one.
func (s *Sorted) block() []Number {
	if last := len(s.spare) - 1; last >= 0 {
		b := s.spare[last]
		s.spare = s.spare[:last]
		return b
	}
	return nil
}

// split makes two blocks of one that is full.
func (s *Sorted) split(i int) {
	b := s.blocks[i]
	half := append(s.block(), b[blockSize/2:]...)
	s.blocks[i] = b[:blockSize/2]
	s.blocks = slices.Insert(s.blocks, i+1, half)
	s.firsts = slices.Insert(s.firsts, i+1, half[0])
}

// Take takes out x, and reports whether it was there.
func (s *Sorted) Take(x Number) bool {
	if s.n == 0 {
		return false
	}
	i := s.find(x)
	b := s.blocks[i]
	at, found := slices.BinarySearchFunc(b, x, Number.Compare)
	if !found {
		return false
	}
	s.n--
	if len(b) > 1 {
		s.blocks[i] = slices.Delete(b, at, at+1)
		s.firsts[i] = b[0]
		return true
	}
	s.spare = append(s.spare, b[:0])
	s.blocks, s.firsts = slices.Delete(s.blocks, i, i+1), slices.Delete(s.firsts, i, i+1)
	return true
}

// At returns the i-th number in ascending order, counted from 0.
func (s *Sorted) At(i int) Number {
	for _, b := range s.blocks {
		if i < len(b) {
			return b[i]
		}
		i -= len(b)
	}
	panic("fold: no such number")
}

// Min returns the smallest number; there must be one.
func (s *Sorted) Min() Number { return s.firsts[0] }

// Max returns the largest number; there must be one.
func (s *Sorted) Max() Number {
	b := s.blocks[len(s.blocks)-1]
	return b[len(b)-1]
}

// Percentile returns the number below which p per cent of the others lie, between two in proportion
// (Hyndman and Fan, "Sample Quantiles in Statistical Packages", definition 7). There must be one.
func (s *Sorted) Percentile(p float64) float64 {
	place := float64(p/100) * float64(s.n-1)
	i := min(int(place), s.n-1)
	a := s.At(i).f
	part := place - float64(i)
	if part == 0 {
		return a
	}
	return a + float64((s.At(i+1).f-a)*part)
}
