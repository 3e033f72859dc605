package ops

import (
	"math"
	"strconv"
	"strings"

	"linecook.dev/linecook/graph/table"
)

const (
	exactDigits = 15 // of which every number is a float64
	intDigits   = 18 // of which every number is an int64
)

// powers are those of ten that a float64 has exactly, as far as they are needed.
var powers = [exactDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// readNumber reads a decimal number.
func readNumber(text string) (v table.Value, ok bool) {
	switch k, bits := scanNumber(text); k {
	case table.KindInt:
		return table.IntValue(int64(bits)), true
	case table.KindFloat64:
		return table.Float64Value(math.Float64frombits(bits)), true
	}
	return v, false
}

// scanNumber returns the cell of a decimal number: an int if it is written as one and has room, else a
// float64; nil if it is none.
func scanNumber(text string) (k table.Kind, bits uint64) {
	digits, negative := text, false
	if text != "" && (text[0] == '-' || text[0] == '+') {
		digits, negative = text[1:], text[0] == '-'
	}
	value, point := int64(0), -1
	for i := range len(digits) {
		switch ch := digits[i]; {
		case ch >= '0' && ch <= '9' && i < intDigits:
			value = value*10 + int64(ch-'0')
		case ch == '.' && point < 0:
			point = i
		case ch >= '0' && ch <= '9' || ch == '.' || ch == 'e' || ch == 'E' || ch == '+' || ch == '-':
			return scanLong(text)
		default:
			return table.KindNil, 0
		}
	}
	switch {
	case digits == "" || digits == ".":
		return table.KindNil, 0
	case point < 0 && negative:
		return table.KindInt, uint64(-value)
	case point < 0:
		return table.KindInt, uint64(value)
	case len(digits) > exactDigits+1:
		return scanLong(text)
	}
	// A quotient of two numbers that are exact is rounded once, as strconv does it.
	f := float64(value) / powers[len(digits)-1-point]
	if negative {
		f = -f
	}
	return table.KindFloat64, math.Float64bits(f)
}

// scanLong is scanNumber for what has an exponent or more digits than an int64 or a float64 holds for certain.
func scanLong(text string) (k table.Kind, bits uint64) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return table.KindNil, 0
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return table.KindInt, uint64(n)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return table.KindNil, 0
	}
	return table.KindFloat64, math.Float64bits(f)
}
