package osctext_test

import (
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/cmd/linecook/internal/osctext"
	"linecook.dev/linecook/peer/osc"
)

// encoder has a clock that stands still.
func encoder() *osctext.Encoder {
	return &osctext.Encoder{Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }}
}

// parse returns the messages of a packet that must be well formed.
func parse(t testing.TB, packet []byte) []osc.Message {
	t.Helper()
	var p osc.Packet
	if err := p.Parse(packet); err != nil {
		t.Fatalf("Parse(% x): %v", packet, err)
	}
	return p.Messages()
}

func texts(t testing.TB, packet []byte) string {
	t.Helper()
	var lines []string
	for _, m := range parse(t, packet) {
		lines = append(lines, string(osctext.AppendText(nil, &m)))
	}
	return strings.Join(lines, "\n")
}

func TestLine(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"oscsend's example", `/sample/address iTfs 1 3.14 hello`, `/sample/address iTfs 1 3.14 "hello"`},
		{"no arguments", `/a`, `/a`},
		{"types as on the wire", `/a ,if 1 2`, `/a if 1 2`},
		{"no types", `/a ,`, `/a`},
		{"types without values", `/a TFNI`, `/a TFNI`},
		{"negative numbers", `/a ihfd -1 -2 -3.5 -4e9`, `/a ihfd -1 -2 -3.5 -4e+09`},
		{"hexadecimal integers", `/a ih 0x7fffffff -0x1`, `/a ih 2147483647 -1`},
		{"decimal that looks octal", `/a i 010`, `/a i 10`},
		{"numbers JSON lacks", `/a fdf nan -inf inf`, `/a fdf NaN -Inf +Inf`},
		{"text and symbol", `/a sS 'a b' "c\n\"\x41"`, `/a sS "a b" "c\n\"A"`},
		{"text that is not UTF-8", `/a s "\xff"`, `/a s "\xff"`},
		{"character", `/a ccc x é 0xffffffff`, `/a ccc "x" "é" 0xffffffff`},
		{"blob", `/a bb 00ff7f ""`, `/a bb 00ff7f ""`},
		{"blob with colons", `/a b 00:ff`, `/a b 00ff`},
		{"MIDI", `/a m 01903c7f`, `/a m 01903c7f`},
		{"colours", `/a rr #ff8000 ff800010`, `/a rr ff8000ff ff800010`},
		{"times", `/a tttt immediately now +1.5s 83aa7e8000000000`,
			`/a tttt immediately 2026-01-02T03:04:05Z 2026-01-02T03:04:06.5Z 1970-01-01T00:00:00Z`},
		{"arrays", `/a i[f[s]]i 1 2 x 3`, `/a i[f[s]]i 1 2 "x" 3`},
		{"guesses", `/a 1 -2 3000000000 0.5 1e300 true false nil text 1.2.3 ""`, `/a iihfdTFNsss 1 -2 3000000000 0.5 1e+300 "text" "1.2.3" ""`},
		{"a first word that can be no types", `/cue go 7`, `/cue si "go" 7`},
		{"several messages", `/a 1 -- /b s -- -- /c`, "@immediately /a i 1\n@immediately /b s \"--\"\n@immediately /c"},
		{"bundle of one", `@immediately /a 1`, `@immediately /a i 1`},
		{"bundle with a time", `@now /a 1 -- /b 2`, "@2026-01-02T03:04:05Z /a i 1\n@2026-01-02T03:04:05Z /b i 2"},
		{"empty bundle", `@now`, ``},
		{"address with a space", `"/a b" 1`, `"/a b" i 1`},
		{"JSON", `{"address":"/a","types":"ifsS","args":[1,2,"x","y"]}`, `/a ifsS 1 2 "x" "y"`},
		{"JSON without types", `{"address":"/a","args":[1,2.5,"x",true,null,[1]]}`, `/a ifsTN[i] 1 2.5 "x" 1`},
		{"JSON objects", `{"address":"/a","args":[{"bytes":"AP8="},{"rgba":"01020304"},{"midi":"01020304"},{"char":"x"},{"float":"NaN"},{"infinitum":true}]}`,
			`/a brmcfI 00ff 01020304 01020304 "x" NaN`},
		{"JSON bundle", `{"timestamp":"now","messages":[{"address":"/a"},{"messages":[{"address":"/b"}]}]}`,
			"@2026-01-02T03:04:05Z /a\n@immediately /b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			packet, err := encoder().Line(nil, tt.line)
			if err != nil {
				t.Fatalf("Line(%s): %v", tt.line, err)
			}
			if got := texts(t, packet); got != tt.want {
				t.Errorf("Line(%s) is the packet of\n%s\nwant\n%s", tt.line, got, tt.want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"text that looks like types", `/cue hit`, `/cue: the types hit take 3 values, and there are 0; if hit is a value itself, say the types: ,s hit`},
		{"too few values", `/a ifs 1 2`, `/a: the types ifs take 3 values, and there are 2; if ifs is a value itself, say the types: ,sii ifs`},
		{"too few values for a comma", `/a ,if 1`, `/a: the types if take 2 values, and there are 1`},
		{"no type", `/a ,iq 1 2`, `/a: "q" is no type; there are ifsbhdtScrmTFNI[]`},
		{"integer", `/a i 1.5`, `/a: "1.5" is no value of type i: an integer is wanted`},
		{"integer out of range", `/a i 3000000000`, `/a: "3000000000" is no value of type i: it does not fit 32 bits`},
		{"float", `/a f x`, `/a: "x" is no value of type f: a number is wanted`},
		{"float out of range", `/a f 1e39`, `/a: "1e39" is no value of type f: it does not fit 32 bits`},
		{"blob", `/a b 0`, `/a: "0" is no value of type b: bytes are wanted, two hexadecimal digits each, as 00ff7f`},
		{"character", `/a c xy`, `/a: "xy" is no value of type c: one character is wanted, or its number as 0x41`},
		{"MIDI", `/a m 01`, `/a: "01" is no value of type m: eight hexadecimal digits are wanted, as 01903c7f: port, status, data, data`},
		{"colour", `/a r red`, `/a: "red" is no value of type r: a colour is wanted, as ff8000 or ff8000ff`},
		{"time", `@noon /a`, `the bundle's time: "noon" is no time; there are immediately, now, +1.5s, 2006-01-02T15:04:05Z and 16 hexadecimal digits`},
		{"quote", `/a "x`, `a double quote is not closed`},
		{"nothing", ``, `there is no message; expected ADDRESS [TYPES] [VALUE...]`},
		{"nothing behind the separator", `/a --`, `there is no message behind the last --`},
		{"JSON types", `{"address":"/a","types":"i","args":["x"]}`, `/a: type i does not fit argument 1 of args, which is of type s`},
		{"JSON object", `{"address":"/a","args":[{"colour":"red"}]}`, `/a: an object with a member "colour" is no argument`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if packet, err := encoder().Line(nil, tt.line); err == nil || err.Error() != tt.want {
				t.Errorf("Line(%s) = % x, %v\nwant the error %s", tt.line, packet, err, tt.want)
			}
		})
	}
}

