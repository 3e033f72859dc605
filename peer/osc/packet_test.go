package osc_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

// str, message and bundle spell packets out, right or wrong, without the package under test.
func str(s string) string { return s + strings.Repeat("\x00", 4-len(s)%4) }

func message(address, types, data string) string { return str(address) + str(","+types) + data }

func be32(v uint32) string { return string(binary.BigEndian.AppendUint32(nil, v)) }

func bundle(time uint64, elements ...string) string {
	b := binary.BigEndian.AppendUint64([]byte("#bundle\x00"), time)
	for _, e := range elements {
		b = append(append(b, be32(uint32(len(e)))...), e...)
	}
	return string(b)
}

func nested(depth int, inside string) string {
	for range depth {
		inside = bundle(1, inside)
	}
	return inside
}

// lines shows each message as its depth, time tag and text.
func lines(p *osc.Packet) string {
	var b []byte
	messages := p.Messages()
	for i := range messages {
		m := &messages[i]
		b = append(b, byte('0'+m.Depth), ' ', byte('0'+m.Time), ' ')
		b = append(osc.AppendText(b, m), '\n')
	}
	return string(b)
}

func TestParse(t *testing.T) {
	every := message("/all", "ifsbhtdScrmTFNI[i[]]", be32(0xffffffff)+be32(0x3fc00000)+str("text")+be32(5)+"\x01\x02\x03\x04\x05\x00\x00\x00"+
		"\x7f\xff\xff\xff\xff\xff\xff\xff"+"\x83\xaa\x7e\x80\x80\x00\x00\x00"+"\x40\x04\x00\x00\x00\x00\x00\x00"+str("sym")+
		be32('A')+"\x01\x02\x03\xff"+"\x00\x90\x3c\x7f"+be32(7))
	tests := []struct{ name, packet, want string }{
		{"no arguments", message("/a", "", ""), "0 1 /a\n"},
		{"every type", every, `0 1 /all -1 1.5 "text" "1 2 3 4 5" 9223372036854775807 1970-01-01T00:00:00.5Z 2.5 "sym" ` +
			`"A" "1 2 3 255" "0 144 60 127" True False None inf [7 []]` + "\n"},
		{"empty string and blob", message("/a", "sb", "\x00\x00\x00\x00\x00\x00\x00\x00"), "0 1 /a \"\" \"\"\n"},
		{"no type tags and no data", str("/abc"), "0 1 /abc\n"},
		{"blob padding is not zero", message("/a", "bi", be32(1)+"\x01xyz"+be32(2)), "0 1 /a \"1\" 2\n"},
		{"string padding is not zero", message("/a", "s", "a\x00xy"), "0 1 /a \"a\"\n"},
		{"12 nulls after a colour", message("/a", "r", "\x01\x02\x03\x04"+strings.Repeat("\x00", 12)), "0 1 /a \"1 2 3 4\"\n"},
		{"text in Latin-1", message("/a", "s", str("caf\xe9")), "0 1 /a \"caf\uFFFD\"\n"},
		{"immediately as 0", bundle(0, message("/a", "", "")), "1 0 /a\n"},
		{"empty bundle", bundle(1), ""},
		{"bundles in order with their own times", bundle(2, message("/a", "", ""), bundle(3, message("/b", "", ""), bundle(4)), message("/c", "", "")),
			"1 2 /a\n2 3 /b\n1 2 /c\n"},
		{"inner bundle is earlier", bundle(5, bundle(3, message("/b", "", ""))), "2 3 /b\n"},
		{"unknown tag discards one message", bundle(1, message("/a", "", ""), message("/x", "A", ""), message("/b", "", "")), "1 1 /a\n1 1 /b\n"},
		{"unknown tag alone", message("/x", "iA", be32(1)), ""},
		{"deepest bundle", nested(osc.MaxDepth, message("/a", "", "")), "@ 1 /a\n"},
		{"longest address", message("/"+strings.Repeat("a", osc.MaxAddress-1), "", ""), "0 1 /" + strings.Repeat("a", osc.MaxAddress-1) + "\n"},
		{"most parts", message(strings.Repeat("/a", osc.MaxParts), "", ""), "0 1 " + strings.Repeat("/a", osc.MaxParts) + "\n"},
		{"most arguments", message("/a", strings.Repeat("T", osc.MaxArguments), ""), "0 1 /a" + strings.Repeat(" True", osc.MaxArguments) + "\n"},
		{"deepest array", message("/a", strings.Repeat("[", 16)+strings.Repeat("]", 16), ""), "0 1 /a " + strings.Repeat("[", 16) + strings.Repeat("]", 16) + "\n"},
	}
	var p osc.Packet
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := p.Parse([]byte(tt.packet)); err != nil {
				t.Fatalf("Parse(%q): %v", tt.packet, err)
			}
			if got := lines(&p); got != tt.want {
				t.Errorf("Parse(%q) holds\n%swant\n%s", tt.packet, got, tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	good := message("/a", "", "")
	tests := []struct {
		name, packet string
		offset       int
		kind         osc.Kind
	}{
		{"empty", "", 0, osc.KindSize},
		{"not a multiple of 4", good + "\x00", 0, osc.KindSize},
		{"text", "GET / HTTP/1", 0, osc.KindAddress},
		{"address without slash", message("abc", "", ""), 0, osc.KindAddress},
		{"empty address", "\x00\x00\x00\x00\x00\x00\x00\x00", 0, osc.KindAddress},
		{"address does not end", "/abcdefg", 0, osc.KindUnterminated},
		{"address too long", message("/"+strings.Repeat("a", osc.MaxAddress), "", ""), 0, osc.KindLimit},
		{"too many parts", message(strings.Repeat("/a", osc.MaxParts+1), "", ""), 0, osc.KindLimit},
		{"data without type tags", str("/abc") + be32(1), 8, osc.KindTypes},
		{"types do not end", str("/abc") + ",iii", 8, osc.KindUnterminated},
		{"data missing", message("/a", "if", be32(1)), 12, osc.KindTruncated},
		{"data missing before a string", message("/a", "hs", be32(1)), 12, osc.KindTruncated},
		{"string missing", message("/a", "s", ""), 8, osc.KindUnterminated},
		{"string does not end", message("/a", "is", be32(1)+"abcd"), 12, osc.KindUnterminated},
		{"blob size missing", message("/a", "b", ""), 8, osc.KindTruncated},
		{"blob past the end", message("/a", "b", be32(5)+"abcd"), 8, osc.KindTruncated},
		{"blob of negative size", message("/a", "b", be32(0xffffffff)+"abcd"), 8, osc.KindTruncated},
		{"blob whose padded size overflows", message("/a", "b", be32(0x7fffffff)+"abcd"), 8, osc.KindTruncated},
		{"array does not end", message("/a", "[i", be32(1)), 7, osc.KindArray},
		{"array never began", message("/a", "]", ""), 5, osc.KindArray},
		{"arrays too deep", message("/a", strings.Repeat("[", 17)+strings.Repeat("]", 17), ""), 21, osc.KindLimit},
		{"too many arguments", message("/a", strings.Repeat("T", osc.MaxArguments+1), ""), 5, osc.KindLimit},
		{"no bundle", "#bungle\x00" + be32(0) + be32(1), 0, osc.KindAddress},
		{"bundle without time", "#bundle\x00" + be32(0), 0, osc.KindAddress},
		{"element of size 0", bundle(1, good, ""), 28, osc.KindSize},
		{"element of negative size", bundle(1) + be32(0xfffffffc) + good, 16, osc.KindSize},
		{"element not a multiple of 4", bundle(1) + be32(6) + good, 16, osc.KindSize},
		{"element past the end", bundle(1) + be32(12) + good, 16, osc.KindSize},
		{"element past the end of its bundle", bundle(1, bundle(1)+be32(12), good), 36, osc.KindSize},
		{"element is bare arguments", bundle(1, be32(7)), 20, osc.KindAddress},
		{"a good message before a bad one", bundle(1, good, message("/a", "i", "")), 40, osc.KindTruncated},
		{"bundles too deep", nested(osc.MaxDepth+1, good), 320, osc.KindLimit},
	}
	var p osc.Packet
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := p.Parse([]byte(tt.packet))
			e, ok := errors.AsType[*osc.SyntaxError](err)
			if !ok || e.Offset != tt.offset || e.Kind != tt.kind {
				t.Errorf("Parse(%q) = %v, want offset %d, kind %v", tt.packet, err, tt.offset, tt.kind)
			}
			if n := len(p.Messages()) + len(p.Discarded()); n != 0 {
				t.Errorf("Parse(%q) failed, but left %d messages", tt.packet, n)
			}
		})
	}
}

