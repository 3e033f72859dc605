package osc_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

// A result is what a message becomes: its type tags and data, or the kind of error.
type result struct {
	types, data string
	err         osc.Kind
}

func is(types, data string) result { return result{types: types, data: data} }

func be64(v uint64) string { return be32(uint32(v>>32)) + be32(uint32(v)) }

func f32(v float32) string { return be32(math.Float32bits(v)) }

func f64(v float64) string { return be64(math.Float64bits(v)) }

// Each value under each combination of the switches: TouchDesigner's defaults, standard types
// only, and 64 bits. Standard types with 64 bits is an error for all, and each combination is
// tried with and without a bundle.
func TestAppendValuesTypes(t *testing.T) {
	tooBig := result{err: osc.KindRange}
	off := result{err: osc.KindSwitch}
	inf, nan := math.Inf(1), math.NaN()
	var cycle = []any{nil}
	cycle[0] = cycle
	wide := []any{}
	for range osc.MaxDepth - 1 {
		wide = []any{wide, wide, wide, wide}
	}
	same := func(r result) [3]result { return [3]result{r, r, r} }
	i := func(v int64) [3]result {
		return [3]result{is("i", be32(uint32(v))), is("i", be32(uint32(v))), is("h", be64(uint64(v)))}
	}
	h := func(v int64) [3]result { return [3]result{is("h", be64(uint64(v))), tooBig, is("h", be64(uint64(v)))} }
	f := func(v float64) [3]result {
		return [3]result{is("f", f32(float32(v))), is("f", f32(float32(v))), is("d", f64(v))}
	}
	special := func(r result) [3]result { return [3]result{r, off, r} }

	tests := []struct {
		name   string
		values any
		want   [3]result // by default, with StandardTypesOnly, with Use64Bit
	}{
		{"int", []any{7}, i(7)},
		{"int of 0", []any{0}, i(0)},
		{"int8", []any{int8(-8)}, i(-8)},
		{"int16", []any{int16(-16)}, i(-16)},
		{"int32", []any{int32(-32)}, i(-32)},
		{"int64 that fits 32 bits", []any{int64(-64)}, i(-64)},
		{"uint8", []any{uint8(255)}, i(255)},
		{"uint16", []any{uint16(65535)}, i(65535)},
		{"uint32", []any{uint32(1)}, i(1)},
		{"uint", []any{uint(1)}, i(1)},
		{"uint64", []any{uint64(1)}, i(1)},
		{"uintptr", []any{uintptr(1)}, i(1)},
		{"largest int32", []any{math.MaxInt32}, i(math.MaxInt32)},
		{"smallest int32", []any{math.MinInt32}, i(math.MinInt32)},
		{"above int32", []any{math.MaxInt32 + 1}, h(math.MaxInt32 + 1)},
		{"below int32", []any{math.MinInt32 - 1}, h(math.MinInt32 - 1)},
		{"uint32 above int32", []any{uint32(math.MaxUint32)}, h(math.MaxUint32)},
		{"largest int64", []any{math.MaxInt64}, h(math.MaxInt64)},
		{"smallest int64", []any{math.MinInt64}, h(math.MinInt64)},
		{"uint64 above int64", []any{uint64(math.MaxInt64 + 1)}, same(tooBig)},
		{"big.Int", []any{big.NewInt(-5)}, i(-5)},
		{"big.Int above int32", []any{big.NewInt(1 << 40)}, h(1 << 40)},
		{"big.Int above int64", []any{new(big.Int).Lsh(big.NewInt(1), 63)}, same(tooBig)},
		{"float64", []any{2.5}, f(2.5)},
		{"float32", []any{float32(2.5)}, f(2.5)},
		{"float that float32 rounds", []any{0.1}, f(0.1)},
		{"float beyond float32", []any{1e300}, [3]result{is("f", f32(float32(inf))), is("f", f32(float32(inf))), is("d", f64(1e300))}},
		{"infinity", []any{inf}, [3]result{is("I", ""), is("f", f32(float32(inf))), is("I", "")}},
		{"infinity as float32", []any{float32(inf)}, [3]result{is("I", ""), is("f", f32(float32(inf))), is("I", "")}},
		{"minus infinity", []any{-inf}, f(-inf)},
		{"NaN", []any{nan}, f(nan)},
		{"true", []any{true}, [3]result{is("T", ""), is("i", be32(1)), is("T", "")}},
		{"false", []any{false}, [3]result{is("F", ""), is("i", be32(0)), is("F", "")}},
		{"nil", []any{nil}, [3]result{is("N", ""), is("i", be32(0)), is("N", "")}},
		{"nil big.Int", []any{(*big.Int)(nil)}, [3]result{is("N", ""), is("i", be32(0)), is("N", "")}},
		{"string", []any{"apple"}, same(is("s", str("apple")))},
		{"empty string", []any{""}, same(is("s", str("")))},
		{"UTF-8 string", []any{"é"}, same(is("s", str("é")))},
		{"NUL in a string", []any{"a\x00"}, same(result{err: osc.KindNUL})},
		{"bytes in a list", []any{[]byte("abc")}, same(is("b", be32(3)+"abc\x00"))},
		{"bytes bare", []byte{1, 255}, [3]result{is("ii", be32(1)+be32(255)), is("ii", be32(1)+be32(255)), is("hh", be64(1)+be64(255))}},
		{"no bytes bare", []byte{}, same(is("", ""))},
		{"nested list", []any{1, []any{6, "x"}, true}, [3]result{
			is("i[is]T", be32(1)+be32(6)+str("x")), is("iisi", be32(1)+be32(6)+str("x")+be32(1)), is("h[hs]T", be64(1)+be64(6)+str("x"))}},
		{"list in a nested list", []any{[]any{[]any{"x"}}}, [3]result{is("[[s]]", str("x")), is("s", str("x")), is("[[s]]", str("x"))}},
		{"empty nested list", []any{[]any{}}, [3]result{is("[]", ""), is("", ""), is("[]", "")}},
		{"bytes in a nested list", []any{[]any{[]byte("x")}}, [3]result{is("[b]", be32(1)+"x\x00\x00\x00"), is("b", be32(1)+"x\x00\x00\x00"), is("[b]", be32(1)+"x\x00\x00\x00")}},
		{"list that holds itself", cycle, same(result{err: osc.KindLimit})},
		{"few lists, many times", []any{wide}, same(result{err: osc.KindLimit})},
		{"no values", []any{}, same(is("", ""))},
		{"no list", []any(nil), same(is("", ""))},
		{"int bare", 7, i(7)},
		{"float bare", 2.5, f(2.5)},
		{"string bare", "x", same(is("s", str("x")))},
		{"nil bare", nil, [3]result{is("N", ""), is("i", be32(0)), is("N", "")}},
		{"true bare", true, [3]result{is("T", ""), is("i", be32(1)), is("T", "")}},
		{"time tag", []any{osc.TimeTag(5)}, special(is("t", be64(5)))},
		{"char", []any{osc.Char('A')}, special(is("c", be32('A')))},
		{"colour", []any{osc.Colour{R: 1, G: 2, B: 3, A: 4}}, special(is("r", "\x01\x02\x03\x04"))},
		{"MIDI", []any{osc.MIDI{Port: 1, Status: 2, Data1: 3, Data2: 4}}, special(is("m", "\x01\x02\x03\x04"))},
		{"infinitum", []any{osc.Infinitum{}}, special(is("I", ""))},
		{"time tag bare", osc.TimeTag(5), special(is("t", be64(5)))},
		{"a type that OSC has not", []any{struct{}{}}, same(result{err: osc.KindValue})},
		{"the manual's example", []any{1, []byte("abc"), "apple", []any{6, 7, 8}, true, nil, inf}, [3]result{
			is("ibs[iii]TNI", be32(1)+be32(3)+"abc\x00"+str("apple")+be32(6)+be32(7)+be32(8)),
			is("ibsiiiiif", be32(1)+be32(3)+"abc\x00"+str("apple")+be32(6)+be32(7)+be32(8)+be32(1)+be32(0)+f32(float32(inf))),
			is("hbs[hhh]TNI", be64(1)+be32(3)+"abc\x00"+str("apple")+be64(6)+be64(7)+be64(8))}},
	}
	options := [4]osc.Options{{}, {StandardTypesOnly: true}, {Use64Bit: true}, {StandardTypesOnly: true, Use64Bit: true}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i, want := range append(tt.want[:], off) {
				for _, asBundle := range []bool{false, true} {
					o := options[i]
					o.AsBundle = asBundle
					packet := message("/abc", want.types, want.data)
					if asBundle {
						packet = bundle(1, packet)
					}
					checkValues(t, o, []osc.Pair{{Address: "/abc", Values: tt.values}}, []string{packet}, want.err)
				}
			}
		})
	}
}

