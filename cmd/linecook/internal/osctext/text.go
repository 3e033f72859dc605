package osctext

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linecook.dev/linecook/peer/osc"
)

// AppendText appends a message as a line of words. Time tags are rounded to the nanosecond.
func AppendText(b []byte, m *osc.Message) []byte {
	if m.Depth > 0 {
		b = append(appendTime(append(b, '@'), m.Time), ' ')
	}
	b = appendWord(b, string(m.Address()))
	if len(m.Types()) > 0 {
		b = append(append(b, ' '), m.Types()...)
	}
	for a := range m.Args() {
		if strings.IndexByte(noValue, byte(a.Type)) < 0 {
			b = appendValue(append(b, ' '), a)
		}
	}
	return b
}

func appendValue(b []byte, a osc.Arg) []byte {
	switch a.Type {
	case osc.TypeInt32, osc.TypeInt64:
		return strconv.AppendInt(b, a.Int(), 10)
	case osc.TypeFloat32:
		return strconv.AppendFloat(b, a.Float(), 'g', -1, 32)
	case osc.TypeFloat64:
		return strconv.AppendFloat(b, a.Float(), 'g', -1, 64)
	case osc.TypeString, osc.TypeSymbol:
		return AppendQuoted(b, string(a.Bytes()))
	case osc.TypeBlob:
		return appendHex(b, a.Bytes()...)
	case osc.TypeChar:
		return appendChar(b, a.Char())
	case osc.TypeColour:
		c := a.Colour()
		return appendHex(b, c.R, c.G, c.B, c.A)
	case osc.TypeMIDI:
		m := a.MIDI()
		return appendHex(b, m.Port, m.Status, m.Data1, m.Data2)
	}
	return appendTime(b, a.TimeTag())
}

func appendHex(b []byte, bytes ...byte) []byte {
	if len(bytes) == 0 {
		return append(b, `""`...)
	}
	return hex.AppendEncode(b, bytes)
}

// appendChar appends a character in quotes, or the number of what is none.
func appendChar(b []byte, c osc.Char) []byte {
	if r := rune(c); utf8.ValidRune(r) {
		return AppendQuoted(b, string(r))
	}
	return strconv.AppendUint(append(b, "0x"...), uint64(uint32(c)), 16)
}

func appendTime(b []byte, t osc.TimeTag) []byte {
	if t.IsImmediate() {
		return append(b, "immediately"...)
	}
	return t.Time().AppendFormat(b, time.RFC3339Nano)
}
