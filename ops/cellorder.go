package ops

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linecook.dev/linecook/graph/table"
)

// A cellOrder compares cells as the parameters order and ignorecase of a [Sort] say.
type cellOrder struct {
	how  string
	fold bool // capital letters are the same as small ones
}

// compare compares two cells that are not empty: -1, 0 or 1.
func (o cellOrder) compare(v, w table.Value) int {
	switch {
	case o.how == "nums":
		return cmp.Compare(sortNumber(v), sortNumber(w))
	case o.how == "alphanum":
		return compareNatural(v.String(), w.String(), o.fold)
	case o.how == "alpha":
		return compareText(v.String(), w.String(), o.fold)
	case o.fold && keyRank(v.Kind()) == keyRank(table.KindString) && keyRank(w.Kind()) == keyRank(table.KindString):
		return compareText(v.Str(), w.Str(), true)
	}
	return compareKeys(v, w)
}

// sortNumber returns a cell as a number; 0 if it is none, and last of all if it is NaN.
func sortNumber(v table.Value) float64 {
	f, ok := v.Number()
	if !ok {
		f, _ = strconv.ParseFloat(strings.TrimSpace(v.Str()), 64)
	}
	if math.IsNaN(f) {
		return math.Inf(1)
	}
	return f
}

func compareText(a, b string, fold bool) int {
	if !fold {
		return strings.Compare(a, b)
	}
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if c := cmp.Compare(unicode.ToLower(x), unicode.ToLower(y)); c != 0 {
			return c
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

// compareNatural compares texts in which digits that follow each other are one number: fader9 comes
// before fader10. Of texts that differ only in zeros before a number, the shorter comes first.
func compareNatural(a, b string, fold bool) int {
	zeros := cmp.Compare(len(a), len(b))
	for a != "" && b != "" {
		i, j := textLen(a), textLen(b)
		if c := compareText(a[:i], b[:j], fold); c != 0 {
			return c
		}
		a, b = a[i:], b[j:]
		i, j = digitsLen(a), digitsLen(b)
		x, y := strings.TrimLeft(a[:i], "0"), strings.TrimLeft(b[:j], "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
		a, b = a[i:], b[j:]
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), zeros)
}

// textLen returns how many bytes come before the first digit.
func textLen(s string) int {
	if i := strings.IndexAny(s, "0123456789"); i >= 0 {
		return i
	}
	return len(s)
}

// digitsLen returns how many digits come first.
func digitsLen(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
