package fold

import (
	"math"
	"math/bits"
)

const (
	limbs = 34   // 64 bits each: 2098 for any float64, 63 for how many there are, and a sign
	unit  = 1074 // the lowest bit is worth 2^-1074, the smallest float64
)

// A Sum is an exact sum: a fixed-point number with room for every bit of a float64 (Kulisch and
// Miranker, "Computer Arithmetic in Theory and Practice", long accumulators). The zero Sum is 0. It has
// 300 bytes, and adding to it takes the same time whatever is in it.
type Sum struct {
	limb          [limbs]uint64 // two's complement, lowest first
	floats        int           // how many of the numbers are floats
	nans, up, dwn int           // NaN, +Inf and -Inf, which have no place in limb
}

// Add adds x.
func (s *Sum) Add(x Number) { s.change(x, 1) }

// Take takes out x, which was added.
func (s *Sum) Take(x Number) { s.change(x, -1) }

func (s *Sum) change(x Number, by int) {
	if n, ok := x.integer(); ok {
		s.shift(magnitude(n), unit, (n < 0) != (by < 0))
		return
	}
	s.floats += by
	s.addFloat(x.f, by)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func (s *Sum) addFloat(f float64, by int) {
	b := math.Float64bits(f)
	exp, man := int(b>>52&0x7ff), b&(1<<52-1)
	switch {
	case exp == 0x7ff && man != 0:
		s.nans += by
		return
	case exp == 0x7ff && f > 0:
		s.up += by
		return
	case exp == 0x7ff:
		s.dwn += by
		return
	case exp > 0:
		man |= 1 << 52
		exp--
	}
	s.shift(man, exp, math.Signbit(f) != (by < 0))
}

// shift adds m<<n, or subtracts it.
func (s *Sum) shift(m uint64, n int, negative bool) {
	i, off := n>>6, uint(n&63)
	lo, hi := m<<off, m>>(64-off)
	var carry uint64
	if negative {
		s.limb[i], carry = bits.Sub64(s.limb[i], lo, 0)
		s.limb[i+1], carry = bits.Sub64(s.limb[i+1], hi, carry)
		for i += 2; carry > 0 && i < limbs; i++ {
			s.limb[i], carry = bits.Sub64(s.limb[i], 0, carry)
		}
		return
	}
	s.limb[i], carry = bits.Add64(s.limb[i], lo, 0)
	s.limb[i+1], carry = bits.Add64(s.limb[i+1], hi, carry)
	for i += 2; carry > 0 && i < limbs; i++ {
		s.limb[i], carry = bits.Add64(s.limb[i], 0, carry)
	}
}

// Float returns the float64 nearest to the sum, to even between two.
func (s *Sum) Float() float64 {
	switch {
	case s.nans > 0 || s.up > 0 && s.dwn > 0:
		return math.NaN()
	case s.up > 0:
		return math.Inf(1)
	case s.dwn > 0:
		return math.Inf(-1)
	}
	m, negative := s.abs()
	f := math.Float64frombits(m.round())
	if negative {
		return -f
	}
	return f
}

// Number returns the sum as an integer if all numbers are integers and it fits, else as a float.
func (s *Sum) Number() Number {
	if s.floats > 0 {
		return Float(s.Float())
	}
	const at, off = unit >> 6, unit & 63
	m, negative := s.abs()
	n := m[at]>>off | m[at+1]<<(64-off)
	if m.top() >= unit+63 && (!negative || n != 1<<63 || m.top() > unit+63) {
		return Float(s.Float())
	}
	if negative {
		return Int(-int64(n))
	}
	return Int(int64(n))
}

// A magnitude is a Sum's limbs without their sign.
type absolute [limbs]uint64

func (s *Sum) abs() (m absolute, negative bool) {
	m = s.limb
	if negative = m[limbs-1]>>63 == 1; !negative {
		return m, false
	}
	borrow := uint64(0)
	for i := range m {
		m[i], borrow = bits.Sub64(0, m[i], borrow)
	}
	return m, true
}

// top returns the number of the highest bit that is set, or -1.
func (m *absolute) top() int {
	for i := limbs - 1; i >= 0; i-- {
		if m[i] != 0 {
			return i<<6 + bits.Len64(m[i]) - 1
		}
	}
	return -1
}

// round returns the bits of the nearest float64.
func (m *absolute) round() uint64 {
	top := m.top()
	if top <= 52 {
		return m[0] // of a subnormal number, or of the smallest others
	}
	low := top - 52 // the lowest bit that is kept
	i, off := low>>6, uint(low&63)
	man := m[i] >> off
	if off > 11 {
		man |= m[i+1] << (64 - off)
	}
	man &= 1<<53 - 1
	b := uint64(low)<<52 + man // the highest bit of man adds 1 to the exponent
	if m.bit(low-1) && (man&1 == 1 || m.below(low-1)) {
		b++
	}
	return min(b, 0x7ff<<52)
}

func (m *absolute) bit(n int) bool { return m[n>>6]>>(n&63)&1 == 1 }

// below reports whether any bit below n is set.
func (m *absolute) below(n int) bool {
	for _, limb := range m[:n>>6] {
		if limb != 0 {
			return true
		}
	}
	return m[n>>6]&(1<<(n&63)-1) != 0
}
