package osc_test

import (
	"math"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

func TestAppendText(t *testing.T) {
	tests := []struct{ name, packet, want string }{
		{"no arguments", message("/a", "", ""), `/a`},
		{"numbers", message("/a", "ifdh", be32(3)+f32(0.1)+f64(0.1)+be64(1<<40)), `/a 3 0.1 0.1 1099511627776`},
		{"float that float32 cannot tell", message("/a", "f", f32(16777216)), `/a 1.6777216e+07`},
		{"what is no number", message("/a", "ffd", f32(float32(math.Inf(1)))+f32(float32(math.Inf(-1)))+f64(math.NaN())), `/a inf -inf nan`},
		{"quotes", message("/a", "s", str(`say "a\b"`)), `/a "say \"a\\b\""`},
		{"control characters", message("/a", "s", str("a\tb\r\nc\x01\x7f")), `/a "a\tb\r\nc\x01\x7f"`},
		{"UTF-8", message("/é", "s", str("日本")), `/é "日本"`},
		{"not UTF-8", message("/\xe9", "s", str("\xe9\xff")), "/\uFFFD \"\uFFFD\uFFFD\""},
		{"empty blob", message("/a", "b", be32(0)), `/a ""`},
		{"char beyond ASCII", message("/a", "cc", be32(0x65e5)+be32(0xffffffff)), "/a \"日\" \"\uFFFD\""},
		{"time", message("/a", "tt", be64(1)+be64(0xe000_0000_8000_0000)), `/a immediately 2019-02-02T11:39:44.5Z`},
		{"arrays", message("/a", "[i[ii]][]", be32(1)+be32(2)+be32(3)), `/a [1 [2 3]] []`},
	}
	var p osc.Packet
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := p.Parse([]byte(tt.packet)); err != nil {
				t.Fatalf("Parse(%q): %v", tt.packet, err)
			}
			if got := string(osc.AppendText(nil, &p.Messages()[0])); got != tt.want {
				t.Errorf("AppendText of %q\n got %s\nwant %s", tt.packet, got, tt.want)
			}
		})
	}
}
