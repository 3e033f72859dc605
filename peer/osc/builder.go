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
	tags     int // position of its type tag string
	room     int // bytes kept there before its data: what the last message needed
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
	if b.state != outside {
		b.failBegin()
		return
	}
	at := b.next()
	b.open[b.depth] = at
	b.depth++
	b.grow(at + bundleHead)
	copy(b.buf[at:], bundleTag)
	binary.BigEndian.PutUint64(b.buf[at+len(bundleTag):], uint64(t))
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
	if b.state != outside {
		b.failBegin()
		return
	}
	if address == "" || address[0] != '/' || len(address) > MaxParts || strings.IndexByte(address, 0) >= 0 {
		if kind, reason := checkAddress(address); kind != 0 {
			b.fail(kind, -1, reason)
			b.err.Address = strings.Clone(address[:min(len(address), MaxAddress)])
			return
		}
	}
	at, size := b.next(), padded(len(address))
	b.grow(at + size + b.room)
	head := b.buf[at:]
	binary.BigEndian.PutUint32(head[size-4:], 0)
	copy(head, address)
	b.message, b.tags = at, at+size
	b.state, b.argument, b.arrays = inside, 0, 0
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

// writeTypes writes the type tag string before the data.
func (b *Builder) writeTypes() {
	size := padded(1 + b.argument)
	if size != b.room {
		b.moveData(size)
	}
	tags := b.buf[b.tags : b.tags+size]
	binary.BigEndian.PutUint32(tags[size-4:], 0)
	tags[0] = ','
	if size > 4 {
		copy(tags[1:], b.types[:b.argument])
		return
	}
	for i, t := range b.types[:b.argument] { // two at most, which is less than a call
		tags[1+i] = t
	}
}

// moveData moves the data, so that there is room for so many bytes before it.
func (b *Builder) moveData(room int) {
	from, to, end := b.tags+b.room, b.tags+room, len(b.buf)
	b.grow(max(end, end+room-b.room))
	copy(b.buf[to:], b.buf[from:end])
	b.buf = b.buf[:end+room-b.room]
	b.room = room
}

// failBegin fails for an element that begins in the wrong place.
func (b *Builder) failBegin() { b.fail(KindOrder, -1, "no element can begin here") }

// next returns where the next element goes: after its size, which only an element of a bundle has.
func (b *Builder) next() int {
	if b.depth > 0 {
		return len(b.buf) + 4
	}
	return len(b.buf)
}

// grow makes the packet end at the given position.
func (b *Builder) grow(end int) {
	if end > cap(b.buf) {
		b.buf = slices.Grow(b.buf, end-len(b.buf))
	}
	b.buf = b.buf[:end]
}

// end writes the size of the element at the given position.
func (b *Builder) end(at int) {
	limit := b.MaxPacket
	if limit <= 0 || limit > MaxPacket {
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
		head := b.buf[b.message:b.tags]
		b.err.Address = string(head[:indexNUL(head, 0)])
	}
	b.state = ended
}
