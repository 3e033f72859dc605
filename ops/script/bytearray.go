package script

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// A byteArray is Python's bytearray: bytes that can be changed in place.
type byteArray struct {
	data   []byte
	frozen bool
}

// newByteArray makes a bytearray of a size, or of text (UTF-8), bytes or a list of numbers.
func newByteArray(c call) (starlark.Value, error) {
	var x starlark.Value = starlark.Bytes("")
	if err := c.unpack(0, &x); err != nil {
		return nil, err
	}
	if n, ok := x.(starlark.Int); ok {
		size, err := starlark.AsInt32(n)
		if err != nil || size < 0 {
			return nil, fmt.Errorf("bytearray: size %s is out of range", quote(n.String()))
		}
		if err := c.spend(size / 64); err != nil {
			return nil, err
		}
		return &byteArray{data: make([]byte, size)}, nil
	}
	data, err := byteSlice(x)
	if err != nil {
		return nil, fmt.Errorf("bytearray: %w", err)
	}
	return &byteArray{data: slices.Clone(data)}, nil
}

// byteSlice returns the bytes of bytes, a bytearray, text or a list of numbers from 0 to 255. The
// caller must not write to them.
func byteSlice(x starlark.Value) ([]byte, error) {
	switch x := x.(type) {
	case *byteArray:
		return x.data, nil
	case starlark.Bytes:
		return []byte(x), nil
	case starlark.String:
		return []byte(x), nil
	case starlark.Iterable:
		var out []byte
		for v := range starlark.Elements(x) {
			n, err := oneByte(v)
			if err != nil {
				return nil, err
			}
			out = append(out, n)
		}
		return out, nil
	}
	return nil, fmt.Errorf("a %s is not bytes, text or a list of numbers", x.Type())
}

func oneByte(v starlark.Value) (byte, error) {
	if !isNumber(v) {
		return 0, fmt.Errorf("a %s is not a number from 0 to 255", v.Type())
	}
	n, err := starlark.AsInt32(v)
	if err != nil || n < 0 || n > 255 {
		return 0, fmt.Errorf("%s is not a number from 0 to 255", quote(v.String()))
	}
	return byte(n), nil
}

func (a *byteArray) String() string        { return "bytearray(" + starlark.Bytes(a.data).String() + ")" }
func (a *byteArray) Type() string          { return "bytearray" }
func (a *byteArray) Freeze()               { a.frozen = true }
func (a *byteArray) Truth() starlark.Bool  { return len(a.data) > 0 }
func (a *byteArray) Hash() (uint32, error) { return 0, errors.New("unhashable type: bytearray") }
func (a *byteArray) Len() int              { return len(a.data) }
func (a *byteArray) Index(i int) starlark.Value {
	return starlark.MakeInt(int(a.data[i]))
}

// SetIndex implements a[i] = v.
func (a *byteArray) SetIndex(i int, v starlark.Value) error {
	if a.frozen {
		return errors.New("cannot change a frozen bytearray")
	}
	n, err := oneByte(v)
	if err == nil {
		a.data[i] = n
	}
	return err
}

// Slice implements a[start:end:step].
func (a *byteArray) Slice(start, end, step int) starlark.Value {
	var out []byte
	for i := start; step > 0 && i < end || step < 0 && i > end; i += step {
		out = append(out, a.data[i])
	}
	return &byteArray{data: out}
}

// Iterate walks the bytes that are there when it begins.
func (a *byteArray) Iterate() starlark.Iterator {
	items := make(starlark.Tuple, len(a.data))
	for i, c := range a.data {
		items[i] = starlark.MakeInt(int(c))
	}
	return items.Iterate()
}

// Has implements x in a, for a number or bytes.
func (a *byteArray) Has(x starlark.Value) (bool, error) {
	if _, ok := x.(starlark.Int); ok {
		n, err := oneByte(x)
		return slices.Contains(a.data, n), err
	}
	b, err := byteSlice(x)
	return strings.Contains(string(a.data), string(b)), err
}

// Binary implements + with bytes and bytearrays.
func (a *byteArray) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	if op != syntax.PLUS {
		return nil, nil
	}
	switch y.(type) {
	case *byteArray, starlark.Bytes:
	default:
		return nil, nil
	}
	b, _ := byteSlice(y)
	if side == starlark.Left {
		return &byteArray{data: slices.Concat(a.data, b)}, nil
	}
	return &byteArray{data: slices.Concat(b, a.data)}, nil
}

// CompareSameType orders bytearrays as bytes are.
func (a *byteArray) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	return ordered(op, slices.Compare(a.data, y.(*byteArray).data)), nil
}

// ordered tells whether op holds for operands that compare as cmp says.
func ordered(op syntax.Token, cmp int) bool {
	switch op {
	case syntax.EQL:
		return cmp == 0
	case syntax.NEQ:
		return cmp != 0
	case syntax.LT:
		return cmp < 0
	case syntax.LE:
		return cmp <= 0
	case syntax.GT:
		return cmp > 0
	}
	return cmp >= 0
}

var byteArrayMethods = map[string]*starlark.Builtin{
	"append": builtin("append", byteArrayAppend),
	"extend": builtin("extend", byteArrayExtend),
	"clear":  builtin("clear", byteArrayClear),
	"hex":    builtin("hex", byteArrayHex),
	"decode": builtin("decode", byteArrayDecode),
}

// Attr returns a method.
func (a *byteArray) Attr(name string) (starlark.Value, error) { return attr(byteArrayMethods, a, name) }

// AttrNames returns the names of the methods.
func (a *byteArray) AttrNames() []string { return attrNames(byteArrayMethods) }

func (a *byteArray) grow(more []byte, err error) (starlark.Value, error) {
	if err == nil && a.frozen {
		err = errors.New("cannot change a frozen bytearray")
	}
	if err != nil {
		return nil, err
	}
	a.data = append(a.data, more...)
	return starlark.None, nil
}

func byteArrayAppend(c call) (starlark.Value, error) {
	var x starlark.Value
	if err := c.unpack(1, &x); err != nil {
		return nil, err
	}
	n, err := oneByte(x)
	return c.recv.(*byteArray).grow([]byte{n}, err)
}

func byteArrayExtend(c call) (starlark.Value, error) {
	var x starlark.Value
	if err := c.unpack(1, &x); err != nil {
		return nil, err
	}
	return c.recv.(*byteArray).grow(byteSlice(x))
}

func byteArrayClear(c call) (starlark.Value, error) {
	if err := c.unpack(0); err != nil {
		return nil, err
	}
	a := c.recv.(*byteArray)
	if a.frozen {
		return nil, errors.New("cannot change a frozen bytearray")
	}
	a.data = a.data[:0]
	return starlark.None, nil
}

func byteArrayHex(c call) (starlark.Value, error) {
	err := c.unpack(0)
	return starlark.String(hex.EncodeToString(c.recv.(*byteArray).data)), err
}

func byteArrayDecode(c call) (starlark.Value, error) {
	err := c.unpack(0)
	return starlark.String(strings.ToValidUTF8(string(c.recv.(*byteArray).data), "\uFFFD")), err
}
