package table_test

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"linecook.dev/linecook/graph/table"
)

func TestJSONAndText(t *testing.T) {
	list := func(v ...table.Value) table.Value {
		l, err := table.ListValue(v...)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	f32, f64 := table.Float32Value, table.Float64Value
	str, bytes := table.StringValue, func(s string) table.Value { return table.BytesValue([]byte(s)) }
	tests := []struct {
		name       string
		v          table.Value
		json, text string
	}{
		{"nil", table.Value{}, `null`, ``},
		{"true", table.BoolValue(true), `true`, `true`},
		{"false", table.BoolValue(false), `false`, `false`},
		{"smallest int", table.IntValue(math.MinInt64), `-9223372036854775808`, `-9223372036854775808`},
		{"int64 is a number", table.Int64Value(math.MaxInt64), `9223372036854775807`, `9223372036854775807`},
		{"float32 is not widened", f32(0.1), `0.1`, `0.1`},
		{"float64 keeps what float32 added", f64(float64(float32(0.1))), `0.10000000149011612`, `0.10000000149011612`},
		{"largest float32", f32(math.MaxFloat32), `3.4028235e+38`, `3.4028235e+38`},
		{"smallest float64", f64(math.SmallestNonzeroFloat64), `5e-324`, `5e-324`},
		{"below the exponent", f64(999999999999999900000), `999999999999999900000`, `999999999999999900000`},
		{"large exponent", f64(1e21), `1e+21`, `1e+21`},
		{"large exponent of float32", f32(1e21), `1e+21`, `1e+21`},
		{"above the small exponent", f64(1e-6), `0.000001`, `0.000001`},
		{"above the small exponent of float32", f32(1e-6), `0.000001`, `0.000001`},
		{"small exponent", f64(1e-7), `1e-7`, `1e-7`},
		{"two digits of exponent", f64(1e-10), `1e-10`, `1e-10`},
		{"whole", f64(5), `5`, `5`},
		{"minus zero", f64(math.Copysign(0, -1)), `-0`, `-0`},
		{"NaN", f64(math.NaN()), `{"float":"NaN"}`, `NaN`},
		{"infinity", f32(float32(math.Inf(1))), `{"float":"+Inf"}`, `+Inf`},
		{"minus infinity", f64(math.Inf(-1)), `{"float":"-Inf"}`, `-Inf`},
		{"string", str("/a b"), `"/a b"`, `/a b`},
		{"symbol", table.SymbolValue("sym"), `"sym"`, `sym`},
		{"what HTML would escape", str("<a&b>"), `"<a&b>"`, `<a&b>`},
		{"quotes", str(`a"b\c`), `"a\"b\\c"`, `a"b\c`},
		{"control characters", str("\x00\n\r\t\x1f\x7f"), `"\u0000\n\r\t\u001f` + "\x7f\"", "\x00\n\r\t\x1f\x7f"},
		{"other scripts", str("é 日 😀"), `"é 日 😀"`, "é 日 😀"},
		{"each invalid byte", str("a\xff\xfeb\xc3"), "\"a\ufffd\ufffdb\ufffd\"", "a\ufffd\ufffdb\ufffd"},
		{"U+FFFD itself", str("\ufffd!"), "\"\ufffd!\"", "\ufffd!"},
		{"bytes", bytes("\x00\xff"), `{"bytes":"AP8="}`, `00ff`},
		{"time tag", table.TimeTagValue(1), `{"timetag":"0000000000000001"}`, `0000000000000001`},
		{"char", table.CharValue('x'), `{"char":"x"}`, `x`},
		{"char to escape", table.CharValue('"'), `{"char":"\""}`, `"`},
		{"no character", table.CharValue(0xffffffff), "{\"char\":\"\ufffd\"}", "\ufffd"},
		{"surrogate", table.CharValue(0xd800), "{\"char\":\"\ufffd\"}", "\ufffd"},
		{"colour", table.ColourValue(0x0a), `{"rgba":"0000000a"}`, `0000000a`},
		{"MIDI", table.MIDIValue(0x01903c7f), `{"midi":"01903c7f"}`, `01903c7f`},
		{"infinitum", table.InfinitumValue(), `{"infinitum":true}`, `infinitum`},
		{"peer", table.PeerValue(peers[0]), `"127.0.0.1:1"`, `127.0.0.1:1`},
		{"no peer", table.PeerValue(nil), `null`, ``},
		{"empty list", list(), `[]`, `[]`},
		{"list", list(table.IntValue(1), list(str("a"), table.Value{})), `[1,["a",null]]`, `[1, [a, ]]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.v.AppendJSON([]byte("> "))); got != "> "+tt.json {
				t.Errorf("AppendJSON = %s, want > %s", got, tt.json)
			}
			if !json.Valid([]byte(tt.json)) {
				t.Errorf("%s is no JSON", tt.json)
			}
			if got := tt.v.String(); got != tt.text {
				t.Errorf("String() = %q, want %q", got, tt.text)
			}
		})
	}
}

// FuzzJSON checks that what a cell becomes is JSON, and that numbers and valid text read back.
func FuzzJSON(f *testing.F) {
	f.Add("text \xff <\u2028>", math.Float64bits(1e-7), uint32(0xd800))
	f.Fuzz(func(t *testing.T, s string, bits uint64, small uint32) {
		list, err := table.ListValue(table.StringValue(s), table.Float64Value(math.Float64frombits(bits)))
		if err != nil {
			t.Fatal(err)
		}
		values := []table.Value{
			list, table.BytesValue([]byte(s)), table.SymbolValue(s), table.PeerValue(&peer{s}),
			table.CharValue(small), table.ColourValue(small), table.MIDIValue(small),
			table.TimeTagValue(bits), table.IntValue(int64(bits)), table.InfinitumValue(),
		}
		for _, v := range values {
			if got := v.AppendJSON(nil); !json.Valid(got) {
				t.Errorf("AppendJSON of %v is %s", v.Kind(), got)
			}
		}
		checkText(t, s)
		checkFloats(t, math.Float64frombits(bits), math.Float32frombits(small))
	})
}

func checkText(t *testing.T, s string) {
	var got string
	b := table.StringValue(s).AppendJSON(nil)
	want := string([]rune(s)) // each invalid byte replaced
	if err := json.Unmarshal(b, &got); err != nil || got != want {
		t.Errorf("%q became %s, which is %q, %v", s, b, got, err)
	}
	if text := table.StringValue(s).String(); text != want {
		t.Errorf("%q became text %q, want %q", s, text, want)
	}
}

func checkFloats(t *testing.T, f float64, g float32) {
	for _, v := range []table.Value{table.Float64Value(f), table.Float32Value(g)} {
		want, size := f, 64
		if v.Kind() == table.KindFloat32 {
			want, size = float64(g), 32
		}
		b := v.AppendJSON(nil)
		if !json.Valid(b) {
			t.Errorf("%v became %s", want, b)
		}
		if strings.HasPrefix(string(b), "{") {
			continue
		}
		got, err := strconv.ParseFloat(string(b), size)
		if err != nil || got != want || math.Signbit(got) != math.Signbit(want) {
			t.Errorf("%v became %s, which reads back as %v, %v", want, b, got, err)
		}
		if plain, err := json.Marshal(number(want, size)); err == nil && string(plain) != string(b) {
			t.Errorf("%v became %s, and %s in encoding/json", want, b, plain)
		}
	}
}

func number(f float64, size int) any {
	if size == 32 {
		return float32(f)
	}
	return f
}
