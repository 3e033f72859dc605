package script

import (
	"encoding/binary"
	"fmt"
	"math"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
)

// structModule is Python's struct with pack, unpack and calcsize. Native order (@, =, none) is that
// of x86 and ARM, little-endian, on every machine, so that a take gives the same bytes everywhere;
// @ and none align as C does there.
var structModule = &starlarkstruct.Module{Name: "struct", Members: starlark.StringDict{
	"pack":     builtin("struct.pack", structPack),
	"unpack":   builtin("struct.unpack", structUnpack),
	"calcsize": builtin("struct.calcsize", structSize),
}}

func structSize(c call) (starlark.Value, error) {
	var format string
	if err := c.unpack(1, &format); err != nil {
		return nil, err
	}
	l, err := parseLayout(format)
	if err != nil {
		return nil, fmt.Errorf("%s: format %q %w", c.name, quote(format), err)
	}
	return starlark.MakeInt(l.size), nil
}

func structPack(c call) (starlark.Value, error) {
	var format string
	if len(c.args) == 0 {
		return nil, fmt.Errorf("struct.pack: the format is missing")
	}
	values := c.args[1:]
	c.args = c.args[:1]
	if err := c.unpack(1, &format); err != nil {
		return nil, err
	}
	l, err := parseLayout(format)
	if err != nil {
		return nil, fmt.Errorf("struct.pack: format %q %w", quote(format), err)
	}
	if err := c.spend(l.size / 64); err != nil {
		return nil, err
	}
	out, err := l.pack(make([]byte, 0, l.size), values)
	if err != nil {
		return nil, fmt.Errorf("struct.pack: %w", err)
	}
	return starlark.Bytes(out), nil
}

func (l layout) pack(out []byte, args starlark.Tuple) ([]byte, error) {
	want := 0
	for _, f := range l.fields {
		want += f.values()
	}
	if want != len(args) {
		return nil, fmt.Errorf("the format takes %d values, not %d", want, len(args))
	}
	for _, f := range l.fields {
		out = append(out, make([]byte, f.pad)...)
		if f.code == 'x' {
			out = append(out, make([]byte, f.count)...)
			continue
		}
		for range f.values() {
			var err error
			if out, err = l.packOne(out, f, args[0]); err != nil {
				return nil, fmt.Errorf("value %d (%c): %w", want-len(args)+1, f.code, err)
			}
			args = args[1:]
		}
	}
	return out, nil
}

func (l layout) packOne(out []byte, f field, v starlark.Value) ([]byte, error) {
	switch f.code {
	case 's', 'p', 'c':
		return packText(out, f, v)
	case '?':
		if v.Truth() {
			return append(out, 1), nil
		}
		return append(out, 0), nil
	case 'f', 'd':
		x, ok := starlark.AsFloat(v)
		if !ok {
			return nil, fmt.Errorf("a %s is not a number", v.Type())
		}
		if f.code == 'd' {
			return l.put(out, 8, math.Float64bits(x)), nil
		}
		if math.IsInf(float64(float32(x)), 0) && !math.IsInf(x, 0) {
			return nil, fmt.Errorf("%s is too large for 32 bits", v)
		}
		return l.put(out, 4, uint64(math.Float32bits(float32(x)))), nil
	}
	n, ok := v.(starlark.Int)
	if !ok {
		return nil, fmt.Errorf("a %s is not an int", v.Type())
	}
	low, high := f.bounds()
	if x := n.BigInt(); x.Cmp(low) < 0 || x.Cmp(high) > 0 {
		return nil, fmt.Errorf("%s is not from %s to %s", quote(v.String()), low, high)
	}
	if u, ok := n.Uint64(); ok {
		return l.put(out, f.size, u), nil
	}
	s, _ := n.Int64()
	return l.put(out, f.size, uint64(s)), nil
}

func packText(out []byte, f field, v starlark.Value) ([]byte, error) {
	var text []byte
	switch v.(type) {
	case starlark.Bytes, *byteArray:
		text, _ = byteSlice(v)
	default:
		return nil, fmt.Errorf("a %s is not bytes", v.Type())
	}
	room := f.count
	switch f.code {
	case 'c':
		if len(text) != 1 {
			return nil, fmt.Errorf("it takes one byte, not %d", len(text))
		}
		return append(out, text[0]), nil
	case 'p':
		if room == 0 {
			return out, nil
		}
		room--
		out = append(out, byte(min(len(text), room, 255)))
		text = text[:min(len(text), 255)]
	}
	text = text[:min(len(text), room)]
	out = append(out, text...)
	return append(out, make([]byte, room-len(text))...), nil
}

func (l layout) put(out []byte, size int, v uint64) []byte {
	var b [8]byte
	if l.order == binary.BigEndian {
		binary.BigEndian.PutUint64(b[:], v<<(64-8*size))
	} else {
		binary.LittleEndian.PutUint64(b[:], v)
	}
	return append(out, b[:size]...)
}

func structUnpack(c call) (starlark.Value, error) {
	var format string
	var data starlark.Value
	if err := c.unpack(2, &format, &data); err != nil {
		return nil, err
	}
	l, err := parseLayout(format)
	if err != nil {
		return nil, fmt.Errorf("struct.unpack: format %q %w", quote(format), err)
	}
	switch data.(type) {
	case starlark.Bytes, *byteArray:
	default:
		return nil, fmt.Errorf("struct.unpack: a %s is not bytes", data.Type())
	}
	in, _ := byteSlice(data)
	if len(in) != l.size {
		return nil, fmt.Errorf("struct.unpack: the format takes %d bytes, not %d", l.size, len(in))
	}
	if err := c.spend(l.size / 64); err != nil {
		return nil, err
	}
	return l.unpack(in), nil
}

func (l layout) unpack(in []byte) starlark.Tuple {
	out := starlark.Tuple{}
	for _, f := range l.fields {
		in = in[f.pad:]
		switch f.code {
		case 'x':
			in = in[f.count:]
			continue
		case 's', 'p':
			out = append(out, unpackText(f, in[:f.count]))
			in = in[f.count:]
			continue
		}
		for range f.count {
			out = append(out, l.unpackOne(f, in[:f.size]))
			in = in[f.size:]
		}
	}
	return out
}

func unpackText(f field, in []byte) starlark.Value {
	if f.code == 'p' && len(in) > 0 {
		n := min(int(in[0]), len(in)-1)
		in = in[1 : 1+n]
	}
	return starlark.Bytes(in)
}

func (l layout) unpackOne(f field, in []byte) starlark.Value {
	var b [8]byte
	var v uint64
	if l.order == binary.BigEndian {
		copy(b[8-len(in):], in)
		v = binary.BigEndian.Uint64(b[:])
	} else {
		copy(b[:], in)
		v = binary.LittleEndian.Uint64(b[:])
	}
	switch f.code {
	case 'c':
		return starlark.Bytes(in)
	case '?':
		return starlark.Bool(v != 0)
	case 'f':
		return starlark.Float(math.Float32frombits(uint32(v)))
	case 'd':
		return starlark.Float(math.Float64frombits(v))
	}
	if shift := 64 - 8*f.size; f.signed() {
		return starlark.MakeInt64(int64(v<<shift) >> shift)
	}
	return starlark.MakeUint64(v)
}