// checkValues checks what AppendValues makes of pairs, after a buffer and ends that hold something.
func checkValues(t *testing.T, o osc.Options, pairs []osc.Pair, packets []string, kind osc.Kind) {
	t.Helper()
	wantEnds, want := []int{1, 3}, "xyz"
	if kind == 0 {
		for _, p := range packets {
			want += p
			wantEnds = append(wantEnds, len(want))
		}
	}
	got, ends, err := osc.AppendValues([]byte("xyz"), []int{1, 3}, o, pairs...)
	e, failed := errors.AsType[*osc.ValueError](err)
	if failed != (kind != 0) || failed && e.Kind != kind || string(got) != want || !slices.Equal(ends, wantEnds) {
		t.Errorf("AppendValues(%+v)\n got %q, %v, %v\nwant %q, %v, kind %v", o, got, ends, err, want, wantEnds, kind)
	}
}

func TestAppendValuesPairs(t *testing.T) {
	a, b := message("/a", "i", be32(1)), message("/b", "s", str("x"))
	good := []osc.Pair{{Address: "/a", Values: []any{1}}, {Address: "/b", Values: "x"}}
	bad := []osc.Pair{good[0], {Address: "/b", Values: "\x00"}}
	tests := []struct {
		name    string
		options osc.Options
		pairs   []osc.Pair
		packets []string
		err     osc.Kind
	}{
		{"a packet each", osc.Options{}, good, []string{a, b}, 0},
		{"one bundle", osc.Options{AsBundle: true}, good, []string{bundle(1, a, b)}, 0},
		{"no pairs", osc.Options{}, nil, nil, 0},
		{"no pairs, no bundle either", osc.Options{AsBundle: true}, nil, nil, 0},
		{"an error in the second", osc.Options{}, bad, nil, osc.KindNUL},
		{"an error in the second of a bundle", osc.Options{AsBundle: true}, bad, nil, osc.KindNUL},
		{"address without slash", osc.Options{}, []osc.Pair{{Address: "a"}}, nil, osc.KindAddress},
		{"NUL in the address", osc.Options{}, []osc.Pair{{Address: "/a\x00"}}, nil, osc.KindNUL},
		{"a packet each within the limit", osc.Options{MaxPacket: 12}, good, []string{a, b}, 0},
		{"bundle past the limit", osc.Options{MaxPacket: 40, AsBundle: true}, good, nil, osc.KindTooLarge},
		{"packet past the limit", osc.Options{MaxPacket: 11}, good, nil, osc.KindTooLarge},
		{"too many bytes bare", osc.Options{}, []osc.Pair{{Address: "/a", Values: make([]byte, osc.MaxArguments+1)}}, nil, osc.KindLimit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkValues(t, tt.options, tt.pairs, tt.packets, tt.err) })
	}
}

