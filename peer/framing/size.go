package framing

import (
	"encoding/binary"
	"fmt"
)

const prefixBytes = 4

// A LengthError is a length prefix that cannot be right. It ends the stream.
type LengthError struct {
	Length int32 // what the prefix says
	Max    int   // the longest frame accepted, in bytes
}

func (e *LengthError) Error() string {
	switch {
	case e.Length <= 0:
		return fmt.Sprintf("frame length %d is not positive", e.Length)
	case int(e.Length) > e.Max:
		return fmt.Sprintf("frame length %d is above the maximum of %d bytes", e.Length, e.Max)
	}
	return fmt.Sprintf("frame length %d is no multiple of 4", e.Length)
}

// AppendSize appends packet to b with its length before it (OSC 1.0) and returns the longer slice. A
// packet has at least 1 and at most 2^31-1 bytes.
func AppendSize(b, packet []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(packet)))
	return append(b, packet...)
}

// nextSize is next for Size.
func (s *Splitter) nextSize(data []byte) (frame, rest []byte, err error) {
	if len(s.buf) == 0 && len(data) >= prefixBytes {
		n, err := s.frameLength(data)
		if err != nil {
			return nil, nil, err
		}
		if end := prefixBytes + n; end <= len(data) {
			return data[prefixBytes:end:end], data[end:], nil
		}
	}
	if missing := prefixBytes - len(s.buf); missing > 0 {
		took := min(missing, len(data))
		s.push(data[:took], prefixBytes)
		data = data[took:]
		if took < missing {
			return nil, nil, nil
		}
	}
	n, err := s.frameLength(s.buf)
	if err != nil {
		return nil, nil, err
	}
	end := prefixBytes + n
	took := min(end-len(s.buf), len(data))
	s.push(data[:took], end)
	if len(s.buf) < end {
		return nil, nil, nil
	}
	return s.pop()[prefixBytes:], data[took:], nil
}

// frameLength reads a length prefix. Its error, once found, is the stream's.
func (s *Splitter) frameLength(prefix []byte) (int, error) {
	n := int32(binary.BigEndian.Uint32(prefix))
	if n <= 0 || int(n) > s.max || s.osc && n%4 != 0 {
		s.buf = nil
		s.err = &LengthError{Length: n, Max: s.max}
	}
	return int(n), s.err
}
