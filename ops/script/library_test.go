package script_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// The expected results are CPython 3's.
func TestLibrary(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"big-endian", `struct.pack('>IhB', 1, -2, 255)`, `b"\x00\x00\x00\x01\xff\xfe\xff"`},
		{"little-endian", `struct.pack('<hl', 1, -2)`, `b"\x01\x00\xfe\xff\xff\xff"`},
		{"network", `struct.pack('!Hq', 1, -1)`, `b"\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff"`},
		{"floats", `struct.pack('>fd', 0.1, -2.5)`, `b"=\xcc\xcc\xcd\xc0\x04\x00\x00\x00\x00\x00\x00"`},
		{"counts, spaces and padding", `struct.pack('< 2h x 3B', 1, 2, 3, 4, 5)`, `b"\x01\x00\x02\x00\x00\x03\x04\x05"`},
		{"strings", `struct.pack('5s2s0s', b'abc', b'xyz', b'q')`, `b"abc\x00\x00xy"`},
		{"Pascal strings", `struct.pack('4p', b'abcdef')`, `b"\x03abc"`},
		{"characters and booleans", `struct.pack('=2c?', b'a', b'b', [])`, `b"ab\x00"`},
		{"native alignment", `[struct.calcsize(f) for f in ['bi', '=bi', 'bq', 'hb', 'l', '=l', 'cd2s', 'b0i']]`, "[8, 5, 16, 3, 8, 4, 18, 4]"},
		{"unpack", `struct.unpack('>bBhHiIqQ?', b'\xff\xff\xff\xfe\xff\xfe\xff\xff\xff\xfd\xff\xff\xff\xfd\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02')`,
			"(-1, 255, -2, 65534, -3, 4294967293, -1, 18446744073709551615, True)"},
		{"unpack floats", `struct.unpack('<fd', b'\xcd\xcc\xcc=\x00\x00\x00\x00\x00\x00\x04\xc0')`, "(0.10000000149011612, -2.5)"},
		{"unpack text", `struct.unpack('3s1c4p', bytearray(b'ab\x00z\x09xyz'))`, `(b"ab\x00", b"z", b"xyz")`},
		{"range", `struct.pack('b', 128)`, "struct.pack: value 1 (b): 128 is not from -128 to 127"},
		{"float range", `struct.pack('f', 1e39)`, "is too large for 32 bits"},
		{"count of values", `struct.pack('2h', 1)`, "the format takes 2 values, not 1"},
		{"size", `struct.unpack('>H', b'abc')`, "the format takes 2 bytes, not 3"},
		{"format", `struct.pack('>n', 1)`, `format ">n" has 'n'`},
		{"dangling count", `struct.calcsize('3')`, "ends with a count"},
		{"huge", `struct.calcsize('99999999999s')`, "is larger than 16777216 bytes"},
		{"huge, in parts", `struct.calcsize('9999999s9999999s')`, "is larger than 16777216 bytes"},

		{"round to even", "[round(x) for x in [0.5, 1.5, 2.5, -0.5, -1.5, 2.4]]", "[0, 2, 2, 0, -2, 2]"},
		{"round to digits", "[round(x, 2) for x in [2.675, 1.005, -1.115, 1e300]]", "[2.67, 1.0, -1.11, 1e+300]"},
		{"round to tens", "[round(x, -1) for x in [15, 25, -15, 14, 26]]", "[20, 20, -20, 10, 30]"},
		{"round a float to tens", "[round(15.0, -1), round(1e10, -9), round(7, 2)]", "[20.0, 1e+10, 7]"},
		{"round far", "[round(1.5, 400), round(1.5, -400), round(15, -5000)]", "[1.5, 0.0, 0]"},
		{"round no number", "round(float('nan'))", "cannot convert float NaN to integer"},
		{"sum", "[sum([1, 2.5]), sum([], 3), sum([[1], [2]], [])]", "[3.5, 3, [1, 2]]"},
		{"hex", "[hex(255), hex(-255), hex(0)]", `["0xff", "-0xff", "0x0"]`},
		{"hexlify", `[hexlify(b'\x00\xff'), unhexlify('00ff')]`, `["00ff", b"\x00\xff"]`},
		{"unhexlify", "unhexlify('0g')", "unhexlify: encoding/hex: invalid byte"},
		{"json", `json.decode('{"a": [1, 2.5, null, true]}')`, `{"a": [1, 2.5, None, True]}`},
		{"json text", "json.encode({'a': [1, None]})", `"{\"a\":[1,null]}"`},
		{"json with brackets in text", `json.decode('"` + strings.Repeat("[", 300) + `\\""')[:2]`, `"[["`},
		{"math", "math.sqrt(2.25)", "1.5"},

		{"bytearray of nothing", "bytearray()", `bytearray(b"")`},
		{"bytearray of a size", "bytearray(2)", `bytearray(b"\x00\x00")`},
		{"bytearray of text", "bytearray('é')", `bytearray(b"é")`},
		{"bytearray items", "[bytearray(b'abc')[1], bytearray(b'abc')[-1], len(bytearray([1, 2]))]", "[98, 99, 2]"},
		{"bytearray slices", "bytearray(b'abcd')[1:3] + b'x' + bytearray(b'abcd')[::-2]", `bytearray(b"bcxdb")`},
		{"bytearray comparisons", "[bytearray(b'a') < bytearray(b'b'), bytearray(b'a') == bytearray(b'a')]", "[True, True]"},
		{"bytearray walk", "[x for x in bytearray(b'ab')] + [97 in bytearray(b'a'), b'bc' in bytearray(b'abcd')]", "[97, 98, True, True]"},
		{"bytearray text", "[bytearray(b'ab').hex(), bytearray(b'a\\xff').decode()]", `["6162", "a�"]`},
		{"bytearray of too much", "bytearray([256])", "256 is not a number from 0 to 255"},
		{"bytearray of a wrong size", "bytearray(-1)", "size -1 is out of range"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := eval(t, tt.expr)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want && (err == nil || !strings.Contains(got, tt.want)) {
				t.Errorf("%s = %s, want %s", tt.expr, got, tt.want)
			}
		})
	}
}