func TestDiscarded(t *testing.T) {
	var p osc.Packet
	err := p.Parse([]byte(bundle(1, message("/x", "iA", be32(1)), message("/a", "", ""), message("/y", "\xffT", ""))))
	got := p.Discarded()
	if err != nil || len(got) != 2 || len(p.Messages()) != 1 {
		t.Fatalf("Parse = %v with %v discarded and %d messages, want nil, 2 and 1", err, got, len(p.Messages()))
	}
	if e := got[0]; e.Offset != 26 || e.Type != 'A' || e.Kind != osc.KindUnknownType {
		t.Errorf("first discarded: %+v, want tag A at offset 26", e)
	}
	if e := got[1]; e.Offset != 53 || e.Type != 0xff {
		t.Errorf("second discarded: %+v, want tag ff at offset 53", e)
	}
}

func TestParseAliases(t *testing.T) {
	packet := []byte(message("/abc", "s", str("text")))
	var p osc.Packet
	if err := p.Parse(packet); err != nil {
		t.Fatal(err)
	}
	copy(packet[12:], "TEXT")
	if got, want := lines(&p), "0 1 /abc \"TEXT\"\n"; got != want {
		t.Errorf("after the packet changed: %q, want %q", got, want)
	}
}

func TestBundle(t *testing.T) {
	var p osc.Packet
	for _, tt := range []struct {
		packet string
		time   osc.TimeTag
		bundle bool
	}{{message("/a", "", ""), osc.Immediately, false}, {bundle(7, bundle(9)), 7, true}} {
		if err := p.Parse([]byte(tt.packet)); err != nil {
			t.Fatal(err)
		}
		if time, ok := p.Bundle(); time != tt.time || ok != tt.bundle {
			t.Errorf("Bundle() of %q = %d, %t; want %d, %t", tt.packet, time, ok, tt.time, tt.bundle)
		}
	}
}

func TestArgsStops(t *testing.T) {
	var p osc.Packet
	if err := p.Parse([]byte(message("/a", "iii", be32(1)+be32(2)+be32(3)))); err != nil {
		t.Fatal(err)
	}
	var seen []byte
	for a := range p.Messages()[0].Args() {
		seen = append(seen, byte(a.Int()))
		if a.Int() == 2 {
			break
		}
	}
	if !bytes.Equal(seen, []byte{1, 2}) {
		t.Errorf("walk stopped at 2 saw %v", seen)
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	var p osc.Packet
	for _, packet := range [][]byte{[]byte(packetA), []byte(packetB), packetC(), []byte(nested(16, message("/a", "[sb]", str("x")+be32(0))))} {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := visit(&p, packet); err != nil {
				t.Error(err)
			}
		}); n != 0 {
			t.Errorf("parsing and walking %.20q: %v allocations, want 0", packet, n)
		}
	}
}
