package osc

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// A Message is one message of a parsed [Packet]. Its slices alias the packet.
type Message struct {
	Address []byte  // begins with '/'; may be a pattern
	Time    TimeTag // of the enclosing bundle; Immediately if there is none
	Depth   int     // how many bundles enclose it
	types   []byte  // known tags with data to match: parse checked them
	data    []byte
}

// Types returns the type tags without the leading comma: empty if there are no arguments.
func (m *Message) Types() []byte { return m.types }

// parse reads the message that fills b, whose length is a positive multiple of 4. A Kind of 0 is
// success; offsets count from the start of b.
func (m *Message) parse(b []byte) (none SyntaxError) {
	n, e := parseAddress(b)
	if e.Kind != 0 {
		return e
	}
	m.Address = b[:n:n]
	start := padded(n)
	if start == len(b) {
		m.types, m.data = nil, nil
		return none
	}
	if b[start] != ',' {
		return SyntaxError{Offset: start, Kind: KindTypes, Reason: "data without a type tag string"}
	}
	end := indexNUL(b, start)
	if end < 0 {
		return SyntaxError{Offset: start, Kind: KindUnterminated, Reason: "type tag string does not end"}
	}
	m.types, m.data = b[start+1:end:end], b[padded(end):]
	return m.check(start+1, padded(end))
}

// parseAddress returns the length of the address at the start of b.
func parseAddress(b []byte) (n int, none SyntaxError) {
	if b[0] != '/' {
		return 0, SyntaxError{Kind: KindAddress, Reason: "address does not begin with '/'"}
	}
	n = indexNUL(b, 0)
	if n < 0 {
		return 0, SyntaxError{Kind: KindUnterminated, Reason: "address does not end"}
	}
	if n > MaxAddress || n > MaxParts && bytes.Count(b[:n], slash) > MaxParts {
		return 0, SyntaxError{Kind: KindLimit, Reason: "address is too long"}
	}
	return n, none
}

var slash = []byte{'/'}

// check walks the types along the data, so that nobody after it needs to look for the end of
// either. typesAt and dataAt are their offsets, for errors.
func (m *Message) check(typesAt, dataAt int) (none SyntaxError) {
	if len(m.types) > MaxArguments {
		return SyntaxError{Offset: typesAt, Kind: KindLimit, Reason: "too many arguments"}
	}
	at, size, depth := 0, len(m.data), 0
	for i, t := range m.types {
		width := layout[t]
		if width >= 0 {
			at += int(width)
			continue
		}
		if at > size {
			break
		}
		switch width {
		case text:
			end := indexNUL(m.data, at)
			if end < 0 {
				return SyntaxError{Offset: dataAt + at, Kind: KindUnterminated, Reason: "string does not end"}
			}
			at = padded(end)
		case blob:
			n, ok := blobSize(m.data[at:])
			if !ok {
				return SyntaxError{Offset: dataAt + at, Kind: KindTruncated, Reason: "blob is cut short or of negative size"}
			}
			at += 4 + (n+3)&^3
		case arrayBegin:
			if depth++; depth > MaxDepth {
				return SyntaxError{Offset: typesAt + i, Kind: KindLimit, Reason: "arrays nest too deep"}
			}
		case arrayEnd:
			if depth--; depth < 0 {
				return SyntaxError{Offset: typesAt + i, Kind: KindArray, Reason: "array ends that never began"}
			}
		default:
			return SyntaxError{Offset: typesAt + i, Kind: KindUnknownType, Type: Type(t), Reason: "unknown type tag"}
		}
	}
	switch {
	case at > size:
		return SyntaxError{Offset: dataAt + size, Kind: KindTruncated, Reason: "data ends before its types do"}
	case depth > 0:
		return SyntaxError{Offset: typesAt + len(m.types), Kind: KindArray, Reason: "array does not end"}
	}
	return none
}

// blobSize reads the size at the start of b, and whether so much follows.
func blobSize(b []byte) (n int, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	size := binary.BigEndian.Uint32(b)
	return int(size), uint64(size) <= uint64(len(b)-4)
}

// padded returns the size of a string of n bytes with its NUL and padding.
func padded(n int) int { return (n + 4) &^ 3 }

// indexNUL returns where the first NUL of b at or after i is, or -1. It reads 8 bytes at a time:
// i and len(b) are multiples of 4.
func indexNUL(b []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		v := binary.LittleEndian.Uint64(b[i:])
		if z := (v - ones) &^ v & highs; z != 0 {
			return i + bits.TrailingZeros64(z)>>3
		}
	}
	if i+4 <= len(b) {
		v := uint64(binary.LittleEndian.Uint32(b[i:]))
		if z := (v - ones) &^ v & (highs >> 32); z != 0 {
			return i + bits.TrailingZeros64(z)>>3
		}
	}
	return -1
}
