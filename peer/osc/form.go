package osc

import "encoding/binary"

// MaxForms is how many forms a [Forms] knows at once.
const MaxForms = 64

// longestHead bounds what a Forms keeps of one form, in bytes.
const longestHead = 512

// Forms knows the address and the type tags of messages that came before. A stream of OSC is mostly
// messages of a few such forms, and to see that a message has one of them costs less than to parse
// it; what else is known of the form, its caller can keep by its number. The zero Forms knows none.
type Forms struct{ known [MaxForms]form }

type form struct {
	head           []byte // address and type tags, with their padding; empty if there is none
	address, types int32  // as in Message
	size           int32  // bytes of the arguments; -1 if that depends on them
}

// Parse makes m the message in b, which it aliases from then on, and returns the number of its form, which
// is below [MaxForms]. It returns -1 if b is no message of a form that is known, or one that
// [Packet.Parse] refuses.
func (f *Forms) Parse(b []byte, m *Message) int {
	n := formNumber(b)
	k := &f.known[n]
	head := len(k.head)
	if head == 0 || len(b) < head || string(b[:head]) != string(k.head) || len(b)%4 != 0 || len(b) > MaxPacket {
		return -1
	}
	if k.size < 0 {
		if _, fault := scanData(b, padded(int(k.address))+1, int(k.types)); fault != nil {
			return -1
		}
	} else if len(b)-head < int(k.size) {
		return -1
	}
	*m = Message{Time: Immediately, bytes: b, address: k.address, types: k.types}
	return n
}

// Learn makes the form of m, which is no part of a bundle, known, and returns its number; -1 if it is not
// worth it. Another form may have had that number until now.
func (f *Forms) Learn(m *Message) int {
	head := padded(int(m.types))
	if m.types == 0 || head > longestHead || m.Depth > 0 {
		return -1
	}
	n := formNumber(m.bytes)
	k := &f.known[n]
	k.head = append(k.head[:0], m.bytes[:head]...)
	k.address, k.types, k.size = m.address, m.types, 0
	for _, t := range m.Types() {
		if layout[t] < 0 {
			k.size = -1
			return n
		}
		k.size += int32(layout[t])
	}
	return n
}

// formNumber depends on nothing behind the type tags: the address ends within the last eight bytes that
// it reads, and at least four bytes of type tags are behind the address.
func formNumber(b []byte) int {
	h := uint64(0)
	for ; len(b) >= 8; b = b[8:] {
		v := binary.LittleEndian.Uint64(b)
		h = (h ^ v) * 0x9e3779b97f4a7c15
		if zeros(v) != 0 {
			break
		}
	}
	return int(h >> 58)
}
