package osc_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

func TestBuilder(t *testing.T) {
	tests := []struct {
		name  string
		write func(b *osc.Builder)
		want  string
	}{
		{"no arguments", func(b *osc.Builder) { b.BeginMessage("/a"); b.EndMessage() }, message("/a", "", "")},
		{"numbers", func(b *osc.Builder) {
			b.BeginMessage("/a")
			b.Int32(-1)
			b.Int64(-2)
			b.Float32(1.5)
			b.Float64(-2.5)
			b.EndMessage()
		}, message("/a", "ihfd", be32(0xffffffff)+"\xff\xff\xff\xff\xff\xff\xff\xfe"+be32(0x3fc00000)+"\xc0\x04\x00\x00\x00\x00\x00\x00")},
		{"texts and blobs of each padding", func(b *osc.Builder) {
			b.BeginMessage("/abc")
			b.String("")
			b.String("abc")
			b.Symbol("abcd")
			b.Blob(nil)
			b.Blob([]byte{1})
			b.Blob([]byte{1, 2, 3, 4})
			b.EndMessage()
		}, message("/abc", "ssSbbb", str("")+str("abc")+str("abcd")+be32(0)+be32(1)+"\x01\x00\x00\x00"+be32(4)+"\x01\x02\x03\x04")},
		{"types without data", func(b *osc.Builder) {
			b.BeginMessage("/a")
			b.Bool(true)
			b.Bool(false)
			b.Nil()
			b.Infinitum()
			b.EndMessage()
		}, message("/a", "TFNI", "")},
		{"types of OSC's own", func(b *osc.Builder) {
			b.BeginMessage("/a")
			b.TimeTag(osc.Immediately)
			b.Char('A')
			b.Colour(osc.Colour{R: 1, G: 2, B: 3, A: 4})
			b.MIDI(osc.MIDI{Port: 5, Status: 6, Data1: 7, Data2: 8})
			b.EndMessage()
		}, message("/a", "tcrm", be32(0)+be32(1)+be32('A')+"\x01\x02\x03\x04\x05\x06\x07\x08")},
		{"arrays", func(b *osc.Builder) {
			b.BeginMessage("/a")
			b.ArrayBegin()
			b.Int32(1)
			b.ArrayBegin()
			b.ArrayEnd()
			b.ArrayEnd()
			b.EndMessage()
		}, message("/a", "[i[]]", be32(1))},
		{"bundles", func(b *osc.Builder) {
			b.BeginBundle(2)
			b.BeginMessage("/a")
			b.EndMessage()
			b.BeginBundle(3)
			b.EndBundle()
			b.BeginMessage("/b")
			b.Int32(1)
			b.EndMessage()
			b.EndBundle()
		}, bundle(2, message("/a", "", ""), bundle(3), message("/b", "i", be32(1)))},
	}
	var b osc.Builder
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.Reset([]byte("xyz"))
			tt.write(&b)
			got, err := b.Finish()
			if err != nil || string(got) != "xyz"+tt.want {
				t.Errorf("Finish() = %q, %v\nwant %q", got, err, "xyz"+tt.want)
			}
		})
	}
}

