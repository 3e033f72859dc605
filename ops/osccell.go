package ops

import (
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// setOSC sets a cell of w's row to an argument that is no array bracket.
func setOSC(w *table.Writer, col int, a osc.Arg) {
	switch a.Type {
	case osc.TypeInt32:
		w.SetInt(col, a.Int())
	case osc.TypeFloat32:
		w.SetFloat32(col, a.Float32())
	case osc.TypeString:
		w.SetText(col, a.Bytes())
	case osc.TypeBlob:
		w.SetBytes(col, a.Bytes())
	case osc.TypeFloat64:
		w.SetFloat64(col, a.Float())
	default:
		w.Set(col, OSCCell(a))
	}
}

// OSCCell returns an argument that is no array bracket as a cell of the type that keeps it. Text is copied.
func OSCCell(a osc.Arg) table.Value {
	switch a.Type {
	case osc.TypeInt32:
		return table.IntValue(a.Int())
	case osc.TypeFloat32:
		return table.Float32Value(a.Float32())
	case osc.TypeFloat64:
		return table.Float64Value(a.Float())
	case osc.TypeString:
		return table.StringValue(string(a.Bytes()))
	case osc.TypeBlob:
		return table.BytesValue(a.Bytes())
	case osc.TypeInt64:
		return table.Int64Value(a.Int())
	case osc.TypeSymbol:
		return table.SymbolValue(string(a.Bytes()))
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
