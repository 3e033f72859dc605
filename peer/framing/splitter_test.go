package framing_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/framing"
)

// outcome is what came of a stream: each frame in quotes, each fault as its text.
type outcome []string

func (o *outcome) feed(s *framing.Splitter, data string) {
	for frame, err := range s.Feed([]byte(data)) {
		o.add(frame, err)
	}
}

func (o *outcome) flush(s *framing.Splitter) {
	if frame, err := s.Flush(); frame != nil || err != nil {
		o.add(frame, err)
	}
}

func (o *outcome) add(frame []byte, err error) {
	if err != nil {
		*o = append(*o, err.Error())
		return
	}
	*o = append(*o, fmt.Sprintf("%q", frame))
}

// split feeds pieces to a new splitter, up to a fault that ends the stream, and ends it.
func split(c framing.Config, pieces ...string) outcome {
	var o outcome
	s := framing.NewSplitter(c)
	for _, piece := range pieces {
		if s.Err() == nil {
			o.feed(s, piece)
		}
	}
	o.flush(s)
	return o
}

func TestFrames(t *testing.T) {
	tooLong, escape, cut := framing.ErrTooLong.Error(), framing.ErrEscape.Error(), io.ErrUnexpectedEOF.Error()
	tests := []struct {
		name   string
		config framing.Config
		stream string
		want   outcome
	}{
		{"every byte", framing.Config{Format: framing.PerByte}, "a\x00é", outcome{`"a"`, `"\x00"`, `"\xc3"`, `"\xa9"`}},
		{"each line end", framing.Config{Format: framing.PerLine}, "a\nb\rc\r\nd\x00", outcome{`"a"`, `"b"`, `"c"`, `"d"`}},
		{"empty lines are lines", framing.Config{Format: framing.PerLine}, "\n\r\r\n\x00", outcome{`""`, `""`, `""`, `""`}},
		{"LF CR is two ends", framing.Config{Format: framing.PerLine}, "a\n\rb\n", outcome{`"a"`, `""`, `"b"`}},
		{"last line without an end", framing.Config{Format: framing.PerLine}, "a\nbc", outcome{`"a"`, `"bc"`}},
		{"longest line", framing.Config{Format: framing.PerLine, MaxFrame: 3}, "abc\n", outcome{`"abc"`}},
		{"over-long line", framing.Config{Format: framing.PerLine, MaxFrame: 3}, "abcd\r\ne\n", outcome{tooLong, `"e"`}},
		{"over-long last line", framing.Config{Format: framing.PerLine, MaxFrame: 3}, "abcd", outcome{tooLong}},
		{"lengths", framing.Config{Format: framing.Size}, "\x00\x00\x00\x01a\x00\x00\x00\x02bc", outcome{`"a"`, `"bc"`}},
		{"length 0", framing.Config{Format: framing.Size}, "\x00\x00\x00\x00abcd", outcome{"frame length 0 is not positive"}},
		{"negative length", framing.Config{Format: framing.Size}, "\xff\xff\xff\xffabcd", outcome{"frame length -1 is not positive"}},
		{"length above the maximum", framing.Config{Format: framing.Size, MaxFrame: 3}, "\x00\x00\x00\x03abc\x00\x00\x00\x04abcd", outcome{`"abc"`, "frame length 4 is above the maximum of 3 bytes"}},
		{"length for OSC", framing.Config{Format: framing.Size, OSC: true}, "\x00\x00\x00\x04/a\x00\x00\x00\x00\x00\x05", outcome{`"/a\x00\x00"`, "frame length 5 is no multiple of 4"}},
		{"cut short in the length", framing.Config{Format: framing.Size}, "\x00\x00", outcome{cut}},
		{"cut short in the frame", framing.Config{Format: framing.Size}, "\x00\x00\x00\x02a", outcome{cut}},
		{"END on both sides", framing.Config{Format: framing.SLIP}, "\xc0ab\xc0\xc0c\xc0", outcome{`"ab"`, `"c"`}},
		{"END only behind", framing.Config{Format: framing.SLIP}, "ab\xc0c\xc0", outcome{`"ab"`, `"c"`}},
		{"runs of END", framing.Config{Format: framing.SLIP}, "\xc0\xc0\xc0ab\xc0\xc0\xc0", outcome{`"ab"`}},
		{"escapes", framing.Config{Format: framing.SLIP}, "\xdb\xdca\xdb\xdd\xc0\xdb\xdd\xc0", outcome{`"\xc0a\xdb"`, `"\xdb"`}},
		{"bad escape", framing.Config{Format: framing.SLIP}, "a\xdbb\xdb\xdc\xc0c\xc0", outcome{escape, `"c"`}},
		{"END in an escape", framing.Config{Format: framing.SLIP}, "a\xdb\xc0c\xc0", outcome{escape, `"c"`}},
		{"longest SLIP frame", framing.Config{Format: framing.SLIP, MaxFrame: 3}, "a\xdb\xdcc\xc0", outcome{`"a\xc0c"`}},
		{"over-long SLIP frame", framing.Config{Format: framing.SLIP, MaxFrame: 3}, "abcd\xc0e\xc0", outcome{tooLong, `"e"`}},
		{"over-long by an escape", framing.Config{Format: framing.SLIP, MaxFrame: 3}, "abc\xdb\xdc\xdb0\xc0e\xc0", outcome{tooLong, `"e"`}},
		{"cut short once over-long", framing.Config{Format: framing.SLIP, MaxFrame: 3}, "abc\xdb\xdc", outcome{tooLong}},
		{"SLIP cut short", framing.Config{Format: framing.SLIP}, "a\xc0b", outcome{`"a"`, cut}},
		{"SLIP cut short in an escape", framing.Config{Format: framing.SLIP}, "\xdb", outcome{cut}},
		{"dropped SLIP frame cut short", framing.Config{Format: framing.SLIP}, "\xdba", outcome{escape}},
		{"auto takes c0 as SLIP", framing.Config{Format: framing.Auto}, "\xc0/a\xc0", outcome{`"/a"`}},
		{"auto takes / as SLIP", framing.Config{Format: framing.Auto}, "/a\xc0", outcome{`"/a"`}},
		{"auto takes # as SLIP", framing.Config{Format: framing.Auto}, "#b\xc0", outcome{`"#b"`}},
		{"auto takes the rest as size", framing.Config{Format: framing.Auto}, "\x00\x00\x00\x04/a\x00\x00", outcome{`"/a\x00\x00"`}},
		{"auto is OSC", framing.Config{Format: framing.Auto}, "\x00\x00\x00\x03", outcome{"frame length 3 is no multiple of 4"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := split(tt.config, tt.stream); !slices.Equal(got, tt.want) {
				t.Errorf("%+v splits %q\ninto %s\nwant %s", tt.config, tt.stream, got, tt.want)
			}
			if got := split(tt.config, strings.Split(tt.stream, "")...); !slices.Equal(got, tt.want) {
				t.Errorf("%+v, byte by byte, splits %q\ninto %s\nwant %s", tt.config, tt.stream, got, tt.want)
			}
		})
	}
}