func TestValueErrorsNameTheCulprit(t *testing.T) {
	pair := func(v ...any) []osc.Pair {
		return []osc.Pair{{Address: "/ok", Values: 1}, {Address: "/abc", Values: v}}
	}
	tests := []struct {
		options osc.Options
		pairs   []osc.Pair
		want    []string
	}{
		{osc.Options{StandardTypesOnly: true, Use64Bit: true}, nil, []string{"use64BitPrecision", "useNonStandardTypes"}},
		{osc.Options{StandardTypesOnly: true}, pair(1, osc.Char('A')), []string{`"/abc" argument 1`, "osc.Char", "useNonStandardTypes"}},
		{osc.Options{StandardTypesOnly: true}, pair(1 << 40), []string{`"/abc" argument 0`, "useNonStandardTypes"}},
		{osc.Options{}, pair(1, 2, struct{}{}), []string{`"/abc" argument 2`, "struct {}"}},
		{osc.Options{}, []osc.Pair{{Address: "abc"}}, []string{`"abc"`, "'/'"}},
	}
	for _, tt := range tests {
		_, _, err := osc.AppendValues(nil, nil, tt.options, tt.pairs...)
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("AppendValues(%+v, %v) fails with %v, which lacks %q", tt.options, tt.pairs, err, want)
			}
		}
		if e, ok := errors.AsType[*osc.ValueError](err); ok && len(tt.pairs) == 2 && e.Pair != 1 {
			t.Errorf("%v: blames pair %d, want 1", err, e.Pair)
		}
	}
}

func TestAppendValuesAllocatesNothing(t *testing.T) {
	pairs := []osc.Pair{{Address: "/abc", Values: []any{1, 2.5, "x", []any{true, nil}}}}
	buf, ends := make([]byte, 0, 128), make([]int, 0, 4)
	if n := testing.AllocsPerRun(100, func() {
		if _, _, err := osc.AppendValues(buf, ends, osc.Options{}, pairs...); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("AppendValues into buffers large enough: %v allocations, want 0", n)
	}
}
