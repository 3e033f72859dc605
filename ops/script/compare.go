package script

import (
	"cmp"
	"math"
	"strings"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
)

// exact returns v with the type that a number has in a script.
func exact(v table.Value) table.Value {
	if v.Kind() == table.KindFloat32 {
		f, _ := v.Number()
		return table.Float64Value(f)
	}
	return v
}

// truth reports whether a cell is true, as Python has it.
func truth(v table.Value) bool {
	switch v.Kind() {
	case table.KindNil:
		return false
	case table.KindBool:
		return v.Bool()
	case table.KindInt, table.KindFloat32, table.KindFloat64:
		f, _ := v.Number()
		return f != 0
	case table.KindString, table.KindBytes:
		return v.Str() != ""
	case table.KindList:
		for range v.List() {
			return true
		}
		return false
	}
	return true
}

// compareCells applies a comparison by the rules of [Expr]. It leaves lists, peers and the kinds
// that Starlark has no type for to the interpreter.
func compareCells(op syntax.Token, v, w table.Value) (holds, ok bool) {
	if v.IsNil() || w.IsNil() {
		return false, true
	}
	a, b := group(v.Kind()), group(w.Kind())
	switch {
	case a == 0 || b == 0:
		return false, false
	case a != b:
		return op == syntax.NEQ, true
	case a == table.KindInt:
		c, comparable := compareNumbers(v, w)
		if !comparable {
			return op == syntax.NEQ, true
		}
		return ordered(op, c), true
	case a == table.KindBool:
		return ordered(op, cmp.Compare(v.Bits(), w.Bits())), true
	}
	return ordered(op, strings.Compare(v.Str(), w.Str())), true
}

// group returns the kind that stands for all kinds that k can be compared with; 0 if that is left
// to the interpreter.
func group(k table.Kind) table.Kind {
	switch k {
	case table.KindInt, table.KindFloat32, table.KindFloat64:
		return table.KindInt
	case table.KindBool, table.KindString, table.KindBytes:
		return k
	}
	return 0
}

// compareNumbers compares exact values. A NaN cannot be compared.
func compareNumbers(v, w table.Value) (c int, ok bool) {
	if v.Kind() == table.KindInt && w.Kind() == table.KindInt {
		return cmp.Compare(v.Int(), w.Int()), true
	}
	a, _ := v.Number()
	b, _ := w.Number()
	switch {
	case math.IsNaN(a) || math.IsNaN(b):
		return 0, false
	case v.Kind() == table.KindInt:
		return compareIntFloat(v.Int(), b), true
	case w.Kind() == table.KindInt:
		return -compareIntFloat(w.Int(), a), true
	}
	return cmp.Compare(a, b), true
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