func TestByteArrayChanges(t *testing.T) {
	r := newRig(t, `
b = bytearray(b'abc')
def f():
    b[0] = 255
    b.append(1)
    b.extend(b'xy')
    b.extend([7])
    return b
def g():
    b.clear()
    return len(b)
`).start()
	if got, want := r.mustCall("f"), "bytearray("+`b"\xffbc\x01xy\a"`+")"; got != want {
		t.Errorf("f() = %s, want %s", got, want)
	}
	if got := r.mustCall("g"); got != "0" {
		t.Errorf("len after clear = %s, want 0", got)
	}
}

// What went into a script as a cell comes out as the same cell; a float32 as the float64 it is, and
// what only OSC tells apart as an int or a string.
func TestCellRoundTrip(t *testing.T) {
	r := newRig(t, "def f(x):\n    return [x][0]\n").start()
	rapid.Check(t, func(t *rapid.T) {
		v := genCell().Draw(t, "cell")
		want := v
		switch v.Kind() {
		case table.KindFloat32:
			want = table.Float64Value(float64(v.Float32()))
		case table.KindInt64:
			want = table.IntValue(v.Int())
		case table.KindSymbol:
			want = table.StringValue(v.Str())
		}
		got, err := script.Cell(r.in.Cell(v))
		if err != nil || !got.Equal(want) {
			t.Fatalf("Cell of the script's %v %s = %v %s, %v", v.Kind(), v, got.Kind(), got, err)
		}
	})
	peer := table.PeerValue(r.out)
	if got, err := script.Cell(r.in.Cell(peer)); err != nil || !got.Equal(peer) {
		t.Errorf("Cell of the script's peer = %v, %v, want the peer", got, err)
	}
}

func TestCellErrors(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"dict", "{}", "a cell cannot hold a dict"},
		{"function", "len", "a cell cannot hold a builtin_function_or_method"},
		{"big int", "1 << 63", "9223372036854775808 does not fit in 64 bits"},
		{"bytearray", "bytearray(b'ab')", ""},
		{"deep", "json.decode('" + strings.Repeat("[", 17) + strings.Repeat("]", 17) + "')", "list nests deeper than 16"},
	}
	for _, tt := range tests {
		r := newRig(t, "v = "+tt.expr+"\ndef f():\n    return v").start()
		r.mustCall("f")
		if _, err := script.Cell(r.last); (tt.want == "") != (err == nil) || err != nil && err.Error() != tt.want {
			t.Errorf("Cell(%s): %v, want %q", tt.expr, err, tt.want)
		}
	}
}

func TestSpecialValues(t *testing.T) {
	r := newRig(t, "def f(p, x):\n    p.sendOSC('/a', [x])\n    return str(x)\n").start()
	tests := []struct {
		v         table.Value
		str, sent string
	}{
		{table.TimeTagValue(1<<63 | 5), `"timetag(8000000000000005)"`, `,t\x00\x00\x80\x00\x00\x00\x00\x00\x00\x05`},
		{table.CharValue('x'), `"char(x)"`, `,c\x00\x00\x00\x00\x00x`},
		{table.ColourValue(0x01020304), `"colour(01020304)"`, `,r\x00\x00\x01\x02\x03\x04`},
		{table.MIDIValue(0x01903c40), `"midi(01903c40)"`, `,m\x00\x00\x01\x90<@`},
		{table.InfinitumValue(), `"infinitum(infinitum)"`, `,I\x00\x00`},
	}
	for _, tt := range tests {
		p := &endpoint{addr: "a:7000"}
		got := r.mustCall("f", r.in.Cell(table.PeerValue(p)), r.in.Cell(tt.v))
		if want := `osc "/a\x00\x00` + tt.sent + `"`; got != tt.str || len(p.sent) != 1 || p.sent[0] != want {
			t.Errorf("%v: str is %s and sent %q, want %s and %q", tt.v.Kind(), got, p.sent, tt.str, want)
		}
	}
}

