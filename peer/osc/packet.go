package osc

import (
	"encoding/binary"
	"slices"
)

// bundleTag opens a bundle; a time tag follows.
const (
	bundleTag  = "#bundle\x00"
	bundleHead = len(bundleTag) + 8 // bytes
)

// A Packet is what one datagram or stream frame holds: a message, or a bundle of messages and
// bundles. The zero Packet is ready for Parse and has no messages.
type Packet struct {
	messages  []Message
	bundles   []bundle
	discarded []SyntaxError
	open      [MaxDepth + 1]openBundle // while parsing
}

// openBundle is a bundle whose end has not been reached.
type openBundle struct {
	end  int
	time TimeTag
}

// bundle is the head of one bundle.
type bundle struct {
	time   TimeTag
	before int // index of the first message after it
	depth  int // 1 for the outermost
}

// Messages returns the messages in the order they came, those of inner bundles in their place.
// The slice is the Packet's own, good until the next Parse.
func (p *Packet) Messages() []Message { return p.messages }

// Discarded returns an error of [KindUnknownType] for each message that was left out. The slice
// is the Packet's own, good until the next Parse.
func (p *Packet) Discarded() []SyntaxError { return p.discarded }

// Bundle returns the time tag of the outermost bundle, and false if the packet is a bare message.
func (p *Packet) Bundle() (TimeTag, bool) {
	if len(p.bundles) == 0 {
		return Immediately, false
	}
	return p.bundles[0].time, true
}

// Parse reads the packet in b, which the Packet aliases from then on. An error is a *SyntaxError,
// and leaves the Packet empty.
func (p *Packet) Parse(b []byte) error {
	p.reset()
	at, f := 0, faultPacketSize
	switch {
	case len(b) == 0 || len(b)%4 != 0 || len(b) > MaxPacket:
	case b[0] == '#':
		at, f = p.parseBundle(b)
	default:
		at, f = p.element(b, 0, Immediately, 0)
	}
	if f != nil {
		p.reset()
		return &SyntaxError{Offset: at, Kind: f.kind, Reason: f.reason}
	}
	return nil
}

func (p *Packet) reset() {
	p.messages, p.bundles, p.discarded = p.messages[:0], p.bundles[:0], p.discarded[:0]
}

// parseBundle reads the bundle that fills b. Those inside are kept on a stack and not left to
// recursion.
func (p *Packet) parseBundle(b []byte) (at int, f *fault) {
	depth, end := 0, len(b)
	for {
		if b[at] == '#' {
			if end-at < bundleHead || string(b[at:at+len(bundleTag)]) != bundleTag {
				return at, faultBundle
			}
			if depth++; depth > MaxDepth {
				return at, faultBundleDepth
			}
			time := TimeTag(binary.BigEndian.Uint64(b[at+len(bundleTag):]))
			p.open[depth] = openBundle{end, time}
			p.bundles = append(p.bundles, bundle{time: time, before: len(p.messages), depth: depth})
			at += bundleHead
		} else {
			if at, f = p.element(b[at:end:end], at, p.open[depth].time, depth); f != nil {
				return at, f
			}
			at = end
		}
		for at == p.open[depth].end {
			if depth--; depth == 0 {
				return 0, nil
			}
		}
		size := int(int32(binary.BigEndian.Uint32(b[at:])))
		if size <= 0 || size%4 != 0 || size > p.open[depth].end-at-4 {
			return at, faultElementSize
		}
		at += 4
		end = at + size
	}
}

// element adds the message that fills b to the Packet, or to what is discarded. The offset is
// that of b in the packet.
func (p *Packet) element(b []byte, offset int, time TimeTag, depth int) (at int, f *fault) {
	address, types, at, f := scan(b)
	switch f {
	case nil:
		n := len(p.messages)
		if n == cap(p.messages) {
			p.messages = slices.Grow(p.messages, 1)
		}
		p.messages = p.messages[:n+1]
		m := &p.messages[n]
		m.Time, m.Depth, m.bytes, m.address, m.types = time, depth, b, int32(address), int32(types)
	case faultUnknownType:
		e := SyntaxError{Offset: offset + at, Kind: f.kind, Type: Type(b[at]), Reason: f.reason}
		p.discarded = append(p.discarded, e)
	default:
		return offset + at, f
	}
	return 0, nil
}
