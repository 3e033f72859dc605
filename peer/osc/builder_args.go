package osc

import (
	"encoding/binary"
	"math"
	"strings"
)

// Int32 adds an argument of TypeInt32.
func (b *Builder) Int32(v int32) { b.word(TypeInt32, uint32(v)) }

// Int64 adds an argument of TypeInt64.
func (b *Builder) Int64(v int64) { b.long(TypeInt64, uint64(v)) }

// Float32 adds an argument of TypeFloat32.
func (b *Builder) Float32(v float32) { b.word(TypeFloat32, math.Float32bits(v)) }

// Float64 adds an argument of TypeFloat64.
func (b *Builder) Float64(v float64) { b.long(TypeFloat64, math.Float64bits(v)) }

// String adds an argument of TypeString. A NUL in it is a mistake of [KindNUL].
func (b *Builder) String(v string) { b.text(TypeString, v) }

// Symbol adds an argument of TypeSymbol, as String does.
func (b *Builder) Symbol(v string) { b.text(TypeSymbol, v) }

// Blob adds an argument of TypeBlob.
func (b *Builder) Blob(v []byte) {
	if len(v) > MaxPacket {
		b.fail(KindTooLarge, b.argument, "blob is too large")
	}
	if !b.tag(TypeBlob) {
		return
	}
	b.buf = binary.BigEndian.AppendUint32(b.buf, uint32(len(v)))
	b.buf = append(append(b.buf, v...), 0, 0, 0)
	b.buf = b.buf[:len(b.buf)-(len(v)+3)&3]
}

// Bool adds an argument of TypeTrue or TypeFalse.
func (b *Builder) Bool(v bool) {
	if v {
		b.tag(TypeTrue)
	} else {
		b.tag(TypeFalse)
	}
}

// Nil adds an argument of TypeNil.
func (b *Builder) Nil() { b.tag(TypeNil) }

// Infinitum adds an argument of TypeInfinitum.
func (b *Builder) Infinitum() { b.tag(TypeInfinitum) }

// TimeTag adds an argument of TypeTimeTag.
func (b *Builder) TimeTag(v TimeTag) { b.long(TypeTimeTag, uint64(v)) }

// Char adds an argument of TypeChar.
func (b *Builder) Char(v Char) { b.word(TypeChar, uint32(v)) }

// Colour adds an argument of TypeColour.
func (b *Builder) Colour(v Colour) { b.word(TypeColour, pack(v.R, v.G, v.B, v.A)) }

// MIDI adds an argument of TypeMIDI.
func (b *Builder) MIDI(v MIDI) { b.word(TypeMIDI, pack(v.Port, v.Status, v.Data1, v.Data2)) }

// ArrayBegin opens an array, inside the one that is open if there is one.
func (b *Builder) ArrayBegin() {
	if b.arrays++; b.arrays > MaxDepth {
		b.fail(KindLimit, b.argument, "arrays nest too deep")
	}
	b.tag(TypeArrayBegin)
}

// ArrayEnd closes the innermost open array.
func (b *Builder) ArrayEnd() {
	if b.arrays--; b.arrays < 0 {
		b.fail(KindArray, b.argument, "array ends that never began")
	}
	b.tag(TypeArrayEnd)
}

// Arg adds an argument, or the begin or end of an array, as it was parsed.
func (b *Builder) Arg(a Arg) {
	switch layout[a.Type] {
	case 0:
		b.tag(a.Type)
	case 4:
		b.word(a.Type, uint32(a.bits))
	case 8:
		b.long(a.Type, a.bits)
	case text:
		b.text(a.Type, a.bytes)
	case blob:
		b.Blob(a.Bytes())
	case arrayBegin:
		b.ArrayBegin()
	case arrayEnd:
		b.ArrayEnd()
	default:
		b.fail(KindUnknownType, b.argument, "unknown type")
	}
}

// tag notes the type of an argument and reports whether its data is to follow.
func (b *Builder) tag(t Type) bool {
	if b.state != inside || b.argument == MaxArguments {
		b.failTag()
		return false
	}
	b.types[b.argument] = byte(t)
	b.argument++
	return true
}

func (b *Builder) failTag() {
	if b.state == inside {
		b.fail(KindLimit, b.argument, "too many arguments")
	} else {
		b.fail(KindOrder, -1, "argument outside a message")
	}
}

func (b *Builder) word(t Type, v uint32) {
	if b.tag(t) {
		b.buf = append(b.buf, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
}

func (b *Builder) long(t Type, v uint64) {
	if b.tag(t) {
		b.buf = binary.BigEndian.AppendUint64(b.buf, v)
	}
}

func (b *Builder) text(t Type, v string) {
	if strings.IndexByte(v, 0) >= 0 {
		b.fail(KindNUL, b.argument, "string contains a NUL")
	}
	if !b.tag(t) {
		return
	}
	at, size := len(b.buf), padded(len(v))
	b.grow(at + size)
	binary.BigEndian.PutUint32(b.buf[at+size-4:], 0)
	copy(b.buf[at:], v)
}

func pack(a, b, c, d uint8) uint32 {
	return uint32(a)<<24 | uint32(b)<<16 | uint32(c)<<8 | uint32(d)
}