func TestSpecialParts(t *testing.T) {
	r := newRig(t, `
def f(code, x, y):
    return {
        'colour': lambda: (x.r, x.g, x.b, x.a), 'midi': lambda: (x.port, x.status, x.data1, x.data2), 'char': lambda: x.code,
        'unix': lambda: x.unix, 'ntp': lambda: x.ntp, 'order': lambda: (x < y, x == y, x != y), 'key': lambda: {x: 1}[x],
    }[code]()
`).start()
	const day = uint64(2208988800) << 32 // 1970-01-01
	tests := []struct {
		code string
		x, y table.Value
		want string
	}{
		{"colour", table.ColourValue(0x01020304), table.Value{}, "(1, 2, 3, 4)"},
		{"midi", table.MIDIValue(0x01903c40), table.Value{}, "(1, 144, 60, 64)"},
		{"char", table.CharValue('x'), table.Value{}, "120"},
		{"unix", table.TimeTagValue(day | 1<<31), table.Value{}, "0.5"},
		{"unix", table.TimeTagValue(1), table.Value{}, "0.0"},
		{"ntp", table.TimeTagValue(1), table.Value{}, "1"},
		{"order", table.TimeTagValue(day), table.TimeTagValue(day + 1), "(True, False, True)"},
		{"order", table.TimeTagValue(day), table.TimeTagValue(1 << 60), "(True, False, True)"}, // of the era from 2036 on
		{"order", table.TimeTagValue(0), table.TimeTagValue(day), "(True, False, True)"},
		{"order", table.ColourValue(7), table.ColourValue(7), "(False, True, False)"},
		{"order", table.ColourValue(7), table.MIDIValue(7), "colour < midi not implemented"},
		{"key", table.MIDIValue(7), table.Value{}, "1"},
	}
	for _, tt := range tests {
		got, err := r.call("f", script.Text(tt.code), r.in.Cell(tt.x), r.in.Cell(tt.y))
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s of %v %v and %v = %s, want %s", tt.code, tt.x.Kind(), tt.x, tt.y, got, tt.want)
		}
	}
}

// What a format unpacks, it packs to bytes of the same size that it unpacks to the same again.
func FuzzStruct(f *testing.F) {
	for _, format := range []string{"<bBhHiIqQ", ">fd", "=3s4p2c?", "@bi2xq", "!2h3x", "bd"} {
		f.Add(format, []byte(strings.Repeat("\x01\x80", 40)))
	}
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		r := newRig(t, structLaw).start()
		got, err := r.call("f", script.Text(format), script.Bytes(data))
		if err != nil {
			if strings.Contains(err.Error(), "panic") {
				t.Fatalf("struct with format %q: %v", format, err)
			}
			return
		}
		if got != "True" {
			t.Fatalf("struct with format %q of % x: unpack, pack, unpack = %s", format, data, got)
		}
	})
}

const structLaw = `
def f(format, data):
    size = struct.calcsize(format)
    data = (data * (size // max(1, len(data)) + 1))[:size]
    values = struct.unpack(format, data)
    again = struct.pack(format, *values)
    return len(again) == size and repr(struct.unpack(format, again)) == repr(values)
`

func TestStructIntegers(t *testing.T) {
	r := newRig(t, "def f(format, n):\n    return (struct.pack(format, n), struct.unpack(format, struct.pack(format, n))[0] == n)\n").start()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64().Draw(rt, "n")
		bits := rapid.SampledFrom([]int{8, 16, 32, 64}).Draw(rt, "bits")
		n >>= 64 - bits
		code := map[int]string{8: "b", 16: "h", 32: "i", 64: "q"}[bits]
		want := make([]byte, 0, 8)
		for shift := bits - 8; shift >= 0; shift -= 8 {
			want = append(want, byte(n>>shift))
		}
		got := r.mustCall("f", script.Text(">"+code), r.in.Cell(table.IntValue(n)))
		text, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(got, "(b"), ", True)"))
		if err != nil || !bytes.Equal([]byte(text), want) {
			rt.Fatalf("struct.pack('>%s', %d) = %s, want % x", code, n, got, want)
		}
	})
}
