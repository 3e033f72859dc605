package osc

import (
	"fmt"
	"math"
	"math/big"
)

// A Pair is an address and the values to send there. Values is a list, []any, or one value that
// stands for a list of one. A bare []byte is a list of integers, as with TouchDesigner's sendOSC;
// a blob is a []byte inside a list.
type Pair struct {
	Address string
	Values  any
}

// Options are the switches of TouchDesigner's sendOSC. The zero Options are its defaults.
type Options struct {
	AsBundle          bool // one bundle for all pairs, to be done immediately; otherwise a packet each
	StandardTypesOnly bool // useNonStandardTypes=False: i f s b, which reach every receiver
	Use64Bit          bool // use64BitPrecision=True: h for every integer and d for every float
	MaxPacket         int  // bytes; 0 means the constant MaxPacket
}

// AppendValues appends packets with the values of pairs, choosing types as TouchDesigner's
// Peer.sendOSC does, and appends to ends where in the result each packet ends. Everything is
// checked first: with an error, a *[ValueError], dst and ends are returned as they were.
//
// The types, by Go type, and what StandardTypesOnly makes of them:
//
//	any integer, *big.Int     i, or h if it does not fit; an error
//	float32, float64          f; a double too large for it becomes infinite, as in C
//	+Inf                      I, Use64Bit or not; f. -Inf and NaN are plain floats
//	bool                      T or F, Use64Bit or not; i of 1 or 0
//	nil                       N; i of 0
//	string                    s
//	[]byte                    b
//	[]any                     an array; its elements in its place
//	TimeTag, Char, Colour,
//	MIDI, Infinitum           t c r m I; an error
//
// Lists nest at most MaxDepth deep and have at most MaxArguments elements in all.
func AppendValues(dst []byte, ends []int, o Options, pairs ...Pair) ([]byte, []int, error) {
	w := valueWriter{options: o, b: Builder{MaxPacket: o.MaxPacket}}
	buf, bounds, err := w.packets(dst, ends, pairs)
	if err != nil {
		return dst, ends, err
	}
	return buf, bounds, nil
}

// valueWriter writes Go values by the rules of AppendValues.
type valueWriter struct {
	b       Builder
	options Options
	visited int // list elements of the message; lists that share lists could be endless
}

func (w *valueWriter) packets(dst []byte, ends []int, pairs []Pair) ([]byte, []int, error) {
	switch {
	case w.options.Use64Bit && w.options.StandardTypesOnly:
		return nil, nil, &ValueError{Argument: -1, Kind: KindSwitch,
			Reason: "use64BitPrecision=True needs useNonStandardTypes=True: 64-bit types are not standard"}
	case len(pairs) == 0:
		return dst, ends, nil
	}
	w.b.Reset(dst)
	if w.options.AsBundle {
		w.b.BeginBundle(Immediately)
	}
	for i, pair := range pairs {
		w.message(pair)
		if !w.options.AsBundle || i == len(pairs)-1 {
			if w.options.AsBundle {
				w.b.EndBundle()
			}
			dst, _ = w.b.Finish()
			ends = append(ends, len(dst))
		}
		if w.b.err != nil {
			w.b.err.Pair = i
			return nil, nil, w.b.err
		}
		if !w.options.AsBundle {
			w.b.Reset(dst)
		}
	}
	return dst, ends, nil
}

func (w *valueWriter) message(pair Pair) {
	w.visited = 0
	w.b.BeginMessage(pair.Address)
	switch values := pair.Values.(type) {
	case []any:
		w.list(values, 0)
	case []byte:
		for _, v := range values {
			w.integer(int64(v))
		}
	default:
		w.value(values, 0)
	}
	w.b.EndMessage()
}

// list writes the elements of a list that is inside depth others.
func (w *valueWriter) list(values []any, depth int) {
	for _, v := range values {
		if w.visited++; w.visited > MaxArguments {
			w.fail(KindLimit, "too many arguments")
		}
		if w.b.err != nil {
			return
		}
		w.value(v, depth)
	}
}

func (w *valueWriter) array(values []any, depth int) {
	switch {
	case depth > MaxDepth:
		w.fail(KindLimit, "lists nest too deep")
	case w.options.StandardTypesOnly:
		w.list(values, depth)
	default:
		w.b.ArrayBegin()
		w.list(values, depth)
		w.b.ArrayEnd()
	}
}

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
