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
	time    int
	args    []int
	skip    string // a column that is no argument either
	builder osc.Builder
	buf     []byte
	blob    []byte
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
	o.time = s.Index("timestamp")
	for i := 1; s.Index(argName(i)) >= 0; i++ {
		o.args = append(o.args, s.Index(argName(i)))
	}
	if len(o.args) > 0 {
		return
	}
	for i, name := range s.Names() {
		if name != o.skip && !slices.Contains(oscMeta, name) {
			o.args = append(o.args, i)
		}
	}
}

// encode returns the packet of one row, valid until the next call.
func (o *oscRow) encode(row table.Row) ([]byte, error) {
	if o.address < 0 {
		return nil, errNoAddress
	}
	o.builder.Reset(o.buf[:0])
	if err := o.write(row); err != nil {
		return nil, err
	}
	packet, err := o.builder.Finish()
	if err == nil {
		o.buf = packet
	}
	return packet, err
}

func (o *oscRow) write(row table.Row) error {
	address := row.Cell(o.address)
	switch {
	case address.Kind() == table.KindString && strings.HasPrefix(address.Str(), "/"):
		o.writeMessage(row, address.Str())
		return nil
	case address.Kind() == table.KindString && address.Str() == bundleAddress:
		return o.writeBundle(row)
	}
	return fmt.Errorf("address %q does not begin with /", address.String())
}

func (o *oscRow) writeMessage(row table.Row, address string) {
	o.builder.BeginMessage(address)
	for _, col := range o.args[:o.count(row)] {
		o.add(row.Cell(col))
	}
	o.builder.EndMessage()
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

// add adds an argument to the message, with the OSC type of its kind. An int is an int32 if it fits.
func (o *oscRow) add(v table.Value) {
	b := &o.builder
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
		o.blob = append(o.blob[:0], v.Str()...)
		b.Blob(o.blob)
	case table.KindPeer:
		b.String(v.String())
	case table.KindList:
		b.ArrayBegin()
		for item := range v.List() {
			o.add(item)
		}
		b.ArrayEnd()
	}
}

func colour(rgba uint64) osc.Colour {
	return osc.Colour{R: byte(rgba >> 24), G: byte(rgba >> 16), B: byte(rgba >> 8), A: byte(rgba)}
}

func midi(m uint64) osc.MIDI {
	return osc.MIDI{Port: byte(m >> 24), Status: byte(m >> 16), Data1: byte(m >> 8), Data2: byte(m)}
}