func TestAllFramesAreReads(t *testing.T) {
	got := split(framing.Config{}, "ab", "", "c\n")
	if want := (outcome{`"ab"`, `"c\n"`}); !slices.Equal(got, want) {
		t.Errorf("All splits the reads ab, nothing, c LF into %s; want %s", got, want)
	}
}

func TestPartial(t *testing.T) {
	tests := []struct {
		name   string
		config framing.Config
		data   string
		want   bool
	}{
		{"nothing yet", framing.Config{Format: framing.SLIP}, "", false},
		{"ended line", framing.Config{Format: framing.PerLine}, "a\r", false},
		{"begun line", framing.Config{Format: framing.PerLine}, "a\nb", true},
		{"over-long line goes on", framing.Config{Format: framing.PerLine, MaxFrame: 2}, "abc", true},
		{"over-long line ended", framing.Config{Format: framing.PerLine, MaxFrame: 2}, "abc\n", false},
		{"half a length", framing.Config{Format: framing.Size}, "\x00", true},
		{"length without its frame", framing.Config{Format: framing.Size}, "\x00\x00\x00\x01", true},
		{"bad length", framing.Config{Format: framing.Size}, "\x00\x00\x00\x00", false},
		{"only END", framing.Config{Format: framing.SLIP}, "\xc0\xc0", false},
		{"half an escape", framing.Config{Format: framing.SLIP}, "\xc0\xdb", true},
		{"spoiled frame goes on", framing.Config{Format: framing.SLIP}, "\xdba", true},
		{"spoiled frame ended", framing.Config{Format: framing.SLIP}, "\xdba\xc0", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := framing.NewSplitter(tt.config)
			for range s.Feed([]byte(tt.data)) {
			}
			if got := s.Partial(); got != tt.want {
				t.Errorf("after Feed(%q), Partial() = %t, want %t", tt.data, got, tt.want)
			}
		})
	}
}

