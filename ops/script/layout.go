package script

import (
	"encoding/binary"
	"fmt"
	"math/big"
)

// maxStruct bounds the size of one structure, in bytes.
const maxStruct = 16 << 20

// A field is one item of a format: count values of a code, or one string of count bytes.
type field struct {
	code  byte
	count int
	size  int // bytes of one value
	pad   int // bytes before the first
}

type layout struct {
	order  binary.ByteOrder
	fields []field
	size   int // bytes in all
}

// fieldSizes are the standard sizes; l, L and q differ with native alignment.
var fieldSizes = map[byte]int{
	'x': 1, 'c': 1, 'b': 1, 'B': 1, '?': 1, 'h': 2, 'H': 2, 'i': 4, 'I': 4, 'l': 4, 'L': 4,
	'q': 8, 'Q': 8, 'f': 4, 'd': 8, 's': 1, 'p': 1,
}

func parseLayout(format string) (layout, error) {
	l := layout{order: binary.LittleEndian}
	native := true
	if format != "" {
		switch format[0] {
		case '>', '!':
			l.order, native, format = binary.BigEndian, false, format[1:]
		case '<', '=':
			native, format = false, format[1:]
		case '@':
			format = format[1:]
		}
	}
	for i := 0; i < len(format); i++ {
		count, counted := 0, false
		for ; i < len(format) && '0' <= format[i] && format[i] <= '9'; i++ {
			if count = count*10 + int(format[i]-'0'); count > maxStruct {
				return l, fmt.Errorf("is larger than %d bytes", maxStruct)
			}
			counted = true
		}
		if i == len(format) {
			return l, fmt.Errorf("ends with a count")
		}
		if format[i] == ' ' && !counted {
			continue
		}
		if !counted {
			count = 1
		}
		if err := l.add(format[i], count, native); err != nil {
			return l, err
		}
	}
	return l, nil
}

func (l *layout) add(code byte, count int, native bool) error {
	size, ok := fieldSizes[code]
	if !ok {
		return fmt.Errorf("has %q; known are x c b B ? h H i I l L q Q f d s p", code)
	}
	if native && (code == 'l' || code == 'L') {
		size = 8
	}
	f := field{code: code, count: count, size: size}
	if native {
		f.pad = (size - l.size%size) % size
	}
	if l.size += f.pad + count*size; l.size > maxStruct {
		return fmt.Errorf("is larger than %d bytes", maxStruct)
	}
	l.fields = append(l.fields, f)
	return nil
}

// values returns how many values the field stands for.
func (f field) values() int {
	switch f.code {
	case 'x':
		return 0
	case 's', 'p':
		return 1
	}
	return f.count
}

func (f field) signed() bool { return f.code >= 'a' }

// bounds returns the smallest and largest integer of the field.
func (f field) bounds() (low, high *big.Int) {
	bits := uint(8 * f.size)
	if f.signed() {
		bits--
		low = new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), bits))
	} else {
		low = new(big.Int)
	}
	high = new(big.Int).Lsh(big.NewInt(1), bits)
	return low, high.Sub(high, big.NewInt(1))
}
