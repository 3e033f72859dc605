package ops

import (
	"encoding/binary"

	"linecook.dev/linecook/graph/table"
)

// A rowKeys numbers the different values that some columns have, from 0 in order of appearance.
type rowKeys struct {
	limit int // most keys

	cols  []int
	index map[string]int
	key   []byte
}

// follow finds the key's columns. One that the table has not is nil in every row.
func (k *rowKeys) follow(s *table.Schema, names []string) {
	k.cols = k.cols[:0]
	for _, name := range names {
		k.cols = append(k.cols, s.Index(name))
	}
}

// forget forgets all keys.
func (k *rowKeys) forget() { clear(k.index) }

// of returns the number of the key of row i of b, and whether it is new; -1 if there is no room for one
// more.
func (k *rowKeys) of(b table.Block, i int) (number int, isNew bool) {
	if len(k.cols) == 0 && len(k.index) > 0 {
		return 0, false
	}
	k.key = k.key[:0]
	for _, col := range k.cols {
		var v table.Value
		if col >= 0 {
			v = b.Value(i, col)
		}
		k.key = appendKey(k.key, v)
	}
	if n, known := k.index[string(k.key)]; known {
		return n, false
	}
	if len(k.index) >= k.limit {
		return -1, false
	}
	if k.index == nil {
		k.index = map[string]int{}
	}
	n := len(k.index)
	k.index[string(k.key)] = n
	return n, true
}

// appendKey appends bytes that are the same for equal cells only.
func appendKey(key []byte, v table.Value) []byte {
	key = append(key, byte(v.Kind()))
	switch k := v.Kind(); {
	case k < table.KindPeer:
		return binary.LittleEndian.AppendUint64(key, v.Bits())
	case k == table.KindString || k == table.KindSymbol || k == table.KindBytes:
		key = binary.AppendUvarint(key, uint64(len(v.Str())))
		return append(key, v.Str()...)
	}
	at := len(key)
	key = v.AppendJSON(key)
	return binary.LittleEndian.AppendUint64(key, uint64(len(key)-at))
}
