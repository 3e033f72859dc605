package framing_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/peer/framing"
)

var cutFree = []framing.Format{framing.PerByte, framing.PerLine, framing.Size, framing.SLIP, framing.Auto}

// drawStream is a stream in which everything that means something to a format is frequent.
func drawStream(t *rapid.T) string {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"\r\n", "\r", "\n", "\x00", "\xc0", "\xdb", "\xdb\xdc", "\xdb\xdd", "é", "日", "/", "#",
			"\x00\x00\x00\x04abcd", "\x00\x00\x00\x08", "\x00\x00\x00"}),
		rapid.StringN(0, 24, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }),
	)
	return strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "stream"), "")
}

// drawPieces cuts stream anywhere.
func drawPieces(t *rapid.T, stream string) []string {
	var pieces []string
	for stream != "" {
		n := rapid.IntRange(1, min(len(stream), 20)).Draw(t, "piece")
		pieces, stream = append(pieces, stream[:n]), stream[n:]
	}
	return pieces
}

func TestCutsMakeNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := framing.Config{
			Format:   rapid.SampledFrom(cutFree).Draw(t, "format"),
			MaxFrame: rapid.IntRange(1, 40).Draw(t, "max"),
			OSC:      rapid.Bool().Draw(t, "osc"),
		}
		stream := drawStream(t)
		pieces := drawPieces(t, stream)
		whole, cut := split(c, stream), split(c, pieces...)
		if !slices.Equal(whole, cut) {
			t.Fatalf("%+v splits %q\ninto %s\nand cut as %q\ninto %s", c, stream, whole, pieces, cut)
		}
	})
}

func TestAllLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := drawStream(t)
		s := framing.NewSplitter(framing.Config{MaxFrame: 1})
		var got []byte
		for _, piece := range drawPieces(t, stream) {
			for frame := range s.Feed([]byte(piece)) {
				got = append(got, frame...)
			}
		}
		if string(got) != stream {
			t.Fatalf("the frames of %q make %q", stream, got)
		}
	})
}

func TestLinesAgreeWithRegexp(t *testing.T) {
	lineEnd := regexp.MustCompile(`\r\n|\r|\n|\x00`)
	rapid.Check(t, func(t *rapid.T) {
		stream := drawStream(t)
		var want outcome
		lines := lineEnd.Split(stream, -1)
		if last := len(lines) - 1; lines[last] == "" {
			lines = lines[:last] // nothing stands behind the last line end
		}
		for _, line := range lines {
			want.add([]byte(line), nil)
		}
		got := split(framing.Config{Format: framing.PerLine}, drawPieces(t, stream)...)
		if !slices.Equal(got, want) {
			t.Fatalf("PerLine splits %q\ninto %s\nwant %s", stream, got, want)
		}
	})
}

func TestPacketsComeBack(t *testing.T) {
	special := rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte{0xc0, 0xdb, 0xdc, 0xdd, 0}))
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom([]framing.Format{framing.Size, framing.SLIP}).Draw(t, "format")
		packets := rapid.SliceOf(rapid.SliceOfN(special, 1, 70)).Draw(t, "packets")
		var stream []byte
		var want outcome
		for _, packet := range packets {
			before := len(stream)
			stream = format.Append(stream, packet)
			if got := len(stream) - before; got != format.Len(packet) {
				t.Fatalf("%v frames % x in %d bytes; Len says %d", format, packet, got, format.Len(packet))
			}
			want.add(packet, nil)
		}
		c := framing.Config{Format: format, MaxFrame: 70}
		got := split(c, drawPieces(t, string(stream))...)
		if !slices.Equal(got, want) {
			t.Fatalf("%v frames %s\ncome back as %s", format, want, got)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("a\r\nb\x00c"), uint8(framing.PerLine), uint8(9), uint8(2))
	f.Add([]byte("\xc0a\xdb\xdc\xc0\xdba\xc0"), uint8(framing.SLIP), uint8(9), uint8(3))
	f.Add([]byte("\x00\x00\x00\x02ab\xff\xff"), uint8(framing.Size), uint8(9), uint8(5))
	f.Add([]byte("\xc0/a\xc0"), uint8(framing.Auto), uint8(0), uint8(1))
	f.Fuzz(func(t *testing.T, stream []byte, format, limit, step uint8) {
		c := framing.Config{Format: cutFree[int(format)%len(cutFree)], MaxFrame: int(limit) + 1}
		var pieces []string
		for piece := range slices.Chunk(stream, int(step)+1) {
			pieces = append(pieces, string(piece))
		}
		whole, cut := split(c, string(stream)), split(c, pieces...)
		if !slices.Equal(whole, cut) {
			t.Fatalf("%+v splits %q\ninto %s\nand in steps of %d\ninto %s", c, stream, whole, int(step)+1, cut)
		}
		frames(t, c, stream)
	})
}

// frames checks that no frame is longer than allowed or longer in sum than the stream.
func frames(t *testing.T, c framing.Config, stream []byte) {
	sum := 0
	for frame, err := range framing.NewSplitter(c).Feed(stream) {
		sum += len(frame)
		if len(frame) > c.MaxFrame || sum > len(stream) || (frame == nil) == (err == nil) {
			t.Fatalf("%+v splits %d bytes into %d so far, the last %q with %v", c, len(stream), sum, frame, err)
		}
	}
}

func FuzzSLIP(f *testing.F) {
	f.Add([]byte("\xc0\xdb\xdc\xdd plain"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		if len(packet) == 0 {
			return
		}
		stream := framing.AppendSLIP(nil, packet)
		if n := bytes.Count(stream, []byte{0xc0}); n != 2 || stream[0] != 0xc0 || stream[len(stream)-1] != 0xc0 {
			t.Fatalf("AppendSLIP(% x) = % x: not one END on each side", packet, stream)
		}
		want := outcome{fmt.Sprintf("%q", packet)}
		if got := split(framing.Config{Format: framing.SLIP}, string(stream)); !slices.Equal(got, want) {
			t.Fatalf("packet %s\ncame back as %s", want, got)
		}
	})
}
