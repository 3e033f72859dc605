package fold_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/fold"
)

// numbers draws numbers of all sizes and kinds, and many that are near each other.
func numbers(t *rapid.T) []fold.Number {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fold.Number {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return fold.Int(rapid.Int64().Draw(t, "int"))
		case 1:
			return fold.Int(rapid.Int64Range(-3, 3).Draw(t, "int"))
		case 2:
			n, _ := fold.Of(table.Float32Value(rapid.Float32().Draw(t, "float32")))
			return n
		case 3:
			return fold.Float(float64(rapid.IntRange(-30, 30).Draw(t, "tenths")) / 10)
		}
		return fold.Float(rapid.Float64().Draw(t, "float"))
	}), 0, 60).Draw(t, "numbers")
}

// exact returns the sum of what is finite, without any rounding.
func exact(ns []fold.Number) *big.Float {
	sum := new(big.Float).SetPrec(5000)
	for _, n := range ns {
		x := new(big.Float).SetPrec(5000)
		if v := n.Value(); v.Kind() == table.KindInt {
			x.SetInt64(v.Int())
		} else {
			x.SetFloat64(n.Float())
		}
		sum.Add(sum, x)
	}
	return sum
}

func TestSumIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ns, others := numbers(t), numbers(t)
		var s fold.Sum
		for _, n := range slices.Concat(others, ns) {
			s.Add(n)
		}
		for _, n := range others {
			s.Take(n)
		}
		sum := exact(ns)
		want, _ := sum.Float64()
		if got := s.Float(); got != want {
			t.Fatalf("Float() of %v = %v, want %v", ns, got, want)
		}
		ints := !slices.ContainsFunc(ns, func(n fold.Number) bool { return n.Value().Kind() != table.KindInt })
		i, acc := sum.Int64()
		if got := s.Number().Value(); ints && acc == big.Exact && !got.Equal(table.IntValue(i)) {
			t.Fatalf("Number() of %v = %s %v, want the integer %d", ns, got.Kind(), got, i)
		}
	})
}

func TestSumOfTheUnbounded(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	tests := []struct {
		name string
		add  []float64
		take []float64
		want float64
	}{
		{"an infinity", []float64{1, inf}, nil, inf},
		{"both", []float64{inf, -inf}, nil, nan},
		{"one of them is gone", []float64{inf, -inf}, []float64{inf}, -inf},
		{"what is finite is left", []float64{nan, 0.1, -inf}, []float64{-inf, nan}, 0.1},
		{"too large", []float64{math.MaxFloat64, math.MaxFloat64}, nil, inf},
		{"not too large in the end", []float64{math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64}, nil, math.MaxFloat64},
		{"the smallest", []float64{5e-324, 5e-324}, nil, 1e-323},
		{"it cancels out", []float64{1e300, 1, -1e300}, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s fold.Sum
			for _, f := range tt.add {
				s.Add(fold.Float(f))
			}
			for _, f := range tt.take {
				s.Take(fold.Float(f))
			}
			if got := s.Float(); got != tt.want && !(math.IsNaN(got) && math.IsNaN(tt.want)) {
				t.Errorf("%v without %v: Float() = %v, want %v", tt.add, tt.take, got, tt.want)
			}
		})
	}
}

func TestSumOfLargeIntegers(t *testing.T) {
	var s fold.Sum
	s.Add(fold.Int(math.MaxInt64))
	s.Add(fold.Int(1))
	if got := s.Number().Value(); !got.Equal(table.Float64Value(1 << 63)) {
		t.Errorf("2^63 is %s %v, want a float", got.Kind(), got)
	}
	s.Take(fold.Int(1))
	s.Take(fold.Int(math.MaxInt64))
	s.Add(fold.Int(math.MinInt64))
	if got := s.Number().Value(); !got.Equal(table.IntValue(math.MinInt64)) {
		t.Errorf("-2^63 is %s %v, want an integer", got.Kind(), got)
	}
}

func TestSortedIsSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s fold.Sorted
		var want []fold.Number
		for range rapid.IntRange(0, 30).Draw(t, "rounds") {
			for _, n := range numbers(t) {
				s.Add(n)
				want = append(want, n)
			}
			for range rapid.IntRange(0, len(want)).Draw(t, "taken") {
				i := rapid.IntRange(0, len(want)-1).Draw(t, "which")
				if !s.Take(want[i]) {
					t.Fatalf("Take(%v) = false", want[i])
				}
				want = slices.Delete(want, i, i+1)
			}
			slices.SortFunc(want, fold.Number.Compare)
			if s.Len() != len(want) {
				t.Fatalf("Len() = %d, want %d", s.Len(), len(want))
			}
			for i, n := range want {
				if got := s.At(i); got.Compare(n) != 0 {
					t.Fatalf("At(%d) = %v, want %v", i, got, n)
				}
			}
		}
		if len(want) > 0 && (s.Min().Compare(want[0]) != 0 || s.Max().Compare(want[len(want)-1]) != 0) {
			t.Fatalf("Min() and Max() = %v, %v of %v", s.Min(), s.Max(), want)
		}
		if s.Take(fold.Float(0.123)) {
			t.Fatal("a number that was never added was taken out")
		}
	})
}

func TestCompareIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ns := append(numbers(t), fold.Float(math.NaN()), fold.Float(math.Inf(1)), fold.Int(1<<53+1), fold.Float(1<<53))
		slices.SortFunc(ns, fold.Number.Compare)
		for i := range ns {
			for k := range ns[:i] {
				if ns[k].Compare(ns[i]) > 0 || ns[i].Compare(ns[k]) < 0 {
					t.Fatalf("%v is sorted before %v", ns[k], ns[i])
				}
			}
		}
	})
}

func TestPercentile(t *testing.T) {
	var s fold.Sorted
	for _, n := range []int64{40, 10, 30, 20} {
		s.Add(fold.Int(n))
	}
	for p, want := range map[float64]float64{0: 10, 50: 25, 100: 40, 25: 17.5, 90: 37} {
		if got := s.Percentile(p); got != want {
			t.Errorf("Percentile(%v) of 10 20 30 40 = %v, want %v", p, got, want)
		}
	}
}

func TestDeviation(t *testing.T) {
	for _, far := range []float64{0, 1e6, -1e9, 1e15} {
		var m fold.Moments
		for _, x := range []float64{2, 4, 4, 4, 5, 5, 7, 9} {
			m.Add(fold.Float(x + far))
		}
		m.Add(fold.Float(1e200))
		m.Take(fold.Float(1e200))
		if got := m.Deviation(); got != 2 {
			t.Errorf("Deviation() of 2 4 4 4 5 5 7 9, each and %v, = %v, want 2", far, got)
		}
		if got := m.Mean(); got != 5+far {
			t.Errorf("Mean() = %v, want %v", got, 5+far)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	var s fold.Sorted
	var m fold.Moments
	x := uint64(1)
	next := func() fold.Number {
		x = x*6364136223846793005 + 1442695040888963407
		return fold.Float(float64(x >> 40))
	}
	window := make([]fold.Number, 5000)
	i := 0
	slide := func() {
		if old := window[i%len(window)]; i >= len(window) {
			s.Take(old)
			m.Take(old)
		}
		n := next()
		window[i%len(window)] = n
		s.Add(n)
		m.Add(n)
		i++
	}
	for range 200_000 {
		slide()
	}
	if n := testing.AllocsPerRun(10_000, slide); n != 0 {
		t.Errorf("sliding a window allocates %v times, want 0", n)
	}
}
