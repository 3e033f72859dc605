package osc

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendText appends a message as one line of text: its address and arguments, separated by
// spaces. It is what a TouchDesigner OSC In DAT shows in its message column; where its manual is
// silent the choice is ours:
//
//   - strings, symbols and characters are double-quoted, with \" \\ \n \r \t and \xNN inside, and
//     U+FFFD for each byte that is not UTF-8;
//   - blobs, MIDI messages and colours are one double-quoted list of decimal bytes;
//   - an array is [1 2 3];
//   - the rest is True, False, None, inf and the shortest decimals that read back the same;
//   - a time tag is its time in UTC (RFC 3339), or "immediately" without the quotes.
func AppendText(dst []byte, m *Message) []byte {
	dst = appendEscaped(dst, m.Address())
	space := true
	for a := range m.Args() {
		if space && a.Type != TypeArrayEnd {
			dst = append(dst, ' ')
		}
		dst = a.appendText(dst)
		space = a.Type != TypeArrayBegin
	}
	return dst
}

func (a Arg) appendText(dst []byte) []byte {
	switch a.Type {
	case TypeInt32, TypeInt64:
		return strconv.AppendInt(dst, a.Int(), 10)
	case TypeFloat32:
		return appendFloat(dst, a.Float(), 32)
	case TypeFloat64:
		return appendFloat(dst, a.Float(), 64)
	case TypeString, TypeSymbol:
		return appendQuoted(dst, a.Bytes())
	case TypeChar:
		var char [utf8.UTFMax]byte
		return appendQuoted(dst, utf8.AppendRune(char[:0], rune(a.Char())))
	case TypeBlob:
		return appendList(dst, a.Bytes()...)
	case TypeColour, TypeMIDI:
		return appendList(dst, byte(a.bits>>24), byte(a.bits>>16), byte(a.bits>>8), byte(a.bits))
	case TypeTimeTag:
		if a.TimeTag().IsImmediate() {
			return append(dst, "immediately"...)
		}
		return a.TimeTag().Time().AppendFormat(dst, time.RFC3339Nano)
	case TypeTrue:
		return append(dst, "True"...)
	case TypeFalse:
		return append(dst, "False"...)
	case TypeNil:
		return append(dst, "None"...)
	case TypeInfinitum:
		return append(dst, "inf"...)
	}
	return append(dst, byte(a.Type))
}

func appendFloat(dst []byte, v float64, bits int) []byte {
	switch {
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case math.IsInf(v, -1):
		return append(dst, "-inf"...)
	case math.IsNaN(v):
		return append(dst, "nan"...)
	}
	return strconv.AppendFloat(dst, v, 'g', -1, bits)
}

func appendList(dst []byte, list ...byte) []byte {
	dst = append(dst, '"')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = strconv.AppendUint(dst, uint64(v), 10)
	}
	return append(dst, '"')
}

func appendQuoted(dst, s []byte) []byte {
	return append(appendEscaped(append(dst, '"'), s), '"')
}

// appendEscaped keeps a text to one line of UTF-8.
func appendEscaped(dst, s []byte) []byte {
	const hex = "0123456789abcdef"
	for len(s) > 0 {
		r, size := utf8.DecodeRune(s)
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r < ' ' || r == 0x7f:
			dst = append(dst, '\\', 'x', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
		s = s[size:]
	}
	return dst
}
