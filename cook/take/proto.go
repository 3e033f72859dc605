package take

import (
	"encoding/binary"
	"errors"
	"iter"
)

// The types of fields on the wire (Protocol Buffers, "Encoding").
const (
	wireVarint = 0
	wireI64    = 1
	wireBytes  = 2
	wireI32    = 5
)

var errMessage = errors.New("not a message of Protocol Buffers")

// appendUint appends a field, unless it is 0, which is what a reader takes it for anyway.
func appendUint(b []byte, field int, v uint64) []byte {
	if v == 0 {
		return b
	}
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(field)<<3|wireVarint), v)
}

func appendField[T ~string | ~[]byte](b []byte, field int, v T) []byte {
	if len(v) == 0 {
		return b
	}
	return append(appendHead(b, field, len(v)), v...)
}

func appendHead(b []byte, field, size int) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(field)<<3|wireBytes), uint64(size))
}

// A field is one of a message.
type field struct {
	number int
	num    uint64
	bytes  []byte // of the message
}

// fields walks the fields of a message. Those of 32 and 64 bits, which no message here has, are left out.
func fields(b []byte) iter.Seq2[field, error] {
	return func(yield func(field, error) bool) {
		for len(b) > 0 {
			f, wire, size := nextField(b)
			if size == 0 {
				yield(field{}, errMessage)
				return
			}
			b = b[size:]
			if (wire == wireVarint || wire == wireBytes) && !yield(f, nil) {
				return
			}
		}
	}
}

// nextField returns the first field and how many bytes it has, 0 if it is none.
func nextField(b []byte) (f field, wire, size int) {
	tag, n := binary.Uvarint(b)
	if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29-1 {
		return f, 0, 0
	}
	f.number, wire = int(tag>>3), int(tag&7)
	v, more := binary.Uvarint(b[n:])
	switch wire {
	case wireVarint:
		if f.num = v; more <= 0 {
			return f, wire, 0
		}
		return f, wire, n + more
	case wireBytes:
		if more <= 0 || v > uint64(len(b)-n-more) {
			return f, wire, 0
		}
		n += more
		f.bytes = b[n : n+int(v)]
		return f, wire, n + int(v)
	case wireI64:
		n += 8
	case wireI32:
		n += 4
	default:
		return f, wire, 0
	}
	if n > len(b) {
		return f, wire, 0
	}
	return f, wire, n
}
