package take_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/foxglove/mcap/go/mcap"

	"linecook.dev/linecook/cook/take"
)

// TestMutants reads takes that were damaged: what is read are frames of the take, from the first on, and then
// there is an error that says where the damage is.
func TestMutants(t *testing.T) {
	b, _ := aShow(t)
	whole, _ := frames(t, b)
	random := rand.New(rand.NewPCG(1, 2))
	most := uint64(0)
	for range 500 {
		m := mutant(random, b)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n, err := readAs(m, whole)
		runtime.ReadMemStats(&after)
		most = max(most, after.TotalAlloc-before.TotalAlloc)
		if _, damaged := errors.AsType[*take.DamageError](err); err != nil && !damaged || n < 0 {
			t.Fatalf("%x: %d frames, then %v; want frames of the take, or a DamageError", m, n, err)
		}
	}
	if most > 128<<20 {
		t.Errorf("reading a damaged take of %d bytes takes %d MiB", len(b), most>>20)
	}
}

// mutant returns a take that is damaged in one of several ways.
func mutant(random *rand.Rand, b []byte) []byte {
	m := bytes.Clone(b)
	at := random.IntN(len(m))
	switch random.IntN(5) {
	case 0:
		m[at] ^= 1 << random.IntN(8)
	case 1:
		m[at] = byte(random.Int())
	case 2:
		m = m[:at]
	case 3: // a length that is a lie
		at = min(at, len(m)-8)
		binary.LittleEndian.PutUint64(m[at:], random.Uint64()>>random.IntN(64))
	case 4:
		m = append(m[:at], b[random.IntN(len(b)):]...)
	}
	return m
}

// readAs returns how many frames a take has that are those of whole; -1 if one is not.
func readAs(b []byte, whole []*take.Frame) (n int, err error) {
	r, err := take.NewReader(bytes.NewReader(b))
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for f, err := range r.Frames() {
		switch {
		case err != nil:
			return n, err
		case n == len(whole) || f.Number != whole[n].Number || len(f.Events) != len(whole[n].Events):
			return -1, nil
		}
		n++
	}
	return n, nil
}

// TestBombs reads a small file whose chunks are large once they are unpacked, each with a part of one frame.
func TestBombs(t *testing.T) {
	b, _ := aShow(t)
	bomb := bytes.NewReader(bombOf(t, b, 12))
	if bomb.Len() > 1<<20 {
		t.Fatalf("the bomb has %d bytes", bomb.Len())
	}
	m := &meter{Reader: bomb}
	runtime.GC()
	before := m.measure()
	r, err := take.NewReader(m)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, err := range r.Frames() {
		if err != nil {
			t.Fatal(err)
		}
	}
	if need := m.most - before; !r.Torn() || need > 256<<20 {
		t.Errorf("reading %d bytes takes up to %d MiB at once, want 256 at most", bomb.Size(), need>>20)
	}
}

// A meter measures how much memory there is in use whenever more is read.
type meter struct {
	io.Reader
	most uint64
}

func (m *meter) Read(b []byte) (int, error) {
	m.measure()
	return m.Reader.Read(b)
}

func (m *meter) measure() uint64 {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	m.most = max(m.most, now.HeapAlloc)
	return now.HeapAlloc
}

// bombOf returns the head of a take, and so many chunks that have an event and 60 MiB of zeros.
func bombOf(t *testing.T, b []byte, chunks int) []byte {
	t.Helper()
	head := recordsOf(b)
	var out bytes.Buffer
	w, err := mcap.NewWriter(&out, &mcap.WriterOptions{Chunked: true, ChunkSize: 1 << 40, Compression: mcap.CompressionZSTD})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		w.WriteHeader(&mcap.Header{}),
		w.WriteChannel(&mcap.Channel{ID: 7, Topic: "/net"}), w.WriteChannel(&mcap.Channel{ID: 8, Topic: "other"}),
		w.WriteMessage(&mcap.Message{ChannelID: 7, Data: []byte{0x2a, 1, 'x'}}),
		w.WriteMessage(&mcap.Message{ChannelID: 8, Data: make([]byte, 60<<20)}),
		w.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	bomb := append(bytes.Clone(mcap.Magic), head[mcap.OpHeader]...)
	bomb = append(bomb, head[mcap.OpMetadata]...)
	return append(bomb, bytes.Repeat(recordsOf(out.Bytes())[mcap.OpChunk], chunks)...)
}

// recordsOf returns a record of each kind of a file.
func recordsOf(b []byte) map[mcap.OpCode][]byte {
	records := map[mcap.OpCode][]byte{}
	for r := range eachRecord(b) {
		records[mcap.OpCode(r[0])] = r
	}
	return records
}

// eachRecord walks the records of a file, with what they are and how long.
func eachRecord(b []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for b = b[len(mcap.Magic):]; len(b) > 9; {
			end := 9 + binary.LittleEndian.Uint64(b[1:])
			if !yield(b[:end]) {
				return
			}
			b = b[end:]
		}
	}
}

// TestChunksAreSmall records more at once than a chunk may have.
func TestChunksAreSmall(t *testing.T) {
	var out bytes.Buffer
	r := record(t, &out, take.Config{})
	s := newShow(t, tapped(r), nil)
	text := strings.Repeat("x", 10_000)
	for range 500 {
		put(s, nil, text)
	}
	s.engine.Step()
	if err := errors.Join(s.engine.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}
	chunks := 0
	for b := range eachRecord(out.Bytes()) {
		if mcap.OpCode(b[0]) != mcap.OpChunk {
			continue
		}
		chunks++
		c, err := mcap.ParseChunk(b[9:])
		if err != nil || c.UncompressedSize > 1<<20+20_000 {
			t.Errorf("a chunk of %d bytes (%v), want 1 MiB and one message at most", c.UncompressedSize, err)
		}
	}
	if chunks < 4 {
		t.Errorf("%d chunks of 4 MiB that a cut took", chunks)
	}
}
