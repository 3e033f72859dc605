package ops

import (
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

// readNumber reads a decimal number: an int if it is written as one and has room, else a float64.
func readNumber(text string) (v table.Value, ok bool) {
	digits, sign := text, int64(1)
	if text != "" && (text[0] == '-' || text[0] == '+') {
		digits = text[1:]
		sign = int64(',') - int64(text[0])
	}
	value, point := int64(0), -1
	for i := range len(digits) {
		switch ch := digits[i]; {
		case ch >= '0' && ch <= '9' && i < intDigits:
			value = value*10 + int64(ch-'0')
		case ch == '.' && point < 0:
			point = i
		case ch >= '0' && ch <= '9' || ch == '.' || ch == 'e' || ch == 'E' || ch == '+' || ch == '-':
			return readLong(text)
		default:
			return v, false
		}
	}
	switch {
	case digits == "" || digits == ".":
		return v, false
	case point < 0:
		return table.IntValue(sign * value), true
	case len(digits) > exactDigits+1:
		return readLong(text)
	}
	// A quotient of two numbers that are exact is rounded once, as strconv does it.
	f := float64(value) / powers[len(digits)-1-point]
	if sign < 0 {
		f = -f
	}
	return table.Float64Value(f), true
}

// readLong is readNumber for what has an exponent or more digits than an int64 or a float64 holds for certain.
func readLong(text string) (v table.Value, ok bool) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return v, false
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return table.IntValue(n), true
	}
	f, err := strconv.ParseFloat(text, 64)
	return table.Float64Value(f), err == nil
}
