package table

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the cell as JSON: nil null, bools, numbers (a float32 as the shortest decimal
// that reads back to the same float32; those JSON lacks as {"float":"NaN"|"+Inf"|"-Inf"}), strings,
// {"bytes":"<base64>"}, {"timetag":"<16 hex digits>"}, {"char":"x"}, {"rgba":"rrggbbaa"},
// {"midi":"<8 hex digits>"}, {"infinitum":true}, a peer as "address:port" and a list as an array.
//
// In strings, each byte that is no UTF-8 becomes U+FFFD, as does a char that is no character of
// Unicode; only what JSON demands is escaped.
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

func (v Value) appendJSONFloat(b []byte) []byte {
	f, _ := v.Number()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(v.appendFloat(append(b, `{"float":"`...)), `"}`...)
	}
	return v.appendFloat(b)
}

func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	plain := 0 // from here on s needs no escape
	for i, r := range s {
		if r >= ' ' && r != '"' && r != '\\' && r != utf8.RuneError {
			continue
		}
		b = append(b, s[plain:i]...)
		_, size := utf8.DecodeRuneInString(s[i:])
		plain = i + size
		b = appendEscaped(b, r)
	}
	return append(append(b, s[plain:]...), '"')
}

func appendEscaped(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	case utf8.RuneError:
		return utf8.AppendRune(b, r)
	}
	return appendHex(append(b, `\u`...), uint64(r), 2)
}
