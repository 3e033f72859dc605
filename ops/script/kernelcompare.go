package script

import (
	"cmp"
	"math"
	"strings"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
)

// mirrored are the comparisons, and what they are with their operands exchanged.
var mirrored = map[syntax.Token]syntax.Token{
	syntax.EQL: syntax.EQL, syntax.NEQ: syntax.NEQ,
	syntax.LT: syntax.GT, syntax.LE: syntax.GE, syntax.GT: syntax.LT, syntax.GE: syntax.LE,
}

func comparisonKernel(x *syntax.BinaryExpr, a, b kernel) kernel {
	if x.Op == syntax.EQL || x.Op == syntax.NEQ {
		if isNoneConstant(x.X) {
			return noneKernel(x.Op, b)
		}
		if isNoneConstant(x.Y) {
			return noneKernel(x.Op, a)
		}
	}
	if w, ok := numberConstant(x.Y); ok && math.Abs(w) < 1<<53 {
		return numberKernel(x.Op, a, w)
	}
	if w, ok := numberConstant(x.X); ok && math.Abs(w) < 1<<53 {
		return numberKernel(mirrored[x.Op], b, w)
	}
	return compareKernel(x.Op, a, b)
}

func noneKernel(op syntax.Token, a kernel) kernel {
	var x vec
	return func(in *input, out *vec) {
		a(in, &x)
		out.own(in)
		for i, k := range x.kinds {
			if k == kindAsk {
				out.kinds[i] = kindAsk
			} else {
				out.setBool(i, (k == table.KindNil) == (op == syntax.EQL))
			}
		}
	}
}

// numberKernel compares with a number that is exact both as an int and as a float.
func numberKernel(op syntax.Token, a kernel, w float64) kernel {
	var x vec
	var outcome [3]uint64
	for c := range outcome {
		outcome[c] = bit(ordered(op, c-1))
	}
	differs := bit(op == syntax.NEQ) // of NaN and of what is no number
	float := func(f float64) uint64 {
		switch {
		case f < w:
			return outcome[0]
		case f == w:
			return outcome[1]
		case f > w:
			return outcome[2]
		}
		return differs
	}
	return func(in *input, out *vec) {
		a(in, &x)
		out.own(in)
		if k, same := table.Uniform(x.kinds); same && k == table.KindFloat64 {
			out.compareFloats(x.nums, w, outcome, differs)
			return
		}
		for i, k := range x.kinds {
			num := x.nums[i]
			out.kinds[i] = table.KindBool
			switch classes[k] {
			case classNil:
				out.nums[i] = 0
			case classFloat32:
				out.nums[i] = float(float64(math.Float32frombits(uint32(num))))
			case classFloat64:
				out.nums[i] = float(math.Float64frombits(num))
			case classInt:
				out.nums[i] = outcome[1+compareIntFloat(int64(num), w)]
			case classBool, classText, classBytes:
				out.nums[i] = differs
			default:
				out.kinds[i] = kindAsk
			}
		}
	}
}

// compareFloats sets each value to the outcome of comparing a float with w: that of less, equal or more.
func (x *vec) compareFloats(nums []uint64, w float64, outcome [3]uint64, differs uint64) {
	kinds, out := x.kinds[:len(nums)], x.nums[:len(nums)]
	for i, num := range nums {
		f, holds := math.Float64frombits(num), differs
		if f < w {
			holds = outcome[0]
		}
		if f == w {
			holds = outcome[1]
		}
		if f > w {
			holds = outcome[2]
		}
		kinds[i], out[i] = table.KindBool, holds
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func compareKernel(op syntax.Token, a, b kernel) kernel {
	var x, y vec
	return func(in *input, out *vec) {
		a(in, &x)
		b(in, &y)
		out.own(in)
		for i := range in.n {
			if holds, ok := compareAt(op, in, &x, &y, i); ok {
				out.setBool(i, holds)
			} else {
				out.kinds[i] = kindAsk
			}
		}
	}
}

// compareAt applies a comparison by the rules of [Expr].
func compareAt(op syntax.Token, in *input, x, y *vec, i int) (holds, ok bool) {
	a, b := classes[x.kinds[i]], classes[y.kinds[i]]
	switch {
	case a == classAsk || b == classAsk:
		return false, false
	case a == classNil || b == classNil:
		return false, true
	case a == classOther || b == classOther:
		return false, false
	case a.isNumber() && b.isNumber():
		c, comparable := compareNumbers(a, x.nums[i], b, y.nums[i])
		if !comparable {
			return op == syntax.NEQ, true
		}
		return ordered(op, c), true
	case a != b:
		return op == syntax.NEQ, true
	case a == classBool:
		return ordered(op, cmp.Compare(x.nums[i], y.nums[i])), true
	}
	return ordered(op, strings.Compare(x.text(in, i), y.text(in, i))), true
}

// compareNumbers compares exact values. A NaN cannot be compared.
func compareNumbers(a class, m uint64, b class, n uint64) (c int, ok bool) {
	if a == classInt && b == classInt {
		return cmp.Compare(int64(m), int64(n)), true
	}
	f, g := a.float(m), b.float(n)
	switch {
	case math.IsNaN(f) || math.IsNaN(g):
		return 0, false
	case a == classInt:
		return compareIntFloat(int64(m), g), true
	case b == classInt:
		return -compareIntFloat(int64(n), f), true
	}
	return cmp.Compare(f, g), true
}

func compareIntFloat(n int64, f float64) int {
	switch {
	case f >= 1<<63:
		return -1
	case f < -1<<63:
		return 1
	}
	whole := math.Trunc(f)
	if c := cmp.Compare(n, int64(whole)); c != 0 {
		return c
	}
	return cmp.Compare(whole, f)
}
