package framing_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/framing"
)

// streams has one whole stream of twenty frames for each format.
func streams() map[framing.Format][]byte {
	packet := []byte("/fader/1\x00\x00\x00\x00,f\x00\x00\x3f\x80\x00\x00")
	slip := framing.AppendSLIP(nil, packet)
	size := framing.AppendSize(nil, packet)
	return map[framing.Format][]byte{
		framing.All:     packet,
		framing.PerByte: packet,
		framing.PerLine: bytes.Repeat([]byte("a line of twenty-two.\r\n"), 20),
		framing.Size:    bytes.Repeat(size, 20),
		framing.SLIP:    bytes.Repeat(slip, 20),
		framing.Auto:    bytes.Repeat(slip, 20),
	}
}

func TestWholeFramesDoNotAllocate(t *testing.T) {
	for format, stream := range streams() {
		s := framing.NewSplitter(framing.Config{Format: format})
		frames := 0
		allocs := testing.AllocsPerRun(100, func() {
			for _, err := range s.Feed(stream) {
				if err != nil {
					t.Errorf("%v: %v", format, err)
				}
				frames++
			}
		})
		if allocs != 0 || frames == 0 {
			t.Errorf("%v: Feed allocates %v times over %d frames, want 0", format, allocs, frames)
		}
	}
}

func TestSmallCutFramesDoNotAllocate(t *testing.T) {
	for _, format := range []framing.Format{framing.PerLine, framing.Size, framing.SLIP} {
		stream := streams()[format]
		s := framing.NewSplitter(framing.Config{Format: format})
		allocs := testing.AllocsPerRun(100, func() {
			for range s.Feed(stream[:len(stream)/3]) {
			}
			for range s.Feed(stream[len(stream)/3:]) {
			}
		})
		if allocs != 0 {
			t.Errorf("%v: two Feeds with a frame between them allocate %v times, want 0", format, allocs)
		}
	}
}

func TestDroppedFramesDoNotAllocate(t *testing.T) {
	stream := bytes.Repeat([]byte("a\xdbb\xc0too long\xc0"), 20)
	s := framing.NewSplitter(framing.Config{Format: framing.SLIP, MaxFrame: 4})
	allocs := testing.AllocsPerRun(100, func() {
		for range s.Feed(stream) {
		}
	})
	if allocs != 0 {
		t.Errorf("a Feed of 40 bad frames allocates %v times, want 0", allocs)
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	packet := []byte("\xc0\xdb/fader/1")
	b := make([]byte, 0, 64)
	for name, appendTo := range map[string]func(b, packet []byte) []byte{"AppendSize": framing.AppendSize, "AppendSLIP": framing.AppendSLIP} {
		if allocs := testing.AllocsPerRun(100, func() { b = appendTo(b[:0], packet) }); allocs != 0 {
			t.Errorf("%s into a buffer with room allocates %v times, want 0", name, allocs)
		}
	}
}

// allocated returns the bytes that f allocates in all.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

func TestClaimedLengthAllocatesNothing(t *testing.T) {
	const streams = 100
	claim := []byte("\x00\x10\x00\x00only this much")
	each := allocated(func() {
		for range streams {
			s := framing.NewSplitter(framing.Config{Format: framing.Size})
			for range s.Feed(claim) {
			}
		}
	}) / streams
	if each > 1<<10 {
		t.Errorf("a claim of 1 MiB with %d bytes behind it allocates %d bytes, want at most 1 KiB", len(claim)-4, each)
	}
}

func TestGrowingFrameCopiesLinearly(t *testing.T) {
	const size = 4 << 20
	piece := []byte(strings.Repeat("x", 4<<10))
	s := framing.NewSplitter(framing.Config{Format: framing.PerLine, MaxFrame: size})
	total := allocated(func() {
		for range size / len(piece) {
			for range s.Feed(piece) {
			}
		}
	})
	if total > 8*size {
		t.Errorf("a line of %d bytes in pieces of %d allocates %d bytes, want at most 8 times the line", size, len(piece), total)
	}
}

func TestIdleSplitterIsSmall(t *testing.T) {
	const streams = 50
	big := bytes.Repeat([]byte("x\xdb\xdc"), 10<<10)
	splitters := make([]*framing.Splitter, streams)
	live := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := live()
	for i := range splitters {
		s := framing.NewSplitter(framing.Config{Format: framing.SLIP})
		for _, data := range [][]byte{big, []byte("\xc0begun"), []byte("\xc0")} {
			for range s.Feed(data) {
			}
		}
		splitters[i] = s
	}
	if each := (live() - before) / streams; each > 2<<10 {
		t.Errorf("a splitter that has ended a frame of 20 KiB holds %d bytes, want at most 2 KiB", each)
	}
	runtime.KeepAlive(splitters)
}
