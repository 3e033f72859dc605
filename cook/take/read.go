package take

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"

	"github.com/foxglove/mcap/go/mcap"
	"github.com/klauspost/compress/zstd"

	"linecook.dev/linecook/graph"
)

// Limits of what is read.
const (
	maxData   = 32 << 20 // bytes of an event's data, when it is recorded
	maxRecord = 64 << 20 // bytes of a record of the file, and of a chunk
	maxFrame  = 96 << 20 // bytes of a frame's events, also when it is recorded
	eventSize = 256      // about what an event takes beside its data
)

// A DamageError is of a take that is not one, or that is not as it was written.
type DamageError struct {
	Offset int64 // of the byte in the file behind what is damaged
	Err    error
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("damaged before byte %d: %v", e.Offset, e.Err)
}
func (e *DamageError) Unwrap() error { return e.Err }

// A Reader reads a take from its beginning to its end.
type Reader struct {
	info  Info
	src   *counter
	lexer *mcap.Lexer
	zstd  *zstd.Decoder
	nodes map[uint16]graph.Path // by channel; framesTopic for the frames
	torn  bool

	events []Event // of the frame that has not ended
	bytes  int     // of them
	own    int     // how many of them do not share a chunk's memory
}

// NewReader begins to read a take.
func NewReader(src io.Reader) (*Reader, error) {
	r := &Reader{src: &counter{Reader: src}, nodes: map[uint16]graph.Path{}}
	var err error
	if r.lexer, err = mcap.NewLexer(r.src, &mcap.LexerOptions{EmitChunks: true, MaxRecordSize: maxRecord}); err != nil {
		return nil, r.damage(errors.New("it does not begin as a take, which is an MCAP file"))
	}
	r.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxRecord), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	if err := r.readInfo(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *Reader) readInfo() error {
	for {
		token, record, err := r.lexer.Next(nil)
		if err != nil {
			return r.damage(err)
		}
		if token == mcap.TokenChunk || token == mcap.TokenDataEnd {
			return r.damage(errors.New("it does not say what it is a take of; other programs' MCAP files cannot be cooked"))
		}
		if token != mcap.TokenMetadata {
			continue
		}
		m, err := parse(mcap.ParseMetadata, record)
		if err != nil {
			return r.damage(err)
		}
		if m.Name != metadata {
			continue
		}
		if err := r.info.decode(m.Metadata); err != nil {
			return r.damage(err)
		}
		return nil
	}
}

// Close lets go of what the Reader has.
func (r *Reader) Close() {
	r.lexer.Close()
	r.zstd.Close()
}

// Info returns what the take is of.
func (r *Reader) Info() *Info { return &r.info }

// Torn reports, once all frames were read, whether the take has no proper end: its recorder was
// killed, or still records.
func (r *Reader) Torn() bool { return r.torn }

// Offset returns how many bytes of the take were read.
func (r *Reader) Offset() int64 { return r.src.n }

// Frames walks what is left of the take's frames, in order. An error, a [DamageError] or one of reading,
// is the last.
func (r *Reader) Frames() iter.Seq2[*Frame, error] {
	return func(yield func(*Frame, error) bool) {
		for record, err := range r.records() {
			var f *Frame
			if err == nil {
				f, err = r.take(record)
			}
			if err != nil {
				yield(nil, r.damage(err))
				return
			}
			if f != nil && !yield(f, nil) {
				return
			}
		}
	}
}

// A record is one that stands in a chunk.
type record struct {
	op   mcap.OpCode
	data []byte
}

// records walks the records in the file's chunks.
func (r *Reader) records() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for {
			token, data, err := r.lexer.Next(nil)
			switch {
			case isTorn(err):
				r.torn = true
				return
			case err != nil:
				yield(record{}, err)
				return
			case token == mcap.TokenDataEnd:
				return
			case token != mcap.TokenChunk:
				continue
			}
			if !r.chunk(data, yield) {
				return
			}
		}
	}
}

func isTorn(err error) bool {
	_, truncated := errors.AsType[*mcap.ErrTruncatedRecord](err)
	return truncated || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// chunk yields the records of a chunk, and reports whether to go on.
func (r *Reader) chunk(data []byte, yield func(record, error) bool) bool {
	r.disown()
	b, err := r.unpack(data)
	if err != nil {
		yield(record{}, err)
		return false
	}
	for len(b) > 0 {
		rec, size := nextRecord(b)
		if size == 0 {
			yield(record{}, errors.New("a record in a chunk is longer than the chunk"))
			return false
		}
		if b = b[size:]; !yield(rec, nil) {
			return false
		}
	}
	return true
}

// disown lets go of the chunk that the frame's events came in: it may be much more than what they need of it.
func (r *Reader) disown() {
	for i := r.own; i < len(r.events); i++ {
		r.events[i].Data = bytes.Clone(r.events[i].Data)
	}
	r.own = len(r.events)
}

// unpack returns what a chunk has.
func (r *Reader) unpack(data []byte) ([]byte, error) {
	c, err := parse(mcap.ParseChunk, data)
	if err != nil {
		return nil, err
	}
	b := c.Records
	switch mcap.CompressionFormat(c.Compression) {
	case mcap.CompressionNone:
	case mcap.CompressionZSTD:
		if b, err = r.zstd.DecodeAll(b, nil); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("compression %q is unknown", c.Compression)
	}
	if uint64(len(b)) != c.UncompressedSize {
		return nil, fmt.Errorf("a chunk has %d bytes, and says %d", len(b), c.UncompressedSize)
	}
	if c.UncompressedCRC != 0 && crc32.ChecksumIEEE(b) != c.UncompressedCRC {
		return nil, errors.New("the checksum of a chunk is wrong")
	}
	return b, nil
}

// damage says where err was met.
func (r *Reader) damage(err error) error {
	if r.src.err != nil {
		return r.src.err
	}
	return &DamageError{r.src.n, err}
}

// A counter counts what is read, and keeps why that failed.
type counter struct {
	io.Reader
	n   int64
	err error
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}
