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
	p.messages, p.bundles, p.discarded = p.messages[:0], p.bundles[:0], p.discarded[:0]
	if err := p.parse(b); err != nil {
		p.messages, p.bundles, p.discarded = p.messages[:0], p.bundles[:0], p.discarded[:0]
		return err
	}
	return nil
}

func (p *Packet) parse(b []byte) error {
	switch {
	case len(b) == 0 || len(b)%4 != 0 || len(b) > MaxPacket:
		return &SyntaxError{Kind: KindSize, Reason: "packet size is not a positive multiple of 4"}
	case b[0] == '#':
		return p.parseBundle(b)
	}
	return p.element(b, Immediately, 0, 0)
}

// parseBundle reads the bundle that fills b. Those inside are kept on a stack and not left to
// recursion.
func (p *Packet) parseBundle(b []byte) error {
	var open [MaxDepth + 1]struct {
		end  int
		time TimeTag
	}
	depth, at, end := 0, 0, len(b)
	for {
		if b[at] == '#' {
			if end-at < bundleHead || string(b[at:at+len(bundleTag)]) != bundleTag {
				return &SyntaxError{Offset: at, Kind: KindAddress, Reason: `bundle does not begin with "#bundle" and a time tag`}
			}
			if depth++; depth > MaxDepth {
				return &SyntaxError{Offset: at, Kind: KindLimit, Reason: "bundles nest too deep"}
			}
			open[depth].end, open[depth].time = end, TimeTag(binary.BigEndian.Uint64(b[at+len(bundleTag):]))
			p.bundles = append(p.bundles, bundle{time: open[depth].time, before: len(p.messages), depth: depth})
			at += bundleHead
		} else {
			if err := p.element(b[at:end:end], open[depth].time, depth, at); err != nil {
				return err
			}
			at = end
		}
		for at == open[depth].end {
			if depth--; depth == 0 {
				return nil
			}
		}
		size := int(int32(binary.BigEndian.Uint32(b[at:])))
		if size <= 0 || size%4 != 0 || size > open[depth].end-at-4 {
			return &SyntaxError{Offset: at, Kind: KindSize, Reason: "element size is not a positive multiple of 4 within its bundle"}
		}
		at += 4
		end = at + size
	}
}

// element reads the message that fills b, which begins at the given offset of the packet, and
// adds it to the Packet, or to what is discarded.
func (p *Packet) element(b []byte, time TimeTag, depth, offset int) error {
	n := len(p.messages)
	p.messages = slices.Grow(p.messages, 1)[:n+1]
	m := &p.messages[n]
	m.Time, m.Depth = time, depth
	e := m.parse(b)
	if e.Kind == 0 {
		return nil
	}
	e.Offset += offset
	if e.Kind != KindUnknownType {
		return new(e)
	}
	p.messages = p.messages[:n]
	p.discarded = append(p.discarded, e)
	return nil
}
