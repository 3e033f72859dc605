package peer

import (
	"reflect"
	"strconv"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/osc"
)

// NUL is the terminator of Send that TouchDesigner uses unless told otherwise.
const NUL = "\x00"

// The verbs that a [Peer] obeys as a [graph.Sink].
const (
	VerbRaw   graph.Verb = iota // send the payload: one datagram, or one write
	VerbOSC                     // send the payload, an OSC packet, in the peer's framing
	VerbClose                   // close, after what was sent before
	verbGone                    // the owner has cooked the end
)

// A scratch is where a send is encoded, on its way to a queue: one message, or several OSC packets.
type scratch struct {
	verb graph.Verb
	buf  []byte
	ends []int // where each message ends in buf
	err  error
	home pool[scratch]
}

const keepScratch = 64 << 10 // largest buffer that is kept for the next send, in bytes

func newScratch(home pool[scratch], verb graph.Verb) *scratch {
	s := home.get()
	s.home, s.verb = home, verb
	return s
}

func (s *scratch) release() {
	if cap(s.buf) > keepScratch {
		s.buf = nil
	}
	s.buf, s.ends, s.err = s.buf[:0], s.ends[:0], nil
	s.home.put(s)
}

// encodeText puts the terminator behind each message.
func encodeText(home pool[scratch], terminator string, messages []string) *scratch {
	s := newScratch(home, VerbRaw)
	for _, m := range messages {
		s.buf = append(append(s.buf, m...), terminator...)
	}
	s.ends = append(s.ends, len(s.buf))
	return s
}

func encodeBytes(home pool[scratch], messages []any) *scratch {
	s := newScratch(home, VerbRaw)
	for i, m := range messages {
		var ok bool
		if s.buf, ok = appendBytes(s.buf, m); !ok {
			s.err = &ByteError{Argument: i, Got: noByte(m)}
			return s
		}
	}
	s.ends = append(s.ends, len(s.buf))
	return s
}

// encodeOSC makes packets of at most limit bytes.
func encodeOSC(home pool[scratch], o osc.Options, limit int, pairs []osc.Pair) *scratch {
	s := newScratch(home, VerbOSC)
	if o.MaxPacket == 0 || o.MaxPacket > limit {
		o.MaxPacket = limit
	}
	s.buf, s.ends, s.err = osc.AppendValues(s.buf, s.ends, o, pairs...)
	return s
}

func appendBytes(b []byte, m any) ([]byte, bool) {
	switch m := m.(type) {
	case string:
		return append(b, m...), true
	case []byte:
		return append(b, m...), true
	}
	n, ok := smallInt(m)
	return append(b, byte(n)), ok && 0 <= n && n <= 255
}

// noByte says what m is. It does not keep m, so that the arguments of sends need not be on the heap.
func noByte(m any) string {
	if n, ok := smallInt(m); ok {
		return strconv.FormatInt(n, 10)
	}
	if m == nil {
		return "nil"
	}
	return reflect.TypeOf(m).String()
}

// smallInt returns the value of any Go integer that an int64 can hold.
func smallInt(m any) (int64, bool) {
	switch m := m.(type) {
	case int:
		return int64(m), true
	case int8:
		return int64(m), true
	case int16:
		return int64(m), true
	case int32:
		return int64(m), true
	case int64:
		return m, true
	case uint8:
		return int64(m), true
	case uint16:
		return int64(m), true
	case uint32:
		return int64(m), true
	case uint:
		return int64(m), int64(m) >= 0
	case uint64:
		return int64(m), int64(m) >= 0
	}
	return 0, false
}

// outgoing is what one call sends.
type outgoing struct {
	verb graph.Verb
	buf  []byte
	ends []int // where each message ends in buf; nil for one message

	more bool // a flush is to come: it need not be sent before
}

func (o outgoing) count() int { return max(1, len(o.ends)) }

// measure returns the length of all messages and of the longest, in bytes, given that of each.
func (o outgoing) measure(length func(message []byte) int) (total, longest int) {
	for i := range o.count() {
		n := length(o.message(i))
		total, longest = total+n, max(longest, n)
	}
	return total, longest
}

// unframed is the length of a message that is sent without framing.
func unframed(message []byte) int { return len(message) }

// message returns the i-th message.
func (o outgoing) message(i int) []byte {
	switch {
	case o.ends == nil:
		return o.buf
	case i == 0:
		return o.buf[:o.ends[0]]
	}
	return o.buf[o.ends[i-1]:o.ends[i]]
}
