package fold

import "math"

// A Moments has the mean and the deviation of numbers. The zero Moments is empty.
type Moments struct {
	sum, squares Sum
	n            int
}

// Len returns how many numbers there are.
func (m *Moments) Len() int { return m.n }

// Add adds x.
func (m *Moments) Add(x Number) {
	m.n++
	m.sum.Add(x)
	m.square(x.f, 1)
}

// Take takes out x, which was added.
func (m *Moments) Take(x Number) {
	m.n--
	m.sum.Take(x)
	m.square(x.f, -1)
}

// square adds x*x, in two parts.
func (m *Moments) square(x float64, by int) {
	hi := float64(x * x)
	m.squares.addFloat(hi, by)
	if !math.IsInf(hi, 0) && !math.IsNaN(hi) {
		m.squares.addFloat(math.FMA(x, x, -hi), by)
	}
}

// Sum returns the sum.
func (m *Moments) Sum() Number { return m.sum.Number() }

// Mean returns the mean; there must be a number.
func (m *Moments) Mean() float64 { return m.sum.Float() / float64(m.n) }

// Deviation returns the standard deviation of the numbers, as of a whole population; there must be
// one. It is right to the last digits however far the numbers are from zero.
func (m *Moments) Deviation() float64 {
	mean, n := m.Mean(), float64(m.n)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return math.NaN()
	}
	// The sum of (x-mean)^2 is that of x^2, less mean times twice the sum, and n times mean^2.
	rest := m.sum
	hi := rest.Float()
	rest.addFloat(hi, -1)
	lo := rest.Float()
	total := m.squares
	total.addProduct(-2*mean, hi)
	total.addProduct(-2*mean, lo)
	square := float64(mean * mean)
	total.addProduct(n, square)
	total.addProduct(n, math.FMA(mean, mean, -square))
	return math.Sqrt(max(0, total.Float()/n))
}

// addProduct adds x*y, to twice the digits of a float64.
func (s *Sum) addProduct(x, y float64) {
	hi := float64(x * y)
	s.addFloat(hi, 1)
	if !math.IsInf(hi, 0) && !math.IsNaN(hi) {
		s.addFloat(math.FMA(x, y, -hi), 1)
	}
}
