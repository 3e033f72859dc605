package ops

import (
	"strconv"
	"strings"
	"testing"

	"linecook.dev/linecook/graph/table"
)

// FuzzReadNumber holds readNumber to strconv, for what is written as a decimal number.
func FuzzReadNumber(f *testing.F) {
	for _, text := range []string{
		"", "-", ".", "0", "-0", "+7", "-0.0", "5.", ".5", "1.2.3", "12x", "1e5", "1-2", "0.482", "123456789012345678", "9223372036854775807",
		"9223372036854775808", "-9223372036854775808", "0.1234567890123456", "12345678.90123456", "999999999999999.9", "1e400", "--1", "+-1", "00012", "1_0", "0x1p2", "inf",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := readNumber(text)
		want, wanted := table.Value{}, strings.Trim(text, "0123456789+-.eE") == "" && strings.ContainsAny(text, "0123456789")
		if n, err := strconv.ParseInt(text, 10, 64); wanted && err == nil {
			want = table.IntValue(n)
		} else if x, err := strconv.ParseFloat(text, 64); wanted && err == nil {
			want = table.Float64Value(x)
		} else {
			wanted = false
		}
		if ok != wanted || ok && (got.Kind() != want.Kind() || got.Bits() != want.Bits()) {
			t.Errorf("readNumber(%q) = %v %v (%x), %v, want %v %v (%x), %v", text, got.Kind(), got, got.Bits(), ok,
				want.Kind(), want, want.Bits(), wanted)
		}
	})
}
