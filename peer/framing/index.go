package framing

import (
	"encoding/binary"
	"math/bits"
)

// index3 returns the index of the first byte of b that is x, y or z, or -1. It looks at eight bytes
// at a time: with short frames that beats three calls of [bytes.IndexByte], and [bytes.IndexAny] by
// far.
func index3(b []byte, x, y, z byte) int {
	const ones = 0x0101010101010101
	xs, ys, zs := ones*uint64(x), ones*uint64(y), ones*uint64(z)
	i := 0
	for ; i+8 <= len(b); i += 8 {
		word := binary.LittleEndian.Uint64(b[i:])
		if found := zeroBytes(word^xs) | zeroBytes(word^ys) | zeroBytes(word^zs); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == x || c == y || c == z {
			return i
		}
	}
	return -1
}

// zeroBytes sets the high bit of the lowest byte of word that is 0. Higher bytes may be marked
// wrongly, but only above a zero byte.
func zeroBytes(word uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	return (word - ones) &^ word & highs
}
