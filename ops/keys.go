package ops

import (
	"cmp"
	"hash/maphash"
	"math"
	"strings"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/fold"
)

// Two cells are the same key as two values in an expression are equal (script.Expr), so that 1, 1.0
// and a float32 of 1 are one key; with these additions, which a key needs and a comparison does not:
// an empty cell is the same as another, and so is NaN. An OSC symbol is text. Time tags, characters,
// colours and MIDI messages are the same as their own kind alone, peers as themselves, lists if all
// their cells are.
//
// The order of keys is: false, true; numbers by exact value, NaN behind them; text, then bytes, by
// their bytes; characters, time tags, colours, MIDI messages, infinitum, peers by their address,
// lists by their cells. Empty cells come last.

// keyRank returns the place of a kind in the order of keys. Kinds of one rank are compared with each other.
func keyRank(k table.Kind) int {
	switch k {
	case table.KindBool:
		return 0
	case table.KindInt, table.KindInt64, table.KindFloat32, table.KindFloat64:
		return 1
	case table.KindString, table.KindSymbol:
		return 2
	case table.KindBytes:
		return 3
	case table.KindChar, table.KindTimeTag, table.KindColour, table.KindMIDI, table.KindInfinitum, table.KindPeer, table.KindList:
		return 4 + int(k)
	}
	return math.MaxInt // empty
}

// compareKeys compares two cells by the order of keys: -1, 0 or 1.
func compareKeys(v, w table.Value) int {
	if c := cmp.Compare(keyRank(v.Kind()), keyRank(w.Kind())); c != 0 {
		return c
	}
	switch v.Kind() {
	case table.KindInt, table.KindInt64, table.KindFloat32, table.KindFloat64:
		a, _ := fold.Of(v)
		b, _ := fold.Of(w)
		return compareNumbers(a, b)
	case table.KindString, table.KindSymbol, table.KindBytes:
		return strings.Compare(v.Str(), w.Str())
	case table.KindPeer:
		return strings.Compare(v.Peer().String(), w.Peer().String())
	case table.KindList:
		return compareLists(v, w)
	}
	return cmp.Compare(v.Bits(), w.Bits())
}

func compareNumbers(a, b fold.Number) int {
	if c := cmp.Compare(a.Float(), b.Float()); c != 0 {
		if math.IsNaN(a.Float()) || math.IsNaN(b.Float()) {
			return -c // package cmp has NaN first
		}
		return c
	}
	return a.Same(b)
}

func compareLists(v, w table.Value) int {
	a, b := flatCells(v), flatCells(w)
	for i := range min(len(a), len(b)) {
		if c := compareKeys(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func flatCells(v table.Value) (cells []table.Value) {
	for cell := range v.List() {
		cells = append(cells, cell)
	}
	return cells
}

// sameKey reports whether two cells are the same key.
func sameKey(v, w table.Value) bool {
	switch k := v.Kind(); {
	case k == table.KindPeer:
		return v.Peer() == w.Peer()
	case k == table.KindString && w.Kind() == k:
		return v.Str() == w.Str()
	case k == w.Kind() && k != table.KindList && v.Bits() == w.Bits() && v.Str() == w.Str():
		return true
	}
	return compareKeys(v, w) == 0
}

// plainKey returns the cell that stands for all that are the same key: an integer rather than a float,
// text rather than a symbol.
func plainKey(v table.Value) table.Value {
	switch v.Kind() {
	case table.KindInt64:
		return table.IntValue(v.Int())
	case table.KindSymbol:
		return table.StringValue(v.Str())
	case table.KindFloat32, table.KindFloat64:
		f, _ := v.Number()
		switch {
		case f != f:
			f = math.NaN()
		case f == math.Trunc(f) && f >= -1<<63 && f < 1<<63:
			return table.IntValue(int64(f))
		}
		return table.Float64Value(f)
	case table.KindList:
		cells := flatCells(v)
		for i := range cells {
			cells[i] = plainKey(cells[i])
		}
		if list, err := table.ListValue(cells...); err == nil {
			return list
		}
	}
	return v
}

var keySeed = maphash.MakeSeed()

// hashKey returns a number that is the same for cells that are the same key. It differs from run to
// run, and nothing that is seen may depend on it.
func hashKey(v table.Value) uint64 {
	switch v.Kind() {
	case table.KindNil:
		return 1
	case table.KindString, table.KindSymbol:
		return maphash.String(keySeed, v.Str())
	case table.KindBytes:
		return mixHash(2, maphash.String(keySeed, v.Str()))
	case table.KindPeer:
		return mixHash(3, maphash.String(keySeed, v.Peer().String()))
	case table.KindList:
		h := uint64(4)
		for cell := range v.List() {
			h = mixHash(h, hashKey(cell))
		}
		return h
	}
	if f, ok := v.Number(); ok {
		return hashNumber(f)
	}
	return mixHash(uint64(v.Kind())<<8, v.Bits())
}

func hashNumber(f float64) uint64 {
	switch {
	case f == 0:
		f = 0 // -0 too
	case f != f:
		f = math.NaN()
	}
	return mixHash(5, math.Float64bits(f))
}

// mixHash combines two hashes (murmur3's 64-bit finalizer).
func mixHash(h, k uint64) uint64 {
	h = h*0x9e3779b97f4a7c15 + k
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
