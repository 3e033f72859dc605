package osc

import (
	"fmt"
	"math"
	"math/big"
)

// value writes one value, which is inside depth lists, by the table of AppendValues.
func (w *valueWriter) value(v any, depth int) {
	switch v := v.(type) {
	case nil:
		w.none()
	case bool:
		w.bool(v)
	case string:
		w.b.String(v)
	case []byte:
		w.b.Blob(v)
	case []any:
		w.array(v, depth+1)
	case float32:
		w.float(float64(v))
	case float64:
		w.float(v)
	case TimeTag, Char, Colour, MIDI, Infinitum:
		w.special(v)
	default:
		w.number(v)
	}
}

// special writes the types that only OSC has.
func (w *valueWriter) special(v any) {
	if w.options.StandardTypesOnly {
		w.fail(KindSwitch, fmt.Sprintf("%T needs useNonStandardTypes=True", v))
		return
	}
	switch v := v.(type) {
	case TimeTag:
		w.b.TimeTag(v)
	case Char:
		w.b.Char(v)
	case Colour:
		w.b.Colour(v)
	case MIDI:
		w.b.MIDI(v)
	case Infinitum:
		w.b.Infinitum()
	}
}

// number writes an integer of any Go type.
func (w *valueWriter) number(v any) {
	switch v := v.(type) {
	case int:
		w.integer(int64(v))
	case int8:
		w.integer(int64(v))
	case int16:
		w.integer(int64(v))
	case int32:
		w.integer(int64(v))
	case int64:
		w.integer(v)
	case uint8:
		w.integer(int64(v))
	case uint16:
		w.integer(int64(v))
	case uint32:
		w.integer(int64(v))
	case uint:
		w.unsigned(uint64(v))
	case uint64:
		w.unsigned(v)
	case uintptr:
		w.unsigned(uint64(v))
	case *big.Int:
		w.big(v)
	default:
		w.fail(KindValue, fmt.Sprintf("OSC has no type for a Go %T", v))
	}
}

func (w *valueWriter) big(v *big.Int) {
	switch {
	case v == nil:
		w.none()
	case v.IsInt64():
		w.integer(v.Int64())
	default:
		w.fail(KindRange, "integer does not fit 64 bits")
	}
}

func (w *valueWriter) unsigned(v uint64) {
	if v > math.MaxInt64 {
		w.fail(KindRange, "integer does not fit 64 bits")
		return
	}
	w.integer(int64(v))
}

func (w *valueWriter) integer(v int64) {
	switch {
	case w.options.Use64Bit:
		w.b.Int64(v)
	case v == int64(int32(v)):
		w.b.Int32(int32(v))
	case w.options.StandardTypesOnly:
		w.fail(KindRange, "integer does not fit 32 bits, and 64 need useNonStandardTypes=True")
	default:
		w.b.Int64(v)
	}
}

func (w *valueWriter) float(v float64) {
	switch {
	case math.IsInf(v, 1) && !w.options.StandardTypesOnly:
		w.b.Infinitum()
	case w.options.Use64Bit:
		w.b.Float64(v)
	default:
		w.b.Float32(float32(v))
	}
}

func (w *valueWriter) bool(v bool) {
	switch {
	case !w.options.StandardTypesOnly:
		w.b.Bool(v)
	case v:
		w.integer(1)
	default:
		w.integer(0)
	}
}

func (w *valueWriter) none() {
	if w.options.StandardTypesOnly {
		w.integer(0)
		return
	}
	w.b.Nil()
}

func (w *valueWriter) fail(kind Kind, reason string) { w.b.fail(kind, w.b.argument, reason) }
