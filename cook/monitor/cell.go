package monitor

import (
	"encoding/hex"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph/table"
)

// Limits of a cell that is shown, in bytes.
const (
	maxString = 4 << 10
	maxBlob   = 1 << 10
)

// exact is the largest whole number that every program which reads JSON keeps.
const exact = 1 << 53

// appendCell appends a cell as JSON: what JSON can say as itself, all else as an object whose "t" says
// what it is.
func appendCell(b []byte, v table.Value) []byte {
	switch v.Kind() {
	case table.KindNil:
		return append(b, "null"...)
	case table.KindBool:
		return strconv.AppendBool(b, v.Bool())
	case table.KindInt, table.KindInt64:
		return appendInt(b, v.Int())
	case table.KindFloat32, table.KindFloat64:
		return appendFloat(b, v)
	case table.KindString:
		return appendString(b, v.Str(), maxString)
	case table.KindBytes:
		return appendBlob(b, v.Str(), len(v.Str()))
	case table.KindList:
		return appendList(b, v)
	}
	return appendTyped(b, v)
}

func appendInt(b []byte, n int64) []byte {
	if n > exact || n < -exact {
		b = append(b, `{"t":"int64","v":"`...)
		b = strconv.AppendInt(b, n, 10)
		return append(strconv.AppendInt(append(b, `","text":"`...), n, 10), `"}`...)
	}
	return strconv.AppendInt(b, n, 10)
}

func appendFloat(b []byte, v table.Value) []byte {
	if f, _ := v.Number(); math.IsNaN(f) || math.IsInf(f, 0) {
		return append(v.AppendText(append(b, `{"t":"float","text":"`...)), `"}`...)
	}
	return v.AppendJSON(b)
}

// appendHexText appends the first bytes of data, at most so many, as a text of hexadecimal digits.
func appendHexText(b, data []byte, most int) []byte {
	return append(hex.AppendEncode(append(b, '"'), data[:min(len(data), most)]), '"')
}

// appendBlob appends bytes of which s is the beginning.
func appendBlob(b []byte, s string, size int) []byte {
	b = append(b, `{"t":"bytes","hex":"`...)
	b = append(hex.AppendEncode(b, []byte(s[:min(len(s), maxBlob)])), '"')
	if size > maxBlob {
		b = strconv.AppendInt(append(b, `,"cut":`...), int64(size), 10)
	}
	return append(b, '}')
}

func appendList(b []byte, v table.Value) []byte {
	b = append(b, `{"t":"list","v":[`...)
	first, begun := true, len(b)
	for item := range v.List() {
		if !first {
			b = append(b, ',')
		}
		if len(b)-begun > maxString {
			b = append(b, `{"t":"cut","text":"…"}`...)
			break
		}
		b, first = appendCell(b, item), false
	}
	return append(b, `]}`...)
}

// appendTyped appends a cell of a kind that JSON does not have.
func appendTyped(b []byte, v table.Value) []byte {
	switch v.Kind() {
	case table.KindPeer:
		return appendPeer(b, v.Peer())
	case table.KindSymbol:
		b = appendString(append(b, `{"t":"symbol","v":`...), v.Str(), maxString)
		return append(b, '}')
	case table.KindInfinitum:
		return append(b, `{"t":"inf","text":"infinitum"}`...)
	case table.KindTimeTag:
		b = append(b, `{"t":"timetag","v":"`...)
		b = appendHex(b, v.Bits(), 16)
		return append(appendString(append(b, `","text":`...), timeText(v.Bits()), maxString), '}')
	case table.KindChar:
		b = strconv.AppendUint(append(b, `{"t":"char","v":`...), v.Bits(), 10)
		return append(appendString(append(b, `,"text":`...), string(rune(v.Bits())), maxString), '}')
	case table.KindColour:
		b = appendHex(append(b, `{"t":"colour","v":"`...), v.Bits(), 8)
		return append(appendHex(append(b, `","text":"#`...), v.Bits(), 8), `"}`...)
	case table.KindMIDI:
		b = appendHex(append(b, `{"t":"midi","v":"`...), v.Bits(), 8)
		return append(appendHex(append(b, `","text":"`...), v.Bits(), 8), `"}`...)
	}
	return append(b, "null"...)
}

// An identified peer is one that can be told from others at the same address. Package peer's Peer is.
type identified interface{ ID() uuid.UUID }

func appendPeer(b []byte, p table.Peer) []byte {
	b = append(b, `{"t":"peer"`...)
	if i, ok := p.(identified); ok {
		b = appendString(append(b, `,"id":`...), i.ID().String(), maxString)
	}
	return append(appendString(append(b, `,"address":`...), p.String(), maxString), '}')
}

func appendHex(b []byte, v uint64, digits int) []byte {
	const hexDigits = "0123456789abcdef"
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b = append(b, hexDigits[v>>shift&15])
	}
	return b
}

// ntpEpoch is how many seconds before 1970 NTP's time begins.
const ntpEpoch = 2208988800

// timeText returns an OSC time tag as people read it.
func timeText(ntp uint64) string {
	if ntp == 1 {
		return "immediately"
	}
	ns := (ntp & math.MaxUint32) * 1e9 >> 32
	return time.Unix(int64(ntp>>32)-ntpEpoch, int64(ns)).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// appendString appends s as JSON, cut after room bytes with an ellipsis. What is no UTF-8 becomes
// U+FFFD.
func appendString(b []byte, s string, room int) []byte {
	s = cutText(s, room)
	b = append(b, '"')
	plain := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if plainRune(r, size) {
			i += size
			continue
		}
		b = append(b, s[plain:i]...)
		i += size
		plain = i
		b = appendEscape(b, r)
	}
	return append(append(b, s[plain:]...), '"')
}

// plainRune reports whether JSON and JavaScript take r as it is.
func plainRune(r rune, size int) bool {
	return r >= ' ' && r != '"' && r != '\\' && r != 0x7f && r != 0x2028 && r != 0x2029 && !(r == utf8.RuneError && size == 1)
}

func appendEscape(b []byte, r rune) []byte {
	if r == '"' || r == '\\' {
		return append(b, '\\', byte(r))
	}
	return appendHex(append(b, `\u`...), uint64(r), 4)
}