func TestAutoShowsWhatItFound(t *testing.T) {
	for first, want := range map[string]framing.Format{"": framing.Auto, "\x00": framing.Size, "\xc0": framing.SLIP, "/": framing.SLIP} {
		s := framing.NewSplitter(framing.Config{Format: framing.Auto})
		for range s.Feed([]byte(first)) {
		}
		if got := s.Format(); got != want {
			t.Errorf("after Feed(%q), Format() = %v, want %v", first, got, want)
		}
	}
}

func TestLengthErrorEndsTheStream(t *testing.T) {
	s := framing.NewSplitter(framing.Config{Format: framing.Size})
	for range 2 {
		n := 0
		for frame, err := range s.Feed([]byte("\x80\x00\x00\x00\x00\x00\x00\x01a")) {
			if e, ok := errors.AsType[*framing.LengthError](err); !ok || e.Length != -1<<31 || frame != nil {
				t.Errorf("Feed yields %q, %v; want a LengthError of %d", frame, err, -1<<31)
			}
			n++
		}
		if n != 1 || s.Err() == nil {
			t.Errorf("Feed yielded %d times and Err() = %v; want one error, also kept", n, s.Err())
		}
	}
}

func TestFormatText(t *testing.T) {
	for _, want := range []string{"perbyte", "perline", "all", "size", "slip", "auto"} {
		var f framing.Format
		if err := f.UnmarshalText([]byte(want)); err != nil {
			t.Fatalf("UnmarshalText(%q): %v", want, err)
		}
		if got, err := f.MarshalText(); err != nil || string(got) != want || f.String() != want {
			t.Errorf("MarshalText() = %q, %v and String() = %q; want %q", got, err, f, want)
		}
	}
	if err := new(framing.Format).UnmarshalText([]byte("SLIP")); err == nil {
		t.Error("UnmarshalText(SLIP) accepts another spelling")
	}
	if _, err := framing.Format(99).MarshalText(); err == nil {
		t.Error("MarshalText of an unknown format gives no error")
	}
}

func TestBrokenOffFrameHolds(t *testing.T) {
	s := framing.NewSplitter(framing.Config{Format: framing.PerLine})
	for range s.Feed([]byte(strings.Repeat("a", 4000))) {
	}
	var last []byte
	for frame := range s.Feed([]byte("b\nc\nd\n")) {
		last = frame
		break
	}
	if want := strings.Repeat("a", 4000) + "b"; string(last) != want {
		t.Errorf("the frame of a loop broken off is %d bytes %.10q..., want %d bytes %.10q...", len(last), last, len(want), want)
	}
}
