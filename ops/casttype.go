package ops

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"linecook.dev/linecook/graph/table"
)

// A castType is a type that cells are turned into. Nil stays nil.
type castType struct {
	kind  table.Kind
	keeps []table.Kind // kinds whose payload stays as it is
	// number turns a number into a number, and reports whether it can.
	number func(k table.Kind, num uint64) (table.Kind, uint64, bool)
	// other turns any other cell but nil into cell i of out, and reports whether it can.
	other func(v table.Value, out *cellColumn, i int32) bool
	want  string
}

var castTypes = map[string]*castType{
	"int":     {table.KindInt, wholeKinds, intNumber(table.KindInt), readInt(table.IntValue), "a whole number of 64 bits"},
	"int64":   {table.KindInt64, wholeKinds, intNumber(table.KindInt64), readInt(table.Int64Value), "a whole number of 64 bits"},
	"float":   {table.KindFloat64, []table.Kind{table.KindFloat64}, floatNumber, readFloat, "a number"},
	"float32": {table.KindFloat32, nil, float32Number, readFloat32, "a number of 32 bits"},
	"bool":    {table.KindBool, []table.Kind{table.KindBool}, boolNumber, readBool, "true, on, yes, 1, false, off, no or 0"},
	"string":  {table.KindString, nil, noNumber, toText(table.KindString), "text"},
	"symbol":  {table.KindSymbol, nil, noNumber, toText(table.KindSymbol), "text"},
	"bytes":   {table.KindBytes, nil, noNumber, toText(table.KindBytes), "text"},
}

var wholeKinds = []table.Kind{table.KindInt, table.KindInt64, table.KindBool}

// cast sets cell i of out to what becomes of v.
func (t *castType) cast(v table.Value, out *cellColumn, i int32) error {
	if kind, num, ok := t.number(v.Kind(), v.Bits()); ok {
		out.kinds[i], out.nums[i] = kind, num
		return nil
	}
	if !v.IsNil() && !t.other(v, out, i) {
		return fmt.Errorf("%s is not %s", brief(v), t.want)
	}
	return nil
}

func castNames() iter.Seq[string] { return maps.Keys(castTypes) }

func castList() string { return strings.Join(slices.Sorted(castNames()), ", ") }

// float returns a number as a float64.
func float(k table.Kind, num uint64) (float64, bool) {
	switch k {
	case table.KindFloat64:
		return math.Float64frombits(num), true
	case table.KindInt, table.KindInt64:
		return float64(int64(num)), true
	case table.KindFloat32:
		return float64(math.Float32frombits(uint32(num))), true
	case table.KindBool:
		return float64(num), true
	}
	return 0, false
}

func floatNumber(k table.Kind, num uint64) (table.Kind, uint64, bool) {
	f, ok := float(k, num)
	return table.KindFloat64, math.Float64bits(f), ok
}

func float32Number(k table.Kind, num uint64) (table.Kind, uint64, bool) {
	f, ok := float(k, num)
	return table.KindFloat32, uint64(math.Float32bits(float32(f))), ok && (math.Abs(f) <= math.MaxFloat32 || math.IsInf(f, 0) || f != f)
}

// intNumber cuts off what is behind the point.
func intNumber(to table.Kind) func(k table.Kind, num uint64) (table.Kind, uint64, bool) {
	return func(k table.Kind, num uint64) (table.Kind, uint64, bool) {
		if k == table.KindInt || k == table.KindInt64 || k == table.KindBool {
			return to, num, true
		}
		f, ok := float(k, num)
		return to, uint64(int64(f)), ok && f >= math.MinInt64 && f < -math.MinInt64
	}
}

func boolNumber(k table.Kind, num uint64) (table.Kind, uint64, bool) {
	f, ok := float(k, num)
	if f != 0 {
		return table.KindBool, 1, ok
	}
	return table.KindBool, 0, ok
}

func noNumber(k table.Kind, num uint64) (table.Kind, uint64, bool) { return k, num, false }

// written returns the text from which a number is read; empty if v is no text.
func written(v table.Value) string { return strings.TrimSpace(v.Str()) }

func readInt(cell func(int64) table.Value) func(v table.Value, out *cellColumn, i int32) bool {
	return func(v table.Value, out *cellColumn, i int32) bool {
		n, err := strconv.ParseInt(written(v), 10, 64)
		if v.Kind() == table.KindChar {
			n, err = int64(v.Bits()), nil
		}
		out.set(i, cell(n))
		return err == nil
	}
}

func readFloat(v table.Value, out *cellColumn, i int32) bool {
	f, err := strconv.ParseFloat(written(v), 64)
	out.set(i, table.Float64Value(f))
	return err == nil
}

func readFloat32(v table.Value, out *cellColumn, i int32) bool {
	f, err := strconv.ParseFloat(written(v), 32)
	out.set(i, table.Float32Value(float32(f)))
	return err == nil
}

func readBool(v table.Value, out *cellColumn, i int32) bool {
	text := written(v)
	is := func(word string) bool { return strings.EqualFold(text, word) }
	yes := is("true") || is("on") || is("yes") || is("1")
	out.set(i, table.BoolValue(yes))
	return yes || is("false") || is("off") || is("no") || is("0")
}

func toText(k table.Kind) func(v table.Value, out *cellColumn, i int32) bool {
	return func(v table.Value, out *cellColumn, i int32) bool {
		at := len(out.text)
		switch v.Kind() {
		case table.KindString, table.KindSymbol, table.KindBytes:
			out.text = append(out.text, v.Str()...)
		default:
			out.text = v.AppendText(out.text)
		}
		out.setText(i, k, at)
		return true
	}
}
