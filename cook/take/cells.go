package take

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Rows is the kind of an event that is not of the network: the node's table got rows that neither its inbox nor
// its inputs have, those of a file, say ([graph.Outsider]). Its Data is a piece of them.
const Rows = graph.EventKind(16)

// pieceSize is about how many bytes of rows an event has at most.
const pieceSize = 256 << 10

// A piece is rows, and columns that the table has from then on.
type piece struct {
	reset   bool // the table has only these rows, and those of the pieces behind it
	columns []string
	rows    [][]table.Value
}

// The fields of a piece, and what a peer in a cell has beside those of an event.
const (
	pieceReset   = 1
	pieceColumns = 2
	pieceRows    = 3

	cellOwner = 15
)

// appendRow appends the cells of a row as a field of a piece.
func (r *Recorder) appendCells(b []byte, row table.Row) []byte {
	cells := binary.AppendUvarint(nil, uint64(row.Len()))
	for _, v := range row.Cells() {
		cells = r.appendValue(cells, v)
	}
	return appendField(b, pieceRows, cells)
}

func (r *Recorder) appendValue(b []byte, v table.Value) []byte {
	b = append(b, byte(v.Kind()))
	switch v.Kind() {
	case table.KindString, table.KindSymbol, table.KindBytes:
		return appendText(b, v.Str())
	case table.KindPeer:
		return appendText(b, string(r.cellPeer(v.Peer())))
	case table.KindList:
		for item := range v.List() {
			b = r.appendValue(append(b, 1), item)
		}
		return append(b, 0)
	}
	return binary.LittleEndian.AppendUint64(b, v.Bits())
}

// cellPeer returns a peer with the path of its owner.
func (r *Recorder) cellPeer(p table.Peer) (b []byte) {
	if o, ok := p.(interface{ Owner() *graph.Node }); ok && o.Owner() != nil {
		b = appendField(b, cellOwner, o.Owner().Path())
	}
	return append(b, r.peer(&graph.Event{Peer: p})...)
}

// A cellReader reads cells. The first error ends it.
type cellReader struct {
	b    []byte
	peer func(owner graph.Path, p *Peer) table.Peer
	err  error
}

var errCells = errors.New("rows that end within a cell")

// parsePiece reads a piece; peers are those that peer returns.
func parsePiece(b []byte, peer func(graph.Path, *Peer) table.Peer) (p piece, err error) {
	for f, err := range fields(b) {
		if err != nil {
			return p, err
		}
		switch f.number {
		case pieceReset:
			p.reset = f.num != 0
		case pieceColumns:
			p.columns = append(p.columns, string(f.bytes))
		case pieceRows:
			r := cellReader{b: f.bytes, peer: peer}
			p.rows = append(p.rows, r.row())
			if r.err != nil {
				return p, r.err
			}
		}
	}
	return p, nil
}

// resets reports whether a piece is the first of a new table.
func resets(b []byte) bool {
	f, _, size := nextField(b)
	return size > 0 && f.number == pieceReset && f.num != 0
}

func (r *cellReader) row() (row []table.Value) {
	for n := r.uvarint(); n > 0 && r.err == nil; n-- {
		row = append(row, r.value(0))
	}
	return row
}

func (r *cellReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.err = errCells
		return 0
	}
	r.b = r.b[n:]
	return v
}

// take returns the next bytes of the cells.
func (r *cellReader) take(n uint64) []byte {
	if r.err != nil || n > uint64(len(r.b)) {
		r.err, r.b = errCells, nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *cellReader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *cellReader) value(depth int) table.Value {
	switch k := table.Kind(r.byte()); k {
	case table.KindString:
		return table.StringValue(string(r.take(r.uvarint())))
	case table.KindSymbol:
		return table.SymbolValue(string(r.take(r.uvarint())))
	case table.KindBytes:
		return table.BytesValue(r.take(r.uvarint()))
	case table.KindPeer:
		return r.peerValue(r.take(r.uvarint()))
	case table.KindList:
		return r.list(depth + 1)
	default:
		return r.number(k)
	}
}

func (r *cellReader) number(k table.Kind) table.Value {
	b := r.take(8)
	if b == nil {
		return table.Value{}
	}
	switch v := binary.LittleEndian.Uint64(b); k {
	case table.KindNil:
	case table.KindBool:
		return table.BoolValue(v != 0)
	case table.KindInt:
		return table.IntValue(int64(v))
	case table.KindInt64:
		return table.Int64Value(int64(v))
	case table.KindFloat32:
		return table.Float32Value(math.Float32frombits(uint32(v)))
	case table.KindFloat64:
		return table.Float64Value(math.Float64frombits(v))
	case table.KindTimeTag:
		return table.TimeTagValue(v)
	case table.KindChar:
		return table.CharValue(uint32(v))
	case table.KindColour:
		return table.ColourValue(uint32(v))
	case table.KindMIDI:
		return table.MIDIValue(uint32(v))
	case table.KindInfinitum:
		return table.InfinitumValue()
	default:
		r.err = fmt.Errorf("a cell is of the kind %d, which is unknown", k)
	}
	return table.Value{}
}

func (r *cellReader) list(depth int) (v table.Value) {
	var items []table.Value
	for depth <= table.MaxDepth && r.byte() == 1 {
		items = append(items, r.value(depth))
	}
	if r.err == nil {
		v, r.err = table.ListValue(items...)
	}
	return v
}

func (r *cellReader) peerValue(b []byte) table.Value {
	var owner graph.Path
	var p Peer
	for f, err := range fields(b) {
		switch {
		case err != nil:
		case f.number == cellOwner:
			owner = graph.Path(f.bytes)
		default:
			err = p.set(f)
		}
		if err != nil {
			r.err = err
			return table.Value{}
		}
	}
	return table.PeerValue(r.peer(owner, &p))
}

// writeTo makes a table what it was made when it was recorded.
func (p *piece) writeTo(w *table.Writer) {
	if p.reset {
		w.Reset()
	}
	w.AddCols(p.columns...)
	for _, row := range p.rows {
		w.Row()
		for col, v := range row {
			w.Set(col, v)
		}
	}
}
