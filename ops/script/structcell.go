package script

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph/table"
)

// A Layout is a format of Python's struct, such as "<hBf": how numbers and text lie in bytes. Native
// order is as in a script's struct.
type Layout struct{ layout layout }

// ParseLayout reads a format.
func ParseLayout(format string) (Layout, error) {
	l, err := parseLayout(format)
	if err != nil {
		return Layout{}, fmt.Errorf("format %q %w", quote(format), err)
	}
	return Layout{l}, nil
}

// Size returns how many bytes it describes.
func (l Layout) Size() int { return l.layout.size }

// NumValues returns how many values lie in them.
func (l Layout) NumValues() (n int) {
	for _, f := range l.layout.fields {
		n += f.values()
	}
	return n
}

// Unpack gives each value in data to set: an int (a float64 if it has no room there), a float32 of f, a
// float64 of d, a bool, or the text of s, p and c without the zeros behind it. The values are valid until data changes. data must have
// the layout's size.
func (l Layout) Unpack(data string, set func(i int, v table.Value)) error {
	if len(data) != l.layout.size {
		return fmt.Errorf("it has %d bytes; the layout takes %d", len(data), l.layout.size)
	}
	i := 0
	for _, f := range l.layout.fields {
		data = data[f.pad:]
		switch f.code {
		case 'x':
			data = data[f.count:]
			continue
		case 's', 'p':
			set(i, unpackString(f.code, data[:f.count]))
			data = data[f.count:]
			i++
			continue
		}
		for range f.count {
			set(i, l.layout.unpackCell(f, data[:f.size]))
			data = data[f.size:]
			i++
		}
	}
	return nil
}

func unpackString(code byte, in string) table.Value {
	if code == 'p' && in != "" {
		return table.StringValue(in[1 : 1+min(int(in[0]), len(in)-1)])
	}
	return table.StringValue(strings.TrimRight(in, "\x00"))
}

func (l layout) unpackCell(f field, in string) table.Value {
	v := l.bits(in)
	switch f.code {
	case 'c':
		return unpackString('c', in)
	case '?':
		return table.BoolValue(v != 0)
	case 'f':
		return table.Float32Value(math.Float32frombits(uint32(v)))
	case 'd':
		return table.Float64Value(math.Float64frombits(v))
	case 'L', 'Q':
		if int64(v) < 0 {
			return table.Float64Value(float64(v))
		}
	}
	if shift := 64 - 8*f.size; f.signed() {
		return table.IntValue(int64(v<<shift) >> shift)
	}
	return table.IntValue(int64(v))
}

// bits returns a number as it lies in up to eight bytes.
func (l layout) bits(in string) (v uint64) {
	for i := range len(in) {
		if l.order == binary.BigEndian {
			v = v<<8 | uint64(in[i])
		} else {
			v |= uint64(in[i]) << (8 * i)
		}
	}
	return v
}

// AppendPack appends the bytes of as many cells as there are values. Text is as good as bytes, and cut
// or filled up with zeros.
func (l Layout) AppendPack(b []byte, cells []table.Value) ([]byte, error) {
	args := make(starlark.Tuple, len(cells))
	for i, v := range cells {
		switch args[i] = fromCell(v, nil); v.Kind() {
		case table.KindString, table.KindSymbol:
			args[i] = starlark.Bytes(v.Str())
		case table.KindPeer, table.KindNil:
			return b, fmt.Errorf("value %d is %s", i+1, v.Kind())
		}
	}
	return l.layout.pack(b, args)
}
