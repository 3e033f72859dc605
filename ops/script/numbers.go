package script

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// hexNumber is Python's hex: hex(-255) is "-0xff".
func hexNumber(c call) (starlark.Value, error) {
	var n starlark.Int
	if err := c.unpack(1, &n); err != nil {
		return nil, err
	}
	return starlark.String(fmt.Sprintf("%#x", n.BigInt())), nil
}

// hexlify returns bytes as text of hexadecimal digits.
func hexlify(c call) (starlark.Value, error) {
	var x starlark.Value
	if err := c.unpack(1, &x); err != nil {
		return nil, err
	}
	data, err := byteSlice(x)
	return starlark.String(hex.EncodeToString(data)), err
}

// unhexlify returns the bytes that text of hexadecimal digits stands for.
func unhexlify(c call) (starlark.Value, error) {
	var s string
	if err := c.unpack(1, &s); err != nil {
		return nil, err
	}
	data, err := hex.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("unhexlify: %w", err)
	}
	return starlark.Bytes(data), nil
}

// sum is Python's: the numbers of an iterable, from start on.
func sum(c call) (starlark.Value, error) {
	var items starlark.Iterable
	var total starlark.Value = starlark.MakeInt(0)
	if err := c.unpackNamed("iterable", &items, "start?", &total); err != nil {
		return nil, err
	}
	for v := range starlark.Elements(items) {
		var err error
		if total, err = starlark.Binary(syntax.PLUS, total, v); err != nil {
			return nil, fmt.Errorf("sum: %w", err)
		}
		if err := c.spend(1); err != nil {
			return nil, err
		}
	}
	return total, nil
}

// round is Python's: to the nearest, ties to even; an int without ndigits, a float with.
func round(c call) (starlark.Value, error) {
	var x, digits starlark.Value = nil, starlark.None
	if err := c.unpackNamed("number", &x, "ndigits?", &digits); err != nil {
		return nil, err
	}
	n := 0
	if digits != starlark.None {
		var err error
		if n, err = starlark.AsInt32(digits); err != nil {
			return nil, fmt.Errorf("round: ndigits: %w", err)
		}
	}
	switch x := x.(type) {
	case starlark.Int:
		return roundInt(x, n)
	case starlark.Float:
		if digits == starlark.None {
			return starlark.NumberToInt(starlark.Float(math.RoundToEven(float64(x))))
		}
		return starlark.Float(roundFloat(float64(x), n)), nil
	}
	return nil, fmt.Errorf("round: a %s is not a number", x.Type())
}

// maxDigits is past what a float64 has, before or behind the point.
const maxDigits = 1100

// roundFloat rounds the exact value of f, not its decimal text, as Python does.
func roundFloat(f float64, digits int) float64 {
	switch {
	case f == 0 || math.IsInf(f, 0) || math.IsNaN(f) || digits > maxDigits:
		return f
	case digits < -maxDigits:
		return math.Copysign(0, f)
	case digits >= 0:
		r, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', digits, 64), 64)
		return r
	}
	unit := math.Pow10(-digits)
	if math.IsInf(unit, 0) {
		return math.Copysign(0, f)
	}
	return math.RoundToEven(f/unit) * unit
}

// roundInt rounds to a multiple of a power of ten if digits are negative.
func roundInt(x starlark.Int, digits int) (starlark.Value, error) {
	if digits >= 0 {
		return x, nil
	}
	if digits < -maxDigits {
		return starlark.MakeInt(0), nil
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-digits)), nil)
	quo, rem := new(big.Int).DivMod(x.BigInt(), unit, new(big.Int))
	twice := rem.Lsh(rem, 1)
	if c := twice.Cmp(unit); c > 0 || c == 0 && quo.Bit(0) == 1 {
		quo.Add(quo, big.NewInt(1))
	}
	return starlark.MakeBigInt(quo.Mul(quo, unit)), nil
}
