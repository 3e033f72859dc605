package main_test

import (
	"fmt"
	"testing"
)

// oscsend sends one message with liblo.
func oscsend(t *testing.T, port string, args ...string) {
	t.Helper()
	p := start(t, "oscsend", append([]string{"127.0.0.1", port}, args...)...)
	if code := p.exit(); code != 0 {
		t.Fatalf("oscsend %v: exit code %d: %s", args, code, p.errs)
	}
}

const oscIn = "linecook: v1\ntimeline: {mode: arrival}\nnodes:\n  in:\n    oscin: {port: 0, typetag: true}\n"

// TestLibloTypes has liblo send every type it can, and expects each printed as what it is.
func TestLibloTypes(t *testing.T) {
	l := cook(t, oscIn)
	port := l.port("/in")
	args := []struct{ typ, value, json string }{
		{"i", "-7", `-7`},
		{"h", "9223372036854775807", `9223372036854775807`},
		{"f", "0.1", `0.1`},
		{"d", "0.1", `0.1`},
		{"s", "é \"q\"", `"é \"q\""`},
		{"S", "sym", `"sym"`},
		{"c", "x", `{"char":"x"}`},
		{"m", "01903c7f", `{"midi":"01903c7f"}`},
		{"T", "", `true`},
		{"F", "", `false`},
		{"N", "", `null`},
		{"I", "", `{"infinitum":true}`},
	}
	for row, a := range args {
		send := []string{"/a", a.typ}
		if a.value != "" {
			send = append(send, a.value)
		}
		oscsend(t, port, send...)
		l.wantRows(fmt.Sprintf(`{"node":"/in","row":%d,"cells":{"address":"/a","types":"%s","arg1":%s}}`, row, a.typ, a.json))
	}
	l.stop()
}

// TestOSCTypes sends the types that liblo's tools cannot, and expects each printed as what it is.
func TestOSCTypes(t *testing.T) {
	l := cook(t, oscIn)
	conn := dial(t, "udp", l.addr("/in"))
	args := []struct{ name, types, data, json string }{
		{"blob", "b", "\x00\x00\x00\x02\x00\xff\x00\x00", `{"bytes":"AP8="}`},
		{"time tag", "t", "\x83\xaa\x7e\x80\x00\x00\x00\x01", `{"timetag":"83aa7e8000000001"}`},
		{"colour", "r", "\x11\x22\x33\x44", `{"rgba":"11223344"}`},
		{"NaN", "f", "\x7f\xc0\x00\x00", `{"float":"NaN"}`},
		{"infinities", "[fd]", "\xff\x80\x00\x00\x7f\xf0\x00\x00\x00\x00\x00\x00", `[{"float":"-Inf"},{"float":"+Inf"}]`},
		{"text that is not UTF-8", "s", "a\xffb\x00", `"a` + "\ufffd" + `b"`},
		{"nested array", "[i[s]]", "\x00\x00\x00\x01hi\x00\x00", `[1,["hi"]]`},
		{"empty array", "[]", "", `[]`},
	}
	for row, a := range args {
		write(t, conn, "/a\x00\x00"+padded(","+a.types)+a.data)
		l.wantRows(fmt.Sprintf(`{"node":"/in","row":%d,"cells":{"address":"/a","types":"%s","arg1":%s}}`, row, a.types, a.json))
	}
	l.stop()
}
