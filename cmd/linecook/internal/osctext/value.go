package osctext

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linecook.dev/linecook/peer/osc"
)

// guess returns the type of a value that was given none.
func guess(text string) osc.Type {
	switch text {
	case "true":
		return osc.TypeTrue
	case "false":
		return osc.TypeFalse
	case "nil":
		return osc.TypeNil
	}
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return osc.TypeString
	}
	if _, err := integer(text, 32); err == nil {
		return osc.TypeInt32
	}
	if _, err := integer(text, 64); err == nil {
		return osc.TypeInt64
	}
	if _, err := strconv.ParseFloat(text, 32); err == nil {
		return osc.TypeFloat32
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return osc.TypeFloat64
	}
	return osc.TypeString
}

// arg adds an argument to the builder.
func (e *Encoder) arg(a arg) error {
	b := &e.builder
	switch a.tag {
	case osc.TypeInt32:
		return with(a, func(s string) (int64, error) { return integer(s, 32) }, func(n int64) { b.Int32(int32(n)) })
	case osc.TypeInt64:
		return with(a, func(s string) (int64, error) { return integer(s, 64) }, b.Int64)
	case osc.TypeFloat32:
		return with(a, func(s string) (float64, error) { return float(s, 32) }, func(v float64) { b.Float32(float32(v)) })
	case osc.TypeFloat64:
		return with(a, func(s string) (float64, error) { return float(s, 64) }, b.Float64)
	case osc.TypeString:
		b.String(a.text)
	case osc.TypeSymbol:
		b.Symbol(a.text)
	case osc.TypeBlob:
		return with(a, Bytes, b.Blob)
	case osc.TypeChar:
		return with(a, char, b.Char)
	case osc.TypeColour:
		return with(a, colour, b.Colour)
	case osc.TypeMIDI:
		return with(a, midi, b.MIDI)
	case osc.TypeTimeTag:
		return with(a, e.timeTag, b.TimeTag)
	default:
		e.mark(a.tag)
	}
	return nil
}

// mark adds what has no value.
func (e *Encoder) mark(t osc.Type) {
	switch t {
	case osc.TypeTrue, osc.TypeFalse:
		e.builder.Bool(t == osc.TypeTrue)
	case osc.TypeNil:
		e.builder.Nil()
	case osc.TypeInfinitum:
		e.builder.Infinitum()
	case osc.TypeArrayBegin:
		e.builder.ArrayBegin()
	case osc.TypeArrayEnd:
		e.builder.ArrayEnd()
	}
}

// with reads the value of a and adds it.
func with[T any](a arg, read func(string) (T, error), add func(T)) error {
	v, err := read(a.text)
	if err != nil {
		return fmt.Errorf("%q is no value of type %s: %w", a.text, string(a.tag), err)
	}
	add(v)
	return nil
}

// integer reads a decimal number, or a hexadecimal one after 0x.
func integer(s string, bits int) (int64, error) {
	digits := strings.TrimLeft(s, "+-")
	base := 10
	if hexadecimal, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		base, s = 16, s[:len(s)-len(digits)]+hexadecimal
	}
	n, err := strconv.ParseInt(s, base, bits)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("it does not fit %d bits", bits)
	}
	if err != nil {
		return 0, errors.New("an integer is wanted")
	}
	return n, nil
}

func float(s string, bits int) (float64, error) {
	v, err := strconv.ParseFloat(s, bits)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("it does not fit %d bits", bits)
	}
	if err != nil {
		return math.NaN(), errors.New("a number is wanted")
	}
	return v, nil
}

// Bytes returns the bytes that hexadecimal digits stand for. Spaces and colons between them do not
// count.
func Bytes(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", ":", "").Replace(s))
	if err != nil {
		return nil, errors.New("bytes are wanted, two hexadecimal digits each, as 00ff7f")
	}
	return b, nil
}

func char(s string) (osc.Char, error) {
	if r, size := utf8.DecodeRuneInString(s); size == len(s) && size > 0 && (r != utf8.RuneError || size > 1) {
		return osc.Char(r), nil
	}
	if digits, ok := strings.CutPrefix(s, "0x"); ok {
		if n, err := strconv.ParseUint(digits, 16, 32); err == nil {
			return osc.Char(uint32(n)), nil
		}
	}
	return 0, errors.New("one character is wanted, or its number as 0x41")
}

func colour(s string) (c osc.Colour, err error) {
	b, err := Bytes(strings.TrimPrefix(s, "#"))
	if len(b) == 3 {
		b = append(b, 0xff)
	}
	if err != nil || len(b) != 4 {
		return c, errors.New("a colour is wanted, as ff8000 or ff8000ff")
	}
	return osc.Colour{R: b[0], G: b[1], B: b[2], A: b[3]}, nil
}

func midi(s string) (m osc.MIDI, err error) {
	b, err := Bytes(s)
	if err != nil || len(b) != 4 {
		return m, errors.New("eight hexadecimal digits are wanted, as 01903c7f: port, status, data, data")
	}
	return osc.MIDI{Port: b[0], Status: b[1], Data1: b[2], Data2: b[3]}, nil
}

// timeTag reads a time.
func (e *Encoder) timeTag(s string) (osc.TimeTag, error) {
	if s == "immediately" {
		return osc.Immediately, nil
	}
	if s == "now" {
		return osc.NewTimeTag(e.now()), nil
	}
	if after, ok := strings.CutPrefix(s, "+"); ok {
		if d, err := time.ParseDuration(after); err == nil {
			return osc.NewTimeTag(e.now().Add(d)), nil
		}
	}
	if n, err := strconv.ParseUint(s, 16, 64); err == nil && len(s) == 16 {
		return osc.TimeTag(n), nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return osc.NewTimeTag(t), nil
	}
	return 0, fmt.Errorf("%q is no time; there are immediately, now, +1.5s, 2006-01-02T15:04:05Z and 16 hexadecimal digits", s)
}

func (e *Encoder) now() time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return time.Now()
}
