package osc

import (
	"encoding/binary"
	"iter"
	"math"
	"unsafe"
)

// An Arg is one argument of a message, or the begin or end of an array. Its Type says which of
// the methods tells its value; the others return something meaningless.
//
// It is kept to four words, the most that the compiler holds in registers.
type Arg struct {
	Type  Type
	bits  uint64 // what has a fixed size, as it was on the wire
	bytes string // strings, symbols and blobs; aliases the packet
}

// Int returns the value of TypeInt32 and TypeInt64.
func (a Arg) Int() int64 {
	if a.Type == TypeInt32 {
		return int64(int32(a.bits))
	}
	return int64(a.bits)
}

// Float returns the value of TypeFloat32 and TypeFloat64, exactly.
func (a Arg) Float() float64 {
	if a.Type == TypeFloat32 {
		return float64(a.Float32())
	}
	return math.Float64frombits(a.bits)
}

// Float32 returns the value of TypeFloat32, with a NaN's bits as they came.
func (a Arg) Float32() float32 { return math.Float32frombits(uint32(a.bits)) }

// Bytes returns the value of TypeString, TypeSymbol and TypeBlob. It aliases the packet.
func (a Arg) Bytes() []byte { return unsafe.Slice(unsafe.StringData(a.bytes), len(a.bytes)) }

// alias returns b as a string that changes when b does. It is for Arg alone, which never shows it.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// TimeTag returns the value of TypeTimeTag.
func (a Arg) TimeTag() TimeTag { return TimeTag(a.bits) }

// Char returns the value of TypeChar.
func (a Arg) Char() Char { return Char(uint32(a.bits)) }

// Colour returns the value of TypeColour.
func (a Arg) Colour() Colour {
	return Colour{R: byte(a.bits >> 24), G: byte(a.bits >> 16), B: byte(a.bits >> 8), A: byte(a.bits)}
}

// MIDI returns the value of TypeMIDI.
func (a Arg) MIDI() MIDI {
	return MIDI{Port: byte(a.bits >> 24), Status: byte(a.bits >> 16), Data1: byte(a.bits >> 8), Data2: byte(a.bits)}
}

// Args walks the arguments in order; an array is its begin, its elements and its end. It
// allocates nothing, and m may be walked any number of times.
func (m *Message) Args() iter.Seq[Arg] {
	return func(yield func(Arg) bool) {
		b, at := m.bytes, padded(int(m.types))
		for _, t := range m.Types() {
			a := Arg{Type: Type(t)}
			switch layout[t] {
			case 4:
				a.bits = uint64(binary.BigEndian.Uint32(b[at:]))
				at += 4
			case 8:
				a.bits = binary.BigEndian.Uint64(b[at:])
				at += 8
			case text:
				end := indexNUL(b, at)
				a.bytes = alias(b[at:end])
				at = padded(end)
			case blob:
				n, _ := blobSize(b[at:])
				a.bytes = alias(b[at+4 : at+4+n])
				at += 4 + (n+3)&^3
			}
			if !yield(a) {
				return
			}
		}
	}
}