func TestBuilderRefuses(t *testing.T) {
	// in wraps a write of arguments in a message.
	in := func(write func(b *osc.Builder)) func(b *osc.Builder) {
		return func(b *osc.Builder) {
			b.BeginMessage("/a")
			write(b)
			b.EndMessage()
		}
	}
	address := func(s string) func(b *osc.Builder) {
		return func(b *osc.Builder) {
			b.BeginMessage(s)
			b.Int32(1)
			b.EndMessage()
		}
	}
	tests := []struct {
		name     string
		write    func(b *osc.Builder)
		kind     osc.Kind
		argument int
	}{
		{"nothing", func(b *osc.Builder) {}, osc.KindOrder, -1},
		{"empty address", address(""), osc.KindAddress, -1},
		{"address without slash", address("a"), osc.KindAddress, -1},
		{"NUL in the address", address("/a\x00b"), osc.KindNUL, -1},
		{"address too long", address("/" + strings.Repeat("a", osc.MaxAddress)), osc.KindLimit, -1},
		{"too many parts", address(strings.Repeat("/", osc.MaxParts+1)), osc.KindLimit, -1},
		{"NUL in a string", in(func(b *osc.Builder) { b.Nil(); b.String("a\x00"); b.String("\x00") }), osc.KindNUL, 1},
		{"array does not end", in(func(b *osc.Builder) { b.ArrayBegin() }), osc.KindArray, -1},
		{"array never began", in(func(b *osc.Builder) { b.Nil(); b.ArrayEnd() }), osc.KindArray, 1},
		{"arrays too deep", in(func(b *osc.Builder) {
			for range osc.MaxDepth + 1 {
				b.ArrayBegin()
			}
		}), osc.KindLimit, osc.MaxDepth},
		{"too many arguments", in(func(b *osc.Builder) {
			for range osc.MaxArguments + 1 {
				b.Nil()
			}
		}), osc.KindLimit, osc.MaxArguments},
		{"bundles too deep", func(b *osc.Builder) {
			for range osc.MaxDepth + 1 {
				b.BeginBundle(1)
			}
		}, osc.KindLimit, -1},
		{"argument outside a message", func(b *osc.Builder) { b.Int32(1) }, osc.KindOrder, -1},
		{"argument between messages", func(b *osc.Builder) { b.BeginBundle(1); b.Int32(1) }, osc.KindOrder, -1},
		{"message in a message", in(func(b *osc.Builder) { b.BeginMessage("/b") }), osc.KindOrder, -1},
		{"bundle in a message", in(func(b *osc.Builder) { b.BeginBundle(1) }), osc.KindOrder, -1},
		{"message after the packet", func(b *osc.Builder) { address("/a")(b); address("/b")(b) }, osc.KindOrder, -1},
		{"message does not end", func(b *osc.Builder) { b.BeginMessage("/a") }, osc.KindOrder, -1},
		{"bundle does not end", func(b *osc.Builder) { b.BeginBundle(1) }, osc.KindOrder, -1},
		{"end of no bundle", func(b *osc.Builder) { b.EndBundle() }, osc.KindOrder, -1},
		{"end of no message", func(b *osc.Builder) { b.EndMessage() }, osc.KindOrder, -1},
		{"bundle ends before its message", func(b *osc.Builder) { b.BeginBundle(1); b.BeginMessage("/a"); b.EndBundle() }, osc.KindOrder, -1},
		{"no argument at all", in(func(b *osc.Builder) { b.Arg(osc.Arg{}) }), osc.KindUnknownType, 0},
	}
	var b osc.Builder
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.Reset([]byte("xyz"))
			tt.write(&b)
			got, err := b.Finish()
			e, ok := errors.AsType[*osc.ValueError](err)
			if !ok || e.Kind != tt.kind || e.Argument != tt.argument {
				t.Errorf("Finish() = %v, want kind %v, argument %d", err, tt.kind, tt.argument)
			}
			if string(got) != "xyz" {
				t.Errorf("Finish() failed and returned %q, want what Reset was given", got)
			}
		})
	}
}

func TestBuilderMaxPacket(t *testing.T) {
	b := osc.Builder{MaxPacket: 12}
	for n, want := range map[int]bool{4: true, 5: false} {
		b.Reset(make([]byte, 3))
		b.BeginMessage("/a")
		b.Blob(make([]byte, n-4))
		b.EndMessage()
		_, err := b.Finish()
		if e, ok := errors.AsType[*osc.ValueError](err); ok == want || ok && e.Kind != osc.KindTooLarge {
			t.Errorf("12 bytes allowed, %d used: %v", 4+4+n, err)
		}
	}
}

func TestBuilderAllocatesNothing(t *testing.T) {
	var b osc.Builder
	buf := make([]byte, 0, 1024)
	for name, write := range map[string]func(*osc.Builder){"a": encodeA, "b": encodeB, "c": encodeC} {
		if n := testing.AllocsPerRun(100, func() {
			b.Reset(buf)
			write(&b)
			if _, err := b.Finish(); err != nil {
				t.Error(err)
			}
		}); n != 0 {
			t.Errorf("writing packet %s: %v allocations, want 0", name, n)
		}
	}
}

func TestBuilderMessageAllocatesNothing(t *testing.T) {
	var p osc.Packet
	var b osc.Builder
	if err := p.Parse([]byte(packetB)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, 128)
	if n := testing.AllocsPerRun(100, func() {
		b.Reset(buf)
		b.Message(&p.Messages()[0])
		if got, err := b.Finish(); err != nil || !bytes.Equal(got, []byte(packetB)) {
			t.Errorf("written again: %q, %v", got, err)
		}
	}); n != 0 {
		t.Errorf("writing a parsed message: %v allocations, want 0", n)
	}
}
