package osc_test

import (
	"strconv"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

// The packets that reports of OSC libraries time: one float, a TUIO cursor, a bundle of faders.
const (
	packetA = "/abc\x00\x00\x00\x00,f\x00\x00\x3f\x00\x00\x00"
	packetB = "/tuio/2Dcur\x00,sifffff\x00\x00\x00\x00set\x00\x00\x00\x00\x07" +
		"\x3e\x80\x00\x00\x3f\x00\x00\x00\x3f\x40\x00\x00\x00\x00\x00\x00\x3f\x80\x00\x00"
)

func packetC() []byte {
	var b osc.Builder
	b.BeginBundle(osc.Immediately)
	for i := range 20 {
		b.BeginMessage(channels[i])
		b.Float32(float32(i) / 20)
		b.EndMessage()
	}
	b.EndBundle()
	packet, err := b.Finish()
	if err != nil {
		panic(err)
	}
	return packet
}

var channels = func() (c [20]string) {
	for i := range c {
		c[i] = "/ch/" + strconv.Itoa(i+1)
	}
	return c
}()

// visit reads every argument's value and adds them up.
func visit(p *osc.Packet, packet []byte) (sum float64, err error) {
	if err := p.Parse(packet); err != nil {
		return 0, err
	}
	messages := p.Messages()
	for i := range messages {
		for a := range messages[i].Args() {
			switch a.Type {
			case osc.TypeFloat32:
				sum += float64(a.Float32())
			case osc.TypeInt32:
				sum += float64(a.Int())
			case osc.TypeString:
				sum += float64(len(a.Bytes()))
			}
		}
	}
	return sum, nil
}

func BenchmarkDecode(b *testing.B) {
	for _, bench := range []struct {
		name   string
		packet []byte
	}{{"a", []byte(packetA)}, {"b", []byte(packetB)}, {"c", packetC()}} {
		b.Run("packet="+bench.name, func(b *testing.B) {
			var p osc.Packet
			b.ReportAllocs()
			var total float64
			for b.Loop() {
				sum, err := visit(&p, bench.packet)
				if err != nil {
					b.Fatal(err)
				}
				total += sum
			}
		})
	}
}

func encodeA(b *osc.Builder) {
	b.BeginMessage("/abc")
	b.Float32(0.5)
	b.EndMessage()
}

func encodeB(b *osc.Builder) {
	b.BeginMessage("/tuio/2Dcur")
	b.String("set")
	b.Int32(7)
	b.Float32(0.25)
	b.Float32(0.5)
	b.Float32(0.75)
	b.Float32(0)
	b.Float32(1)
	b.EndMessage()
}

func encodeC(b *osc.Builder) {
	b.BeginBundle(osc.Immediately)
	for i, address := range &channels {
		b.BeginMessage(address)
		b.Float32(float32(i) / 20)
		b.EndMessage()
	}
	b.EndBundle()
}

func BenchmarkEncode(b *testing.B) {
	for _, bench := range []struct {
		name  string
		write func(*osc.Builder)
	}{{"a", encodeA}, {"b", encodeB}, {"c", encodeC}} {
		b.Run("packet="+bench.name, func(b *testing.B) {
			var builder osc.Builder
			buf := make([]byte, 0, 1024)
			b.ReportAllocs()
			for b.Loop() {
				builder.Reset(buf[:0])
				bench.write(&builder)
				if _, err := builder.Finish(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScope(b *testing.B) {
	address := []byte("/ch/12/fader")
	for _, scope := range []string{"/ch/*", "/ch/*/fader", "/ch/[1-16]/fader ^*mute*"} {
		b.Run("scope="+scope, func(b *testing.B) {
			var s osc.Scope
			if err := s.Parse(scope); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if !s.Match(address) {
					b.Fatalf("%s does not match %s", scope, address)
				}
			}
		})
	}
}

// The costliest 64 KiB there are: as many messages, arguments or discarded messages as fit.
func BenchmarkDecodeWorst(b *testing.B) {
	for name, element := range map[string]string{
		"messages":  str("/"),
		"arguments": message("/", strings.Repeat("T", osc.MaxArguments), ""),
		"discarded": message("/", "A", ""),
		"strings":   message("/", strings.Repeat("s", osc.MaxArguments), strings.Repeat("\x00", 4*osc.MaxArguments)),
	} {
		elements := make([]string, (64<<10-16)/(4+len(element)))
		for i := range elements {
			elements[i] = element
		}
		packet := []byte(bundle(1, elements...))
		b.Run("of="+name, func(b *testing.B) {
			var p osc.Packet
			b.ReportAllocs()
			for b.Loop() {
				if _, err := visit(&p, packet); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The costliest pattern and address there are.
func BenchmarkPatternWorst(b *testing.B) {
	var p osc.Pattern
	if err := p.Parse("/" + strings.Repeat("?*", osc.MaxAddress/2-2) + "b"); err != nil {
		b.Fatal(err)
	}
	address := []byte("/" + strings.Repeat("a", osc.MaxAddress-1))
	for b.Loop() {
		if p.Match(address) {
			b.Fatal("matches")
		}
	}
}
