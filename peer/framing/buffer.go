package framing

import "slices"

const (
	keepBytes  = 1 << 10  // largest buffer kept between frames
	spareBytes = 64 << 10 // most to allocate ahead of what has arrived, as long as that is below 256 KiB
)

// push appends p to the unfinished frame, which will grow to at most limit bytes. Beyond what has
// arrived it allocates as much again, up to spareBytes or a quarter: the cost of copying stays linear,
// and a peer that claims much and sends little costs little.
func (s *Splitter) push(p []byte, limit int) {
	if need := len(s.buf) + len(p); need > cap(s.buf) {
		spare := max(min(need, spareBytes), need/4)
		grown := make([]byte, len(s.buf), max(need, min(need+spare, limit)))
		copy(grown, s.buf)
		s.buf = grown
	}
	s.buf = append(s.buf, p...)
}

// pop returns the finished frame, which holds until the next push, and begins an empty one.
func (s *Splitter) pop() []byte {
	frame := s.buf
	s.buf = s.buf[:0]
	return slices.Clip(frame)
}

// drop forgets the unfinished frame and skips what is still to come of it.
func (s *Splitter) drop() {
	s.buf = s.buf[:0]
	s.skip = true
}

// shrink gives back what an earlier frame needed and the present one does not.
func (s *Splitter) shrink() {
	switch spare := cap(s.buf) - len(s.buf); {
	case len(s.buf) == 0 && spare > keepBytes:
		s.buf = nil
	case spare > keepBytes && spare > 2*len(s.buf):
		s.buf = slices.Clone(s.buf)
	}
}
