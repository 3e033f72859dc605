package script

import (
	"cmp"
	"fmt"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// Int returns n as a script's int.
func Int(n int) Value { return starlark.MakeInt(n) }

// Float returns f as a script's float.
func Float(f float64) Value { return starlark.Float(f) }

// Text returns s, which need not be UTF-8, as a script's string.
func Text(s string) Value { return starlark.String(s) }

// Bytes returns a copy of b as a script's bytes.
func Bytes(b []byte) Value { return starlark.Bytes(b) }

// List returns a script's list, which takes over items.
func List(items ...Value) Value { return starlark.NewList(items) }

// Cell returns what a script sees of a cell. It keeps nothing of v's table. A float32 has its exact
// value, OSC's int64 is an int, its symbol a string; a time tag, char, colour, MIDI message and infinitum are themselves.
func (in *Instance) Cell(v table.Value) Value {
	return fromCell(v.Clone(), func(p table.Peer) Value { return &peerValue{in, p} })
}

// plain returns a cell without what only OSC wants to know of it: an int64 is an int, a symbol a
// string.
func plain(v table.Value) table.Value {
	switch v.Kind() {
	case table.KindInt64:
		return table.IntValue(v.Int())
	case table.KindSymbol:
		return table.StringValue(v.Str())
	}
	return v
}

// fromCell returns what a script sees of v, whose memory it shares.
func fromCell(v table.Value, peer func(table.Peer) Value) Value {
	switch v = plain(v); v.Kind() {
	case table.KindNil:
		return starlark.None
	case table.KindBool:
		return starlark.Bool(v.Bool())
	case table.KindInt:
		return starlark.MakeInt64(v.Int())
	case table.KindFloat32, table.KindFloat64:
		f, _ := v.Number()
		return starlark.Float(f)
	case table.KindString:
		return starlark.String(v.Str())
	case table.KindBytes:
		return starlark.Bytes(v.Str())
	case table.KindPeer:
		return peer(v.Peer())
	case table.KindList:
		var items []Value
		for item := range v.List() {
			items = append(items, fromCell(item, peer))
		}
		return starlark.NewList(items)
	}
	return special{v}
}

// Cell returns a script's value as a cell. Numbers are int64 or float64; an int that does not fit is
// an error, and so is what no cell can hold: a dict, a function.
func Cell(v Value) (table.Value, error) { return toCell(v, 1) }

func toCell(v Value, depth int) (table.Value, error) {
	switch v := v.(type) {
	case starlark.NoneType:
		return table.Value{}, nil
	case starlark.Bool:
		return table.BoolValue(bool(v)), nil
	case starlark.Int:
		n, err := int64Of(v)
		return table.IntValue(n), err
	case starlark.Float:
		return table.Float64Value(float64(v)), nil
	case starlark.String:
		return table.StringValue(string(v)), nil
	case starlark.Bytes:
		return table.BytesValue([]byte(v)), nil
	case *byteArray:
		return table.BytesValue(v.data), nil
	case special:
		return v.cell, nil
	case *peerValue:
		return table.PeerValue(v.peer), nil
	case *starlark.List, starlark.Tuple:
		return toListCell(v.(starlark.Sequence), depth)
	}
	return table.Value{}, fmt.Errorf("a cell cannot hold a %s", v.Type())
}

func toListCell(list starlark.Sequence, depth int) (table.Value, error) {
	if depth > table.MaxDepth {
		return table.Value{}, table.ErrDepth
	}
	var cells []table.Value
	for item := range starlark.Elements(list) {
		cell, err := toCell(item, depth+1)
		if err != nil {
			return table.Value{}, err
		}
		cells = append(cells, cell)
	}
	return table.ListValue(cells...)
}

func int64Of(v starlark.Int) (int64, error) {
	n, ok := v.Int64()
	if !ok {
		return 0, fmt.Errorf("%s does not fit in 64 bits", quote(v.String()))
	}
	return n, nil
}

// quote shortens text that is only there to be recognised.
func quote(s string) string { return clip(s, 40) }

func clip(s string, most int) string {
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// oscValue returns a script's value as osc.AppendValues takes it.
func oscValue(v Value, depth int) (any, error) {
	switch v := v.(type) {
	case starlark.NoneType:
		return nil, nil
	case starlark.Bool:
		return bool(v), nil
	case starlark.Int:
		return int64Of(v)
	case starlark.Float:
		return float64(v), nil
	case starlark.String:
		return string(v), nil
	case starlark.Bytes:
		return []byte(v), nil
	case *byteArray:
		return v.data, nil
	case special:
		return v.osc(), nil
	case *starlark.List, starlark.Tuple:
		return oscList(v.(starlark.Sequence), depth)
	}
	return nil, fmt.Errorf("OSC cannot carry a %s", v.Type())
}

func oscList(list starlark.Sequence, depth int) (any, error) {
	if depth > osc.MaxDepth {
		return nil, fmt.Errorf("lists nest deeper than %d", osc.MaxDepth)
	}
	out := make([]any, 0, list.Len())
	for item := range starlark.Elements(list) {
		v, err := oscValue(item, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// A special is a cell of a kind that Starlark has no type for. It passes through a script as it is.
type special struct{ cell table.Value }

func (s special) String() string        { return s.Type() + "(" + s.cell.String() + ")" }
func (s special) Type() string          { return s.cell.Kind().String() }
func (s special) Freeze()               {}
func (s special) Truth() starlark.Bool  { return true }
func (s special) Hash() (uint32, error) { return starlark.MakeUint64(s.cell.Bits()).Hash() }

// AttrNames returns the parts of the value.
func (s special) AttrNames() []string {
	return strings.Fields(specialParts[s.cell.Kind()])
}

var specialParts = map[table.Kind]string{
	table.KindTimeTag: "ntp unix",
	table.KindChar:    "code",
	table.KindColour:  "r g b a",
	table.KindMIDI:    "port status data1 data2",
}

// Attr returns a part of the value; unix is a time tag's time in seconds since 1970, 0 if it means
// immediately.
func (s special) Attr(name string) (starlark.Value, error) {
	for i, part := range s.AttrNames() {
		bits := s.cell.Bits()
		switch {
		case part != name:
		case name == "unix":
			t := osc.TimeTag(bits)
			if t.IsImmediate() {
				return starlark.Float(0), nil
			}
			return starlark.Float(float64(t.Time().UnixNano()) / 1e9), nil
		case name == "ntp", name == "code":
			return starlark.MakeUint64(bits), nil
		default:
			return starlark.MakeInt(int(uint8(bits >> (24 - 8*i)))), nil
		}
	}
	return nil, nil
}

// osc returns the value as osc.AppendValues takes it.
func (s special) osc() any {
	bits := s.cell.Bits()
	a, b, c, d := uint8(bits>>24), uint8(bits>>16), uint8(bits>>8), uint8(bits)
	switch s.cell.Kind() {
	case table.KindTimeTag:
		return osc.TimeTag(bits)
	case table.KindChar:
		return osc.Char(bits)
	case table.KindColour:
		return osc.Colour{R: a, G: b, B: c, A: d}
	case table.KindMIDI:
		return osc.MIDI{Port: a, Status: b, Data1: c, Data2: d}
	}
	return osc.Infinitum{}
}

// CompareSameType compares values of one kind by what they hold, time tags by time. Different kinds
// are not equal and have no order.
func (s special) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	o := y.(special)
	if s.cell.Kind() != o.cell.Kind() {
		if op == syntax.EQL || op == syntax.NEQ {
			return op == syntax.NEQ, nil
		}
		return false, fmt.Errorf("%s %s %s not implemented", s.Type(), op, o.Type())
	}
	return ordered(op, s.compare(o)), nil
}

func (s special) compare(o special) int {
	if s.cell.Kind() == table.KindTimeTag {
		if c := osc.TimeTag(s.cell.Bits()).Time().Compare(osc.TimeTag(o.cell.Bits()).Time()); c != 0 {
			return c
		}
	}
	return cmp.Compare(s.cell.Bits(), o.cell.Bits())
}
