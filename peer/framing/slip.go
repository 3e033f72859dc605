package framing

import "bytes"

// The bytes that RFC 1055 sets apart, "PROTOCOL".
const (
	slipEnd    = 0xc0
	slipEsc    = 0xdb
	slipEscEnd = 0xdc
	slipEscEsc = 0xdd
)

// AppendSLIP appends packet to b with an END before and after it (OSC 1.1; RFC 1055) and returns the
// longer slice. An empty packet cannot be told from none.
func AppendSLIP(b, packet []byte) []byte {
	b = append(b, slipEnd)
	for {
		i := index3(packet, slipEnd, slipEsc, slipEsc)
		if i < 0 {
			break
		}
		escape := byte(slipEscEsc)
		if packet[i] == slipEnd {
			escape = slipEscEnd
		}
		b = append(b, packet[:i]...)
		b = append(b, slipEsc, escape)
		packet = packet[i+1:]
	}
	b = append(b, packet...)
	return append(b, slipEnd)
}

func lenSLIP(packet []byte) int {
	return 2 + len(packet) + bytes.Count(packet, []byte{slipEnd}) + bytes.Count(packet, []byte{slipEsc})
}

// nextSLIP is next for SLIP.
func (s *Splitter) nextSLIP(data []byte) (frame, rest []byte, err error) {
	for len(data) > 0 {
		if s.skip {
			data = s.skipSLIP(data)
			continue
		}
		if s.escaped {
			data, err = s.unescape(data)
			if err != nil {
				return nil, data, err
			}
			continue
		}
		run := index3(data, slipEnd, slipEsc, slipEsc)
		if run < 0 {
			run = len(data)
		}
		if len(s.buf)+run > s.max {
			s.drop()
			return nil, data[run:], ErrTooLong
		}
		if run < len(data) && data[run] == slipEnd {
			frame, data = s.endSLIP(data[:run:run]), data[run+1:]
			if len(frame) > 0 {
				return frame, data, nil
			}
			continue
		}
		if run > 0 {
			s.push(data[:run], s.max)
		}
		s.escaped = run < len(data)
		data = data[min(run+1, len(data)):]
	}
	return nil, nil, nil
}

// endSLIP returns the frame that ends with tail; it is empty between two END.
func (s *Splitter) endSLIP(tail []byte) []byte {
	if len(s.buf) == 0 {
		return tail
	}
	s.push(tail, s.max)
	return s.pop()
}

// skipSLIP returns what follows the END of a dropped frame.
func (s *Splitter) skipSLIP(data []byte) []byte {
	_, rest, found := bytes.Cut(data, []byte{slipEnd})
	s.skip = !found
	return rest
}

// unescape takes the byte after an ESC. An END there ends the spoiled frame.
func (s *Splitter) unescape(data []byte) (rest []byte, err error) {
	s.escaped = false
	var plain [1]byte
	switch data[0] {
	case slipEscEnd:
		plain[0] = slipEnd
	case slipEscEsc:
		plain[0] = slipEsc
	default:
		s.drop()
		return data, ErrEscape
	}
	if len(s.buf) == s.max {
		s.drop()
		return data[1:], ErrTooLong
	}
	s.push(plain[:], s.max)
	return data[1:], nil
}
