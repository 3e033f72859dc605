package osc

import (
	"encoding/binary"
	"slices"
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

	buf      []byte
	start    int           // of the packet in buf
	open     [MaxDepth]int // positions of the open bundles
	depth    int           // how many of them
	complete bool          // the packet has ended
	err      *ValueError

	inMessage bool // and there was no mistake
	message   int  // position of the open message
	data      int  // position of its data; the 4 bytes before are kept for its types
	arrays    int  // how many of its arrays are open
	argument  int  // how many types it has so far
	types     [MaxArguments]byte
}

// Reset begins a packet that is to be appended to dst.
func (b *Builder) Reset(dst []byte) {
	b.buf, b.start, b.depth = dst, len(dst), 0
	b.complete, b.inMessage, b.err = false, false, nil
}

// Finish returns the buffer given to Reset with the packet appended, or, with a *ValueError, as
// it was.
func (b *Builder) Finish() ([]byte, error) {
	if !b.complete {
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
	if b.depth == 0 || b.inMessage {
		b.fail(KindOrder, -1, "no bundle to end here")
	}
	if b.err != nil {
		return
	}
	b.depth--
	b.end(b.open[b.depth])
}

// BeginMessage opens a message. Its address may be a pattern.
func (b *Builder) BeginMessage(address string) { beginMessage(b, address) }

func beginMessage[T string | []byte](b *Builder, address T) {
	if !b.begin() {
		return
	}
	if !plainAddress(address) {
		if kind, reason := checkAddress(string(address)); kind != 0 {
			b.err = &ValueError{Address: string(address[:min(len(address), MaxAddress)]), Argument: -1, Kind: kind, Reason: reason}
			return
		}
	}
	b.inMessage, b.message, b.argument, b.arrays = true, len(b.buf), 0, 0
	b.buf = append(appendString(b.buf, address), ",\x00\x00\x00"...)
	b.data = len(b.buf)
}

// EndMessage closes the open message.
func (b *Builder) EndMessage() {
	switch {
	case !b.inMessage:
		b.fail(KindOrder, -1, "no message to end")
	case b.arrays != 0:
		b.fail(KindArray, -1, "array does not end")
	}
	if b.err != nil {
		return
	}
	b.writeTypes()
	b.inMessage = false
	b.end(b.message)
}

// writeTypes puts the types before the data, which moves if there are more than two.
func (b *Builder) writeTypes() {
	if more := padded(1+b.argument) - 4; more > 0 {
		end := len(b.buf)
		b.buf = slices.Grow(b.buf, more)[:end+more]
		copy(b.buf[b.data+more:], b.buf[b.data:end])
		clear(b.buf[b.data+more-4 : b.data+more])
	}
	copy(b.buf[b.data-3:], b.types[:b.argument])
}

// begin makes room for the size of an element where it needs one, and reports whether an element
// may begin.
func (b *Builder) begin() bool {
	if b.inMessage || b.complete {
		b.fail(KindOrder, -1, "no element can begin here")
	}
	if b.depth > 0 {
		b.buf = append(b.buf, 0, 0, 0, 0)
	}
	return b.err == nil
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
		b.complete = true
		return
	}
	binary.BigEndian.PutUint32(b.buf[at-4:], uint32(len(b.buf)-at))
}

// fail keeps the first mistake, and ends the message it is in.
func (b *Builder) fail(kind Kind, argument int, reason string) {
	if b.err != nil {
		return
	}
	b.err = &ValueError{Argument: argument, Kind: kind, Reason: reason}
	if b.inMessage {
		head := b.buf[b.message:b.data]
		b.err.Address = string(head[:indexNUL(head, 0)])
		b.inMessage = false
	}
}
