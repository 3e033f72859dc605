package table

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// AppendJSON appends the cell as JSON: nil null, bools, numbers (a float32 as the shortest decimal
// that reads back to the same float32; those JSON lacks as {"float":"NaN"|"+Inf"|"-Inf"}), strings
// (invalid UTF-8 replaced), {"bytes":"<base64>"}, {"timetag":"<16 hex digits>"}, {"char":"x"},
// {"rgba":"rrggbbaa"}, {"midi":"<8 hex digits>"}, {"infinitum":true}, a peer as "address:port" and
// a list as an array.
func (v Value) AppendJSON(b []byte) []byte {
	switch v.kind {
	case KindBool:
		return strconv.AppendBool(b, v.num != 0)
	case KindInt, KindInt64:
		return strconv.AppendInt(b, int64(v.num), 10)
	case KindFloat32, KindFloat64:
		return v.appendJSONFloat(b)
	case KindString, KindSymbol:
		return appendJSONString(b, v.str)
	case KindBytes:
		b = append(b, `{"bytes":"`...)
		return append(base64.StdEncoding.AppendEncode(b, []byte(v.str)), `"}`...)
	case KindTimeTag:
		return append(appendHex(append(b, `{"timetag":"`...), v.num, 8), `"}`...)
	case KindChar:
		return append(appendJSONString(append(b, `{"char":`...), string(rune(v.num))), '}')
	case KindColour:
		return append(appendHex(append(b, `{"rgba":"`...), v.num, 4), `"}`...)
	case KindMIDI:
		return append(appendHex(append(b, `{"midi":"`...), v.num, 4), `"}`...)
	case KindInfinitum:
		return append(b, `{"infinitum":true}`...)
	case KindPeer:
		return appendJSONString(b, v.peer.String())
	case KindList:
		return v.appendItems(b, ",", Value.AppendJSON)
	}
	return append(b, "null"...)
}

// AppendText appends the cell as people read it: nil as nothing, text as it is with invalid UTF-8
// replaced, numbers as in JSON but NaN, +Inf and -Inf bare, bytes as hexadecimal, a list in
// brackets.
func (v Value) AppendText(b []byte) []byte {
	switch v.kind {
	case KindNil:
		return b
	case KindFloat32, KindFloat64:
		return v.appendFloat(b)
	case KindString, KindSymbol:
		return append(b, strings.ToValidUTF8(v.str, "\uFFFD")...)
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

func (v Value) appendJSONFloat(b []byte) []byte {
	f, _ := v.Number()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(v.appendFloat(append(b, `{"float":"`...)), `"}`...)
	}
	return v.appendFloat(b)
}

func (v Value) appendFloat(b []byte) []byte {
	f, _ := v.Number()
	size := 64
	if v.kind == KindFloat32 {
		size = 32
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(b, f, format, -1, size)
}

func appendHex(b []byte, num uint64, bytes int) []byte {
	const digits = "0123456789abcdef"
	for shift := bytes*8 - 4; shift >= 0; shift -= 4 {
		b = append(b, digits[num>>shift&15])
	}
	return b
}

func appendJSONString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			q, _ := json.Marshal(s)
			return append(b, q...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
