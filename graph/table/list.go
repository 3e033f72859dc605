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
		var err error
		if b, err = v.appendItem(b, 2); err != nil {
			return Value{}, err
		}
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

func (v Value) appendItem(b []byte, depth int) ([]byte, error) {
	switch {
	case v.kind == KindPeer:
		return nil, ErrPeerInList
	case !v.kind.arena():
		return binary.BigEndian.AppendUint64(append(b, byte(v.kind)), v.num), nil
	case v.kind == KindList:
		if depth > MaxDepth {
			return nil, ErrDepth
		}
		for item := range v.List() {
			if _, err := item.appendItem(nil, depth+1); err != nil {
				return nil, err
			}
		}
	}
	b = binary.BigEndian.AppendUint32(append(b, byte(v.kind)), uint32(len(v.str)))
	return append(b, v.str...), nil
}

func cutItem(s string) (item Value, rest string) {
	k := Kind(s[0])
	if !k.arena() {
		return Value{kind: k, num: beUint64(s[1:])}, s[9:]
	}
	n := int(uint32(beUint64("\x00\x00\x00\x00" + s[1:5])))
	return Value{kind: k, str: s[5 : 5+n]}, s[5+n:]
}

func beUint64(s string) (n uint64) {
	for i := range 8 {
		n = n<<8 | uint64(s[i])
	}
	return n
}
