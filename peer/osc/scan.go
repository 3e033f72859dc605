package osc

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// fault is what a SyntaxError says beside its offset.
type fault struct {
	kind   Kind
	reason string
}

var (
	faultPacketSize    = &fault{KindSize, "packet size is not a positive multiple of 4"}
	faultElementSize   = &fault{KindSize, "element size is not a positive multiple of 4 within its bundle"}
	faultBundle        = &fault{KindAddress, `bundle does not begin with "#bundle" and a time tag`}
	faultBundleDepth   = &fault{KindLimit, "bundles nest too deep"}
	faultAddress       = &fault{KindAddress, "address does not begin with '/'"}
	faultAddressEnd    = &fault{KindUnterminated, "address does not end"}
	faultAddressLimit  = &fault{KindLimit, "address is too long"}
	faultNoTypes       = &fault{KindTypes, "data without a type tag string"}
	faultTypesEnd      = &fault{KindUnterminated, "type tag string does not end"}
	faultArguments     = &fault{KindLimit, "too many arguments"}
	faultUnknownType   = &fault{KindUnknownType, "unknown type tag"}
	faultTruncated     = &fault{KindTruncated, "data ends before its types do"}
	faultStringEnd     = &fault{KindUnterminated, "string does not end"}
	faultBlob          = &fault{KindTruncated, "blob is cut short or of negative size"}
	faultArrayDepth    = &fault{KindLimit, "arrays nest too deep"}
	faultArrayEnd      = &fault{KindArray, "array does not end"}
	faultArrayNotBegun = &fault{KindArray, "array ends that never began"}
)

// scan checks the message that fills b, whose length is a positive multiple of 4, so that nobody
// after it needs to look for the end of anything. It returns the length of the address and the
// end of the type tag string, 0 if there is none; or a fault and its position.
func scan(b []byte) (address, types, at int, f *fault) {
	if b[0] != '/' {
		return 0, 0, 0, faultAddress
	}
	address = indexNUL(b, 0)
	if address < 0 {
		return 0, 0, 0, faultAddressEnd
	}
	if address > MaxParts && (address > MaxAddress || bytes.Count(b[:address], slash) > MaxParts) {
		return 0, 0, 0, faultAddressLimit
	}
	start := padded(address)
	if start == len(b) {
		return address, 0, 0, nil
	}
	if b[start] != ',' {
		return 0, 0, start, faultNoTypes
	}
	if types, ok := scanFixed(b, start+1); ok {
		return address, types, 0, nil
	}
	types = indexNUL(b, start)
	switch {
	case types < 0:
		return 0, 0, start, faultTypesEnd
	case types-start-1 > MaxArguments:
		return 0, 0, start + 1, faultArguments
	}
	at, f = scanData(b, start+1, types)
	return address, types, at, f
}

var slash = []byte{'/'}

// scanFixed is the short way through a message of a few arguments of fixed size: it returns the
// end of the type tags that begin at i, or false if there is any reason to go the long way.
func scanFixed(b []byte, i int) (end int, ok bool) {
	size := 0
	for end = i; end < len(b) && end < i+16; end++ {
		width := layout[b[end]]
		if width < 0 {
			return end, b[end] == 0 && size <= len(b)-padded(end)
		}
		size += int(width)
	}
	return 0, false
}

// scanData walks the types in b[first:end] along the data after them.
func scanData(b []byte, first, end int) (at int, f *fault) {
	at = padded(end)
	arrays := 0
	for i, t := range b[first:end] {
		width := layout[t]
		if width >= 0 {
			at += int(width)
			continue
		}
		if at > len(b) {
			break
		}
		switch width {
		case text:
			end := indexNUL(b, at)
			if end < 0 {
				return at, faultStringEnd
			}
			at = padded(end)
		case blob:
			n, ok := blobSize(b[at:])
			if !ok {
				return at, faultBlob
			}
			at += 4 + (n+3)&^3
		case arrayBegin:
			if arrays++; arrays > MaxDepth {
				return first + i, faultArrayDepth
			}
		case arrayEnd:
			if arrays--; arrays < 0 {
				return first + i, faultArrayNotBegun
			}
		default:
			return first + i, faultUnknownType
		}
	}
	switch {
	case at > len(b):
		return len(b), faultTruncated
	case arrays > 0:
		return end, faultArrayEnd
	}
	return 0, nil
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
	rest := b[i:]
	for ; len(rest) >= 8; rest = rest[8:] {
		if z := zeros(binary.LittleEndian.Uint64(rest)); z != 0 {
			return len(b) - len(rest) + bits.TrailingZeros64(z)>>3
		}
	}
	if len(rest) >= 4 {
		// The upper half has no byte that is 0.
		v := uint64(binary.LittleEndian.Uint32(rest)) | 0xffffffff<<32
		if z := zeros(v); z != 0 {
			return len(b) - len(rest) + bits.TrailingZeros64(z)>>3
		}
	}
	return -1
}

// zeros returns a number whose lowest bit is in the first byte of v that is 0; 0 if none is.
func zeros(v uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	return (v - ones) &^ v & highs
}
