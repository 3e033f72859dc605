package framing

import (
	"errors"
	"io"
	"iter"
	"slices"
)

// DefaultMaxFrame is the length in bytes that a frame may have unless a [Config] says otherwise.
const DefaultMaxFrame = 1 << 20

// Faults of one frame, which has been dropped; the stream goes on.
var (
	ErrTooLong = errors.New("frame longer than the maximum") // PerLine and SLIP
	ErrEscape  = errors.New("bad escape in a SLIP frame")    // db followed by neither dc nor dd
)

// Config says how a stream is split. The zero Config is ready to use.
type Config struct {
	Format   Format // the zero Format is All
	MaxFrame int    // longest frame in bytes, without its framing; 0 means DefaultMaxFrame; All ignores it
	OSC      bool   // Size: a length that is no multiple of 4 is a fault; Auto implies it
}

// A Splitter cuts one stream into frames. It has no buffer until a frame is unfinished.
type Splitter struct {
	format  Format
	osc     bool
	skip    bool // the frame has been reported as dropped; its end has not come yet
	escaped bool // SLIP: the last byte was an ESC
	afterCR bool // PerLine: the last byte was a CR, so that a LF belongs to it
	max     int
	buf     []byte // the unfinished frame; for Size, its length prefix as well
	err     error  // the fault that ended the stream
}

// NewSplitter returns a splitter for a stream of which nothing has been read yet.
func NewSplitter(c Config) *Splitter {
	if c.MaxFrame == 0 {
		c.MaxFrame = DefaultMaxFrame
	}
	return &Splitter{format: c.Format, max: c.MaxFrame, osc: c.OSC || c.Format == Auto}
}

// Format returns the format in use. It begins as the configured one; [Auto] becomes [Size] or
// [SLIP] with the first byte, so that answers can be framed in kind.
func (s *Splitter) Format() Format { return s.format }

// Partial reports whether a frame has begun and not ended, be it one that is being dropped. A frame
// time-out runs while it is true, and starts again whenever Feed yields something.
func (s *Splitter) Partial() bool { return len(s.buf) > 0 || s.escaped || s.skip }

// Err returns the [LengthError] that ended the stream, or nil while it can go on.
func (s *Splitter) Err() error { return s.err }

// Feed returns the frames that end in data, the next bytes of the stream. It is walked once; to break
// off is to lose the rest of data. A frame is not nil, but may be empty with [PerLine].
//
// With an error there is no frame: [ErrTooLong] and [ErrEscape] stand for one that was dropped. A
// [*LengthError] ends the stream and is yielded again by every later Feed.
func (s *Splitter) Feed(data []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) { s.feed(data, yield) }
}

func (s *Splitter) feed(data []byte, yield func([]byte, error) bool) {
	defer s.shrink()
	for {
		var frame []byte
		var err error
		frame, data, err = s.next(data)
		if frame == nil && err == nil {
			return
		}
		if !yield(frame, err) || s.err != nil {
			return
		}
	}
}

// next takes data up to the end of a frame, or up to the byte that makes one bad, and returns what is
// behind it. It returns neither frame nor error once all data is taken.
func (s *Splitter) next(data []byte) (frame, rest []byte, err error) {
	if s.err != nil {
		return nil, nil, s.err
	}
	if len(data) == 0 {
		return nil, nil, nil
	}
	if s.format == Auto {
		s.format = detect(data[0])
	}
	switch s.format {
	case PerByte:
		return data[:1:1], data[1:], nil
	case PerLine:
		return s.nextLine(data)
	case Size:
		return s.nextSize(data)
	case SLIP:
		return s.nextSLIP(data)
	}
	return slices.Clip(data), nil, nil
}

// detect tells SLIP from Size by the first byte of an OSC stream.
func detect(first byte) Format {
	switch first {
	case slipEnd, '/', '#':
		return SLIP
	}
	return Size
}

// Flush ends the stream and returns the line that [PerLine] still held, if any. A frame of another
// format that the end has cut short is dropped: Flush then returns [io.ErrUnexpectedEOF].
func (s *Splitter) Flush() (frame []byte, err error) {
	switch {
	case !s.Partial() || s.skip:
	case s.format == PerLine:
		frame = s.buf
	default:
		err = io.ErrUnexpectedEOF
	}
	s.buf, s.skip, s.escaped, s.afterCR = nil, false, false, false
	return frame, err
}
