package osctext

import (
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// AppendJSON appends the members of a JSON object that are a message: its timestamp if it is in a
// bundle, address, types and args.
func AppendJSON(b []byte, m *osc.Message) []byte {
	if m.Depth > 0 {
		b = append(table.TimeTagValue(uint64(m.Time)).AppendJSON(append(b, `"timestamp":`...)), ',')
	}
	b = table.StringValue(string(m.Address())).AppendJSON(append(b, `"address":`...))
	b = table.StringValue(string(m.Types())).AppendJSON(append(b, `,"types":`...))
	b = append(b, `,"args":[`...)
	first := true
	for a := range m.Args() {
		if !first && a.Type != osc.TypeArrayEnd {
			b = append(b, ',')
		}
		switch a.Type {
		case osc.TypeArrayBegin, osc.TypeArrayEnd:
			b = append(b, byte(a.Type))
		default:
			b = cell(a).AppendJSON(b)
		}
		first = a.Type == osc.TypeArrayBegin
	}
	return append(b, ']')
}

// cell returns an argument as a patch's tables have it.
func cell(a osc.Arg) table.Value {
	switch a.Type {
	case osc.TypeInt32, osc.TypeInt64:
		return table.IntValue(a.Int())
	case osc.TypeFloat32:
		return table.Float32Value(a.Float32())
	case osc.TypeFloat64:
		return table.Float64Value(a.Float())
	case osc.TypeString, osc.TypeSymbol:
		return table.StringValue(string(a.Bytes()))
	case osc.TypeBlob:
		return table.BytesValue(a.Bytes())
	case osc.TypeTimeTag:
		return table.TimeTagValue(uint64(a.TimeTag()))
	case osc.TypeChar:
		return table.CharValue(uint32(a.Char()))
	case osc.TypeColour:
		c := a.Colour()
		return table.ColourValue(word(c.R, c.G, c.B, c.A))
	case osc.TypeMIDI:
		m := a.MIDI()
		return table.MIDIValue(word(m.Port, m.Status, m.Data1, m.Data2))
	case osc.TypeTrue, osc.TypeFalse:
		return table.BoolValue(a.Type == osc.TypeTrue)
	case osc.TypeInfinitum:
		return table.InfinitumValue()
	}
	return table.Value{}
}

func word(a, b, c, d byte) uint32 {
	return uint32(a)<<24 | uint32(b)<<16 | uint32(c)<<8 | uint32(d)
}
