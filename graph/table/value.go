package table

import (
	"math"
	"strings"
)

// A Peer is what a cell of [KindPeer] holds: a handle on a remote end. Two cells hold the same
// peer if their handles are equal (==). String is the peer's address and port.
type Peer interface{ String() string }

// A Value is one cell outside its table. The zero Value is nil. See the package comment for how
// long one stays valid.
type Value struct {
	kind Kind
	num  uint64
	str  string
	peer Peer
}

// BoolValue returns a cell of KindBool.
func BoolValue(v bool) Value {
	if v {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// IntValue returns a cell of KindInt.
func IntValue(v int64) Value { return Value{kind: KindInt, num: uint64(v)} }

// Int64Value returns a cell of KindInt64.
func Int64Value(v int64) Value { return Value{kind: KindInt64, num: uint64(v)} }

// Float32Value returns a cell of KindFloat32.
func Float32Value(v float32) Value {
	return Value{kind: KindFloat32, num: uint64(math.Float32bits(v))}
}

// Float64Value returns a cell of KindFloat64.
func Float64Value(v float64) Value { return Value{kind: KindFloat64, num: math.Float64bits(v)} }

// TimeTagValue returns a cell of KindTimeTag.
func TimeTagValue(ntp uint64) Value { return Value{kind: KindTimeTag, num: ntp} }

// CharValue returns a cell of KindChar.
func CharValue(c uint32) Value { return Value{kind: KindChar, num: uint64(c)} }

// ColourValue returns a cell of KindColour, 0xRRGGBBAA.
func ColourValue(rgba uint32) Value { return Value{kind: KindColour, num: uint64(rgba)} }

// MIDIValue returns a cell of KindMIDI: port, status, data1, data2, from the highest byte down.
func MIDIValue(m uint32) Value { return Value{kind: KindMIDI, num: uint64(m)} }

// InfinitumValue returns a cell of KindInfinitum.
func InfinitumValue() Value { return Value{kind: KindInfinitum} }

// StringValue returns a cell of KindString.
func StringValue(s string) Value { return Value{kind: KindString, str: s} }

// SymbolValue returns a cell of KindSymbol.
func SymbolValue(s string) Value { return Value{kind: KindSymbol, str: s} }

// BytesValue returns a cell of KindBytes that holds a copy of b.
func BytesValue(b []byte) Value { return Value{kind: KindBytes, str: string(b)} }

// PeerValue returns a cell of KindPeer, or nil if p is nil.
func PeerValue(p Peer) Value {
	if p == nil {
		return Value{}
	}
	return Value{kind: KindPeer, peer: p}
}

// Kind returns the type of the cell.
func (v Value) Kind() Kind { return v.kind }

// IsNil reports whether the cell is empty.
func (v Value) IsNil() bool { return v.kind == KindNil }

// Bool returns the value of a KindBool, and false for any other kind.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Int returns the value of a KindInt or KindInt64, and 0 for any other kind.
func (v Value) Int() int64 {
	if v.kind != KindInt && v.kind != KindInt64 {
		return 0
	}
	return int64(v.num)
}

// Number returns a KindInt, KindInt64, KindFloat32 or KindFloat64 as a float64, and whether it is one of them.
func (v Value) Number() (float64, bool) {
	switch v.kind {
	case KindInt, KindInt64:
		return float64(int64(v.num)), true
	case KindFloat32:
		return float64(math.Float32frombits(uint32(v.num))), true
	case KindFloat64:
		return math.Float64frombits(v.num), true
	}
	return 0, false
}

// Float32 returns the value of a KindFloat32, and 0 for any other kind.
func (v Value) Float32() float32 {
	if v.kind != KindFloat32 {
		return 0
	}
	return math.Float32frombits(uint32(v.num))
}

// Bits returns the payload of a time tag, char, colour or MIDI cell, and the bit pattern of a
// bool or number; 0 for any other kind.
func (v Value) Bits() uint64 { return v.num }

// Str returns the text of a KindString or KindSymbol or the bytes of a KindBytes, and "" for any
// other kind.
func (v Value) Str() string {
	if v.kind == KindList {
		return ""
	}
	return v.str
}

// Size returns how many bytes the value has beside its eight: of text, of a blob, or of a list as it is
// kept.
func (v Value) Size() int { return len(v.str) }

// Peer returns the handle of a KindPeer, and nil for any other kind.
func (v Value) Peer() Peer { return v.peer }

// Clone returns v with memory of its own.
func (v Value) Clone() Value {
	v.str = strings.Clone(v.str)
	return v
}

// Equal reports whether v and w have the same kind and the same payload, bit for bit: a NaN equals
// itself, an int 1 does not equal a float 1.
func (v Value) Equal(w Value) bool { return v == w }