// FuzzLine: whatever is written becomes a packet that can be read, and what is printed of its
// messages, as text or as JSON, stands for the same message.
func FuzzLine(f *testing.F) {
	for _, line := range []string{
		`/a iTfs 1 3.14 hello`, `@now /a 1 -- /b "x\xff"`, `/a [i[S]]cbmrthd 1 x y 00 01020304 ff8000 now 2 nan`,
		`{"address":"/a","types":"hS","args":[1,"x"],"timestamp":{"timetag":"83aa7e8000000001"}}`,
		`{"messages":[{"address":"/a","args":[{"float":"NaN"},[null,{"char":"x"}]]}]}`,
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		e := encoder()
		packet, err := e.Line(nil, line)
		if err != nil {
			return
		}
		for _, m := range parse(t, packet) {
			text := string(osctext.AppendText(nil, &m))
			again, err := e.Line(nil, text)
			if err != nil || texts(t, again) != text {
				t.Fatalf("text %s\nis read as %s, %v", text, texts(t, again), err)
			}
			object := "{" + string(osctext.AppendJSON(nil, &m)) + "}"
			again, err = e.Line(nil, object)
			if err != nil {
				t.Fatalf("JSON %s: %v", object, err)
			}
			same := parse(t, again)[0]
			if got := "{" + string(osctext.AppendJSON(nil, &same)) + "}"; got != object {
				t.Fatalf("JSON %s\nis read as %s", object, got)
			}
		}
	})
}
