package osc

import (
	"encoding/binary"
	"slices"
	"strings"
)

// A Builder writes one packet: a message, or bundles with messages in them. Reset it, begin and
// end bundles and messages, give each message its arguments, and Finish. The first mistake is
// kept, nothing after it counts, and Finish returns it, so the calls between need no checks.
//
// A Builder is reused by Reset and then allocates nothing beyond the buffer it is given. The zero
// Builder has been reset to a nil buffer.
type Builder struct {
	// MaxPacket bounds the packet, in bytes; 0 means the constant MaxPacket.
	MaxPacket int

	buf   []byte
	start int           // of the packet in buf
	open  [MaxDepth]int // positions of the open bundles
	depth int           // how many of them
	state state
	err   *ValueError

	message  int // position of the open message
	data     int // position of its data; the 4 bytes before are kept for its types
	arrays   int // how many of its arrays are open
	argument int // how many types it has so far
	types    [MaxArguments]byte
}

// state is what a Builder may do next.
type state uint8

const (
	outside state = iota // begin an element, or end a bundle
	inside               // add an argument, or end the message
	ended                // nothing: the packet is complete, or there was a mistake
)

// Reset begins a packet that is to be appended to dst.
func (b *Builder) Reset(dst []byte) {
	b.buf, b.start, b.depth, b.state, b.err = dst, len(dst), 0, outside, nil
}

// Finish returns the buffer given to Reset with the packet appended, or, with a *ValueError, as
// it was.
func (b *Builder) Finish() ([]byte, error) {
	if b.state != ended {
		b.fail(KindOrder, -1, "packet is not complete")
	}
	if b.err != nil {
		return b.buf[:b.start], b.err
	}
	return b.buf, nil
}

// BeginBundle opens a bundle, inside the one that is open if there is one.
func (b *Builder) BeginBundle(t TimeTag) {
	if b.depth == MaxDepth {
		b.fail(KindLimit, -1, "bundles nest too deep")
	}
	if !b.begin() {
		return
	}
	b.open[b.depth] = len(b.buf)
	b.depth++
	b.buf = append(b.buf, bundleTag...)
	b.buf = binary.BigEndian.AppendUint64(b.buf, uint64(t))
}

// EndBundle closes the innermost open bundle.
func (b *Builder) EndBundle() {
	if b.depth == 0 || b.state != outside {
		b.fail(KindOrder, -1, "no bundle to end here")
		return
	}
	b.depth--
	b.end(b.open[b.depth])
}

// BeginMessage opens a message. Its address may be a pattern.
func (b *Builder) BeginMessage(address string) {
	if !b.begin() {
		return
	}
	at, size := len(b.buf), padded(len(address))+4
	b.buf = slices.Grow(b.buf, size)[:at+size]
	head := b.buf[at:]
	binary.BigEndian.PutUint64(head[size-8:], ','<<24)
	copy(head, address)
	b.message, b.data = at, at+size
	b.state, b.argument, b.arrays = inside, 0, 0
	if head[0] != '/' || len(address) > MaxParts || strings.IndexByte(address, 0) >= 0 {
		b.failAddress(address)
	}
}

// failAddress fails if there is something wrong with the address.
func (b *Builder) failAddress(address string) {
	if kind, reason := checkAddress(address); kind != 0 {
		b.fail(kind, -1, reason)
		b.err.Address = strings.Clone(address[:min(len(address), MaxAddress)])
	}
}

// EndMessage closes the open message.
func (b *Builder) EndMessage() {
	if b.state != inside || b.arrays != 0 {
		b.failEnd()
		return
	}
	b.writeTypes()
	b.state = outside
	b.end(b.message)
}

func (b *Builder) failEnd() {
	if b.state != inside {
		b.fail(KindOrder, -1, "no message to end")
	} else {
		b.fail(KindArray, -1, "array does not end")
	}
}

// writeTypes puts the types before the data, which moves if there are more than two.
func (b *Builder) writeTypes() {
	more := padded(1+b.argument) - 4
	if more == 0 {
		for i, t := range b.types[:b.argument] {
			b.buf[b.data-3+i] = t
		}
		return
	}
	end := len(b.buf)
	b.buf = slices.Grow(b.buf, more)[:end+more]
	copy(b.buf[b.data+more:], b.buf[b.data:end])
	clear(b.buf[b.data+more-4 : b.data+more])
	copy(b.buf[b.data-3:], b.types[:b.argument])
}

// begin makes room for the size of an element where it needs one, and reports whether an element
// may begin.
func (b *Builder) begin() bool {
	if b.state != outside {
		b.fail(KindOrder, -1, "no element can begin here")
		return false
	}
	if b.depth > 0 {
		b.buf = append(b.buf, 0, 0, 0, 0)
	}
	return true
}

// end writes the size of the element at the given position.
func (b *Builder) end(at int) {
	limit := b.MaxPacket
	if limit == 0 {
		limit = MaxPacket
	}
	if len(b.buf)-b.start > limit {
		b.fail(KindTooLarge, -1, "packet is too large")
		return
	}
	if b.depth == 0 {
		b.state = ended
		return
	}
	binary.BigEndian.PutUint32(b.buf[at-4:], uint32(len(b.buf)-at))
}

// fail keeps the first mistake, and ends the packet.
func (b *Builder) fail(kind Kind, argument int, reason string) {
	if b.err != nil {
		return
	}
	b.err = &ValueError{Argument: argument, Kind: kind, Reason: reason}
	if b.state == inside {
		head := b.buf[b.message:b.data]
		b.err.Address = string(head[:indexNUL(head, 0)])
	}
	b.state = ended
}
