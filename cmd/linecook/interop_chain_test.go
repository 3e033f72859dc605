package main_test

import (
	"fmt"
	"strings"
	"testing"
)

const oscRelay = `
linecook: v1
timeline: {mode: arrival}
nodes:
  in: {oscin: {port: 0}}
  out:
    oscout: {port: %s}
    in: in
`

// TestTypesSurviveTheChain sends messages through oscsend, oscin, oscout and oscdump.
func TestTypesSurviveTheChain(t *testing.T) {
	port := freePort(t)
	dump := start(t, "oscdump", "-L", port)
	l := cook(t, fmt.Sprintf(oscRelay, port))
	in := l.port("/in")
	knock(t, dump.out, port)
	messages := []struct{ send, want string }{
		{"i -7", "i -7"},
		{"h 9223372036854775807", "h 9223372036854775807"},
		{"f 0.5", "f 0.500000"},
		{"d 0.25", "d 0.250000"},
		{"s text", `s "text"`},
		{"S symbol", `S 'symbol`},
		{"c x", "c 'x'"},
		{"m 01903c7f", "m MIDI [0x01 0x90 0x3c 0x7f]"},
		{"T", "T #T"}, {"F", "F #F"}, {"I", "I Infinitum"},
		{"iNi 1 2", "iNi 1 Nil 2"},
	}
	for _, m := range messages {
		oscsend(t, in, append([]string{"/a"}, strings.Fields(m.send)...)...)
		line := dump.out.next("message to /a", func(line string) bool { return strings.Contains(line, " /a ") })
		if _, got, _ := strings.Cut(line, " /a "); got != m.want {
			t.Errorf("oscsend %s came out as %q, want %q", m.send, got, m.want)
		}
	}
	l.stop()
}
