package take

import (
	"crypto/sha256"
	"encoding/binary"

	"linecook.dev/linecook/graph/table"
)

// hashBlock is how many bytes of cells are hashed in one go.
const hashBlock = 16 << 10

// hashOf returns a hash of the rows now in a table: the names of their columns, their numbers, and
// each cell with its kind. A peer is hashed as its address.
func hashOf(v *table.View) uint64 {
	h := sha256.New()
	var b []byte
	for _, name := range v.Schema().Names() {
		b = appendText(b, name)
	}
	for row := range v.Rows(v.Window()) {
		b = binary.AppendUvarint(b, row.Number())
		for _, cell := range row.Cells() {
			b = appendCell(b, cell)
		}
		if len(b) >= hashBlock {
			h.Write(b)
			b = b[:0]
		}
	}
	h.Write(b)
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

func appendCell(b []byte, v table.Value) []byte {
	b = append(b, byte(v.Kind()))
	switch v.Kind() {
	case table.KindString, table.KindSymbol, table.KindBytes:
		return appendText(b, v.Str())
	case table.KindPeer:
		return appendText(b, v.Peer().String())
	case table.KindList:
		for item := range v.List() {
			b = appendCell(append(b, 1), item)
		}
		return append(b, 0)
	}
	return binary.LittleEndian.AppendUint64(b, v.Bits())
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
