package fold

import (
	"cmp"
	"math"

	"linecook.dev/linecook/graph/table"
)

// A Number is a cell that is an integer or a float. The zero Number is the integer 0.
type Number struct {
	f    float64 // its value, of an integer the nearest
	num  int64   // an integer's
	kind table.Kind
}

// Of returns the number in a cell, and whether it is one.
func Of(v table.Value) (Number, bool) {
	f, ok := v.Number()
	return Number{f, v.Int(), v.Kind()}, ok
}

// Int returns n as a Number.
func Int(n int64) Number { return Number{float64(n), n, table.KindInt} }

// Float returns f as a Number.
func Float(f float64) Number { return Number{f: f, kind: table.KindFloat64} }

func (x Number) integer() (int64, bool) {
	return x.num, x.kind != table.KindFloat64 && x.kind != table.KindFloat32
}

// Float returns the value, of an integer the nearest.
func (x Number) Float() float64 { return x.f }

// Value returns the number as a cell, of the kind it had.
func (x Number) Value() table.Value {
	switch x.kind {
	case table.KindFloat64:
		return table.Float64Value(x.f)
	case table.KindFloat32:
		return table.Float32Value(float32(x.f))
	case table.KindInt64:
		return table.Int64Value(x.num)
	}
	return table.IntValue(x.num)
}

// Compare orders numbers by their exact values, NaN behind all others. Those of the same value are in
// order of their kinds, so that only equal cells are equal.
func (x Number) Compare(y Number) int {
	switch {
	case x.f < y.f:
		return -1
	case x.f > y.f:
		return 1
	}
	return x.compareClose(y)
}

func (x Number) compareClose(y Number) int {
	if x.f != y.f && (x.f == x.f || y.f == y.f) { // one is NaN
		return cmp.Compare(b2i(x.f != x.f), b2i(y.f != y.f))
	}
	if c := x.Same(y); c != 0 {
		return c
	}
	if c := cmp.Compare(x.kind, y.kind); c != 0 {
		return c
	}
	return cmp.Compare(math.Float64bits(x.f), math.Float64bits(y.f))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Same compares exact values of numbers whose Floats are equal.
func (x Number) Same(y Number) int {
	a, aInt := x.integer()
	b, bInt := y.integer()
	switch {
	case aInt && bInt:
		return cmp.Compare(a, b)
	case aInt:
		return compareIntFloat(a, y.f)
	case bInt:
		return -compareIntFloat(b, x.f)
	}
	return 0
}

// compareIntFloat compares n with an integral f that is its nearest float64.
func compareIntFloat(n int64, f float64) int {
	if f >= 1<<63 {
		return -1
	}
	return cmp.Compare(n, int64(f))
}
