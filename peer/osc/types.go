package osc

import "math"

// Limits of what is read and written.
const (
	MaxAddress   = 1024               // bytes of an address or a pattern
	MaxParts     = 64                 // parts of an address: its slashes
	MaxArguments = 4096               // type tags of a message, array brackets included
	MaxDepth     = 16                 // bundles in bundles, and arrays in arrays
	MaxPacket    = math.MaxInt32 &^ 3 // bytes of a packet
)

// A Type is an OSC type tag.
type Type byte

// The types of OSC 1.0 and 1.1. Int32, Float32, String and Blob are the standard ones that reach
// every receiver; many refuse or misread the others.
const (
	TypeInt32      Type = 'i'
	TypeFloat32    Type = 'f'
	TypeString     Type = 's'
	TypeBlob       Type = 'b'
	TypeInt64      Type = 'h'
	TypeFloat64    Type = 'd'
	TypeTimeTag    Type = 't'
	TypeSymbol     Type = 'S' // a string, told apart by some programs
	TypeChar       Type = 'c'
	TypeColour     Type = 'r'
	TypeMIDI       Type = 'm'
	TypeTrue       Type = 'T'
	TypeFalse      Type = 'F'
	TypeNil        Type = 'N'
	TypeInfinitum  Type = 'I' // "impulse" in OSC 1.1
	TypeArrayBegin Type = '['
	TypeArrayEnd   Type = ']'
)

// A Char is the type 'c': one character. OSC 1.0 means ASCII; all 32 bits are kept.
type Char rune

// A Colour is the type 'r'.
type Colour struct{ R, G, B, A uint8 }

// A MIDI is the type 'm': a MIDI message and the port it belongs to.
type MIDI struct{ Port, Status, Data1, Data2 uint8 }

// Infinitum is the type 'I', which has no data.
type Infinitum struct{}

// The ways an argument's data is laid out, beside a plain number of bytes.
const (
	unknown int8 = -1 - iota
	text
	blob
	arrayBegin
	arrayEnd
)

// layout has for each type tag the size of its data in bytes, or one of the ways above.
var layout = func() (l [256]int8) {
	for i := range l {
		l[i] = unknown
	}
	for _, t := range "TFNI" {
		l[t] = 0
	}
	for _, t := range "ifcrm" {
		l[t] = 4
	}
	for _, t := range "hdt" {
		l[t] = 8
	}
	l[TypeString], l[TypeSymbol], l[TypeBlob] = text, text, blob
	l[TypeArrayBegin], l[TypeArrayEnd] = arrayBegin, arrayEnd
	return l
}()
