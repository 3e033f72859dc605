package table

import (
	"encoding/binary"
	"errors"
	"iter"
)

// MaxDepth is how deep lists may nest: a list in a list has depth 2.
const MaxDepth = 16

// ErrDepth is the error of a list that nests deeper than [MaxDepth].
var ErrDepth = errors.New("list nests deeper than 16")

// ErrPeerInList is the error of a peer put into a list: a handle needs a cell of its own.
var ErrPeerInList = errors.New("a list cannot hold a peer")

// A list is kept as the sequence of its cells: kind byte, then eight bytes of payload for a kind
// below KindString, or a four-byte length and the bytes for the others. Big-endian.

// ListValue returns a cell of KindList with the given cells.
func ListValue(cells ...Value) (Value, error) {
	var b []byte
	for _, v := range cells {
		if v.kind == KindPeer {
			return Value{}, ErrPeerInList
		}
		if v.depth() >= MaxDepth {
			return Value{}, ErrDepth
		}
		b = v.appendItem(b)
	}
	return Value{kind: KindList, str: string(b)}, nil
}

// List walks the cells of a KindList; of any other kind there are none.
func (v Value) List() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.kind != KindList {
			return
		}
		for rest := v.str; rest != ""; {
			var item Value
			item, rest = cutItem(rest)
			if !yield(item) {
				return
			}
		}
	}
}

// depth returns how deep v nests; 0 if it is no list.
func (v Value) depth() int {
	if v.kind != KindList {
		return 0
	}
	deepest := 0
	for item := range v.List() {
		deepest = max(deepest, item.depth())
	}
	return deepest + 1
}

func (v Value) appendItem(b []byte) []byte {
	b = append(b, byte(v.kind))
	if !v.kind.arena() {
		return binary.BigEndian.AppendUint64(b, v.num)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(v.str)))
	return append(b, v.str...)
}

func cutItem(s string) (item Value, rest string) {
	k := Kind(s[0])
	if !k.arena() {
		return Value{kind: k, num: binary.BigEndian.Uint64([]byte(s[1:9]))}, s[9:]
	}
	end := 5 + int(binary.BigEndian.Uint32([]byte(s[1:5])))
	return Value{kind: k, str: s[5:end]}, s[end:]
}
