package osc

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
	if w.options.Use64Bit && w.options.StandardTypesOnly {
		return nil, nil, &ValueError{Argument: -1, Kind: KindSwitch,
			Reason: "use64BitPrecision=True needs useNonStandardTypes=True: 64-bit types are not standard"}
	}
	size := 1
	if w.options.AsBundle {
		size = max(1, len(pairs))
	}
	for first := 0; first < len(pairs); first += size {
		var err error
		if dst, err = w.packet(dst, pairs[first:first+size], first); err != nil {
			return nil, nil, err
		}
		ends = append(ends, len(dst))
	}
	return dst, ends, nil
}

// packet writes pairs, of which one is the first, into one packet.
func (w *valueWriter) packet(dst []byte, pairs []Pair, first int) ([]byte, error) {
	w.b.Reset(dst)
	if w.options.AsBundle {
		w.b.BeginBundle(Immediately)
	}
	for i, pair := range pairs {
		w.message(pair)
		if w.b.err != nil {
			w.b.err.Pair = first + i
			return nil, w.b.err
		}
	}
	if w.options.AsBundle {
		w.b.EndBundle()
	}
	return w.b.Finish()
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
