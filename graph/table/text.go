package table

import (
	"encoding/hex"
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendText appends the cell as people read it: nil as nothing, text as it is with invalid UTF-8
// replaced as in JSON, numbers as in JSON but NaN, +Inf and -Inf bare, bytes as hexadecimal, a
// list in brackets.
func (v Value) AppendText(b []byte) []byte {
	switch v.kind {
	case KindNil:
		return b
	case KindFloat32, KindFloat64:
		return v.appendFloat(b)
	case KindString, KindSymbol:
		return appendValid(b, v.str)
	case KindBytes:
		return hex.AppendEncode(b, []byte(v.str))
	case KindTimeTag:
		return appendHex(b, v.num, 8)
	case KindChar:
		return utf8.AppendRune(b, rune(v.num))
	case KindColour, KindMIDI:
		return appendHex(b, v.num, 4)
	case KindInfinitum:
		return append(b, "infinitum"...)
	case KindPeer:
		return append(b, v.peer.String()...)
	case KindList:
		return v.appendItems(b, ", ", Value.AppendText)
	}
	return v.AppendJSON(b)
}

// String returns the cell as people read it.
func (v Value) String() string { return string(v.AppendText(nil)) }

func (v Value) appendItems(b []byte, sep string, item func(Value, []byte) []byte) []byte {
	b = append(b, '[')
	first := true
	for it := range v.List() {
		if !first {
			b = append(b, sep...)
		}
		b, first = item(it, b), false
	}
	return append(b, ']')
}

// appendFloat appends the shortest decimal that reads back to the same number, as JavaScript
// writes it (ECMA-262, "Number::toString"), but -0 as it is.
func (v Value) appendFloat(b []byte) []byte {
	f, _ := v.Number()
	size, small, large, exact := 64, 1e-6, 1e21, int64(1<<53)
	if v.kind == KindFloat32 {
		size, small, large, exact = 32, float64(float32(1e-6)), float64(float32(1e21)), 1<<24
	}
	if n := int64(f); float64(n) == f && n != 0 && -exact < n && n < exact {
		return strconv.AppendInt(b, n, 10)
	}
	if abs := math.Abs(f); abs == 0 || abs >= small && abs < large {
		return strconv.AppendFloat(b, f, 'f', -1, size)
	}
	b = strconv.AppendFloat(b, f, 'e', -1, size)
	if n := len(b); n >= 4 && b[n-4] == 'e' && b[n-2] == '0' {
		b = append(b[:n-2], b[n-1]) // e-07 is e-7
	}
	return b
}

func appendHex(b []byte, num uint64, bytes int) []byte {
	const digits = "0123456789abcdef"
	for shift := bytes*8 - 4; shift >= 0; shift -= 4 {
		b = append(b, digits[num>>shift&15])
	}
	return b
}

func appendValid(b []byte, s string) []byte {
	if utf8.ValidString(s) {
		return append(b, s...)
	}
	for _, r := range s {
		b = utf8.AppendRune(b, r)
	}
	return b
}
