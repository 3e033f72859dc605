package ops

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// An oscRow makes OSC messages of rows: the address from the column address, the arguments from
// the columns arg1, arg2 and so on, or without those from all columns but address and oscMeta.
type oscRow struct {
	schema  *table.Schema
	address int
	types   int
	args    []int
	builder osc.Builder
	buf     []byte
}

// oscMeta are the columns of oscin that are no arguments.
var oscMeta = []string{"address", "types", "timestamp", "bytes", "peer", "time", "message"}

var errNoAddress = errors.New("the input has no column address")

// update follows the input's columns.
func (o *oscRow) update(s *table.Schema) {
	if s == o.schema {
		return
	}
	o.schema, o.address, o.types, o.args = s, s.Index("address"), s.Index("types"), o.args[:0]
	for i := 1; s.Index(argName(i)) >= 0; i++ {
		o.args = append(o.args, s.Index(argName(i)))
	}
	if len(o.args) > 0 {
		return
	}
	for i, name := range s.Names() {
		if !slices.Contains(oscMeta, name) {
			o.args = append(o.args, i)
		}
	}
}

// encode returns the packet of one row, valid until the next call.
func (o *oscRow) encode(row table.Row) ([]byte, error) {
	if o.address < 0 {
		return nil, errNoAddress
	}
	address := row.Cell(o.address)
	if address.Kind() != table.KindString || !strings.HasPrefix(address.Str(), "/") {
		return nil, fmt.Errorf("address %q does not begin with /", address.String())
	}
	o.builder.Reset(o.buf[:0])
	o.builder.BeginMessage(address.Str())
	for _, col := range o.args[:o.count(row)] {
		if err := appendOSC(&o.builder, row.Cell(col)); err != nil {
			return nil, fmt.Errorf("column %s: %w", o.schema.Name(col), err)
		}
	}
	o.builder.EndMessage()
	packet, err := o.builder.Finish()
	if err == nil {
		o.buf = packet
	}
	return packet, err
}

// count returns how many arguments a row has. Cells that are nil at its end are none, unless the
// column types says otherwise: OSC has a nil, too.
func (o *oscRow) count(row table.Row) int {
	if types := row.Cell(o.types); o.types >= 0 && types.Kind() == table.KindString {
		return min(countCells(types.Str()), len(o.args))
	}
	n := len(o.args)
	for n > 0 && row.Cell(o.args[n-1]).IsNil() {
		n--
	}
	return n
}

// appendOSC adds a cell to a message with the OSC type of its kind. An int is an int32 if it fits.
func appendOSC(b *osc.Builder, v table.Value) error {
	switch v.Kind() {
	case table.KindNil:
		b.Nil()
	case table.KindBool:
		b.Bool(v.Bool())
	case table.KindInt64:
		b.Int64(v.Int())
	case table.KindInt:
		if n := v.Int(); n == int64(int32(n)) {
			b.Int32(int32(n))
		} else {
			b.Int64(n)
		}
	case table.KindFloat32:
		b.Float32(v.Float32())
	case table.KindFloat64:
		f, _ := v.Number()
		b.Float64(f)
	case table.KindTimeTag:
		b.TimeTag(osc.TimeTag(v.Bits()))
	case table.KindChar:
		b.Char(osc.Char(v.Bits()))
	case table.KindColour:
		b.Colour(colour(v.Bits()))
	case table.KindMIDI:
		b.MIDI(midi(v.Bits()))
	case table.KindInfinitum:
		b.Infinitum()
	case table.KindSymbol:
		b.Symbol(v.Str())
	case table.KindString:
		b.String(v.Str())
	case table.KindBytes:
		b.Blob([]byte(v.Str()))
	case table.KindPeer:
		b.String(v.String())
	case table.KindList:
		return appendOSCList(b, v)
	}
	return nil
}

func appendOSCList(b *osc.Builder, v table.Value) error {
	b.ArrayBegin()
	for item := range v.List() {
		if err := appendOSC(b, item); err != nil {
			return err
		}
	}
	b.ArrayEnd()
	return nil
}

func colour(rgba uint64) osc.Colour {
	return osc.Colour{R: byte(rgba >> 24), G: byte(rgba >> 16), B: byte(rgba >> 8), A: byte(rgba)}
}

func midi(m uint64) osc.MIDI {
	return osc.MIDI{Port: byte(m >> 24), Status: byte(m >> 16), Data1: byte(m >> 8), Data2: byte(m)}
}
