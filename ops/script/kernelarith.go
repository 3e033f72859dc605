package script

import (
	"math"
	"math/bits"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
)

func arithmeticKernel(op syntax.Token, a, b kernel) kernel {
	var x, y vec
	return func(in *input, out *vec) {
		a(in, &x)
		b(in, &y)
		out.own(in)
		for i := range in.n {
			c, d := classes[x.kinds[i]], classes[y.kinds[i]]
			switch {
			case c == classInt && d == classInt:
				out.set(i, table.KindInt, 0)
				out.integer(op, i, int64(x.nums[i]), int64(y.nums[i]))
			case c.isNumber() && d.isNumber():
				out.float(op, i, c.float(x.nums[i]), d.float(y.nums[i]))
			case c == classAsk || d == classAsk:
				out.kinds[i] = kindAsk
			case c == classNil || d == classNil:
				out.set(i, table.KindNil, 0)
			case c == classText && d == classText && op == syntax.PLUS:
				out.set(i, table.KindString, 0)
				out.setText(i, x.text(in, i)+y.text(in, i))
			default:
				out.kinds[i] = kindAsk
			}
		}
	}
}

// integer sets a value to that of m op n. What does not fit in 64 bits is the interpreter's.
func (x *vec) integer(op syntax.Token, i int, m, n int64) {
	var r int64
	var fits bool
	switch op {
	case syntax.PLUS:
		r = m + n
		fits = (r > m) == (n > 0)
	case syntax.MINUS:
		r = m - n
		fits = (r < m) == (n > 0)
	case syntax.STAR:
		r, fits = product(m, n)
	case syntax.SLASH:
		x.float(op, i, float64(m), float64(n))
		return
	default:
		if fits = n != 0 && n != -1; fits {
			r = floored(op, m, n)
		}
	}
	if x.set(i, table.KindInt, uint64(r)); !fits {
		x.kinds[i] = kindAsk
	}
}

func product(m, n int64) (r int64, fits bool) {
	hi, lo := bits.Mul64(uint64(m), uint64(n))
	if m < 0 {
		hi -= uint64(n)
	}
	if n < 0 {
		hi -= uint64(m)
	}
	return int64(lo), int64(hi) == int64(lo)>>63
}

// floored is // and %, rounded to minus infinity.
func floored(op syntax.Token, m, n int64) int64 {
	q, r := m/n, m%n
	if r != 0 && (r < 0) != (n < 0) {
		q, r = q-1, r+n
	}
	if op == syntax.PERCENT {
		return r
	}
	return q
}

// float sets a value to that of f op g. A division by zero is the interpreter's.
func (x *vec) float(op syntax.Token, i int, f, g float64) {
	var r float64
	switch op {
	case syntax.PLUS:
		r = f + g
	case syntax.MINUS:
		r = f - g
	case syntax.STAR:
		r = f * g
	default:
		if g == 0 {
			x.kinds[i] = kindAsk
			return
		}
		r = quotient(op, f, g)
	}
	x.setFloat(i, r)
}

func quotient(op syntax.Token, f, g float64) float64 {
	switch op {
	case syntax.SLASH:
		return f / g
	case syntax.SLASHSLASH:
		return math.Floor(f / g)
	}
	return float64(starlark.Float(f).Mod(starlark.Float(g)))
}

// eachNumber is a kernel that turns numbers into others.
func eachNumber(a kernel, integer func(int64) (r int64, fits bool), float func(float64) float64) kernel {
	var x vec
	return func(in *input, out *vec) {
		a(in, &x)
		out.own(in)
		for i, k := range x.kinds {
			switch c := classes[k]; c {
			case classNil:
				out.set(i, table.KindNil, 0)
			case classInt:
				r, fits := integer(int64(x.nums[i]))
				if out.set(i, table.KindInt, uint64(r)); !fits {
					out.kinds[i] = kindAsk
				}
			case classFloat32, classFloat64:
				out.setFloat(i, float(c.float(x.nums[i])))
			default:
				out.kinds[i] = kindAsk
			}
		}
	}
}

func minusKernel(a kernel) kernel {
	return eachNumber(a, func(n int64) (int64, bool) { return -n, n != math.MinInt64 }, func(f float64) float64 { return -f })
}

func absKernel(a kernel) kernel {
	if a == nil {
		return nil
	}
	return eachNumber(a, func(n int64) (int64, bool) { return max(n, -n), n != math.MinInt64 }, math.Abs)
}

// nearKernel is near(a, b) and near(a, b, number), with tol= or without.
func nearKernel(args []syntax.Expr) kernel {
	tol := defaultTolerance
	if len(args) == 3 {
		last := args[2]
		if b, ok := last.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ && b.X.(*syntax.Ident).Name == "tol" {
			last = b.Y
		}
		var ok bool
		if tol, ok = numberConstant(last); !ok {
			return nil
		}
	}
	a, b := kernelOf(args[0]), kernelOf(args[1])
	if a == nil || b == nil {
		return nil
	}
	var x, y vec
	return func(in *input, out *vec) {
		a(in, &x)
		b(in, &y)
		out.own(in)
		for i := range in.n {
			c, d := classes[x.kinds[i]], classes[y.kinds[i]]
			if c == classAsk || d == classAsk {
				out.kinds[i] = kindAsk
				continue
			}
			out.setBool(i, c.isNumber() && d.isNumber() && isNear(c.float(x.nums[i]), d.float(y.nums[i]), tol))
		}
	}
}
