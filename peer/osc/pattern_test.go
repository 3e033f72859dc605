package osc_test

import (
	"errors"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		name, pattern, address string
		want                   bool
	}{
		{"plain", "/a/b", "/a/b", true},
		{"plain is the whole address", "/a", "/a/b", false},
		{"address is shorter", "/a/b", "/a", false},
		{"case counts", "/A", "/a", false},
		{"? is one character", "/a?c", "/abc", true},
		{"? is not none", "/a?", "/a", false},
		{"? is not a slash", "/a?b", "/a/b", false},
		{"? is one UTF-8 character", "/?", "/é", true},
		{"? is one byte that is not UTF-8", "/?", "/\xe9", true},
		{"* is none", "/a*", "/a", true},
		{"* is many", "/a*z", "/abcxyz", true},
		{"* tries further on", "/*ab", "/aab", true},
		{"* stays in its part", "/*", "/a/b", false},
		{"number of parts", "/*/*", "/a", false},
		{"a part may be empty", "/*/", "/a/", true},
		{"set", "/[abc]", "/b", true},
		{"range", "/[a-c]x", "/bx", true},
		{"out of range", "/[a-c]", "/d", false},
		{"two ranges and one", "/[a-c0-9_]", "/_", true},
		{"negated set", "/[!a-c]", "/d", true},
		{"negated set excludes", "/[!a-c]", "/b", false},
		{"negated set is no slash", "/a[!b]c", "/a/c", false},
		{"set without slash by its range", "/a[.-0]c", "/a/c", true},
		{"- last is plain", "/[a-]", "/-", true},
		{"- first is plain", "/[-a]", "/-", true},
		{"! not first is plain", "/[a!]", "/!", true},
		{"[] is nothing", "/a[]", "/a", false},
		{"[!] is any character", "/[!]", "/x", true},
		{"backward range is empty", "/[c-a]", "/b", false},
		{"* in a set is plain", "/[*]", "/a", false},
		{"set of UTF-8", "/[äöü]", "/ö", true},
		{"alternatives", "/{foo,bar}", "/bar", true},
		{"no such alternative", "/{foo,bar}", "/baz", false},
		{"an alternative that fails later", "/{a,ab}c", "/abc", true},
		{"{} is the empty string", "/a{}b", "/ab", true},
		{"empty alternative", "/a{,b}", "/a", true},
		{"* in braces is plain", "/{*}", "/a", false},
		{"[ in braces is plain", "/{[}", "/[", true},
		{"closing alone is plain", "/a]}", "/a]}", true},
		{"comma alone is plain", "/a,b", "/a,b", true},
		{"regular expressions are plain", "/a.+(b)^$|\\", "/a.+(b)^$|\\", true},
		{"dot is plain", "/a.c", "/abc", false},
		{"// is no part", "/a//b", "/a/b", true},
		{"// is many parts", "/a//b", "/a/x/y/b", true},
		{"// is whole parts", "/a//b", "/a/xb", false},
		{"// first", "//b", "/x/b", true},
		{"// last is everything below", "/a//", "/a/x/y", true},
		{"// last is not the node itself", "/a//", "/a", false},
		{"// twice", "//a//b", "/x/a/y/b", true},
		{"// matches itself", "/a//b", "/a//b", true},
		{"one slash is not two", "/a/b", "/a//b", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := osc.Match(tt.pattern, tt.address)
			if got != tt.want || err != nil {
				t.Errorf("Match(%q, %q) = %t, %v; want %t", tt.pattern, tt.address, got, err, tt.want)
			}
		})
	}
}

func TestMatchRefuses(t *testing.T) {
	tests := []struct {
		name, pattern string
		offset        int
		kind          osc.Kind
	}{
		{"empty", "", 0, osc.KindAddress},
		{"no slash", "a*", 0, osc.KindAddress},
		{"open set", "/ab[c", 3, osc.KindPattern},
		{"open braces", "/ab{c,", 3, osc.KindPattern},
		{"set over parts", "/[a/b]", 1, osc.KindPattern},
		{"braces over parts", "/x{a/b}", 2, osc.KindPattern},
		{"too long", "/" + strings.Repeat("a", osc.MaxAddress), 0, osc.KindLimit},
		{"too many parts", strings.Repeat("/a", osc.MaxParts+1), 0, osc.KindLimit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ok, err := osc.Match(tt.pattern, "/abc")
			e, isSyntax := errors.AsType[*osc.SyntaxError](err)
			if ok || !isSyntax || e.Offset != tt.offset || e.Kind != tt.kind {
				t.Errorf("Match(%q) = %t, %v; want offset %d, kind %v", tt.pattern, ok, err, tt.offset, tt.kind)
			}
		})
	}
}

// No pattern takes more than its own length in steps for a character of the address.
func TestPatternWorkIsBounded(t *testing.T) {
	address := []byte("/" + strings.Repeat("a", osc.MaxAddress-1))
	for _, piece := range []string{"*a", "*", "?*", "[a-z]*", "{a,aa,}", "{,}", "[aaaa]", "{a,a}*"} {
		pattern := "/" + strings.Repeat(piece, (osc.MaxAddress-2)/len(piece)) + "b"
		var p osc.Pattern
		if err := p.Parse(pattern); err != nil {
			t.Fatalf("Parse(%q): %v", pattern, err)
		}
		ok, steps := p.MatchSteps(address)
		if limit := (3*len(pattern) + 1) * (len(address) + 1); ok || steps > limit {
			t.Errorf("pattern /%s...b: %t after %d steps, want false within %d", piece, ok, steps, limit)
		}
	}
}

func TestPatternReuse(t *testing.T) {
	var p osc.Pattern
	address := []byte("/ch/12/fader")
	pattern := "/ch/[0-9]*/{mute,fader}"
	if n := testing.AllocsPerRun(100, func() {
		if p.Parse(pattern) != nil || !p.Match(address) {
			t.Errorf("%s does not match %s", pattern, address)
		}
	}); n != 0 {
		t.Errorf("Parse and Match of a reused Pattern: %v allocations, want 0", n)
	}
	if err := p.Parse("/["); err == nil || p.Match([]byte("/[")) || p.Match(address) {
		t.Errorf("after a failed Parse (%v) the Pattern matches", err)
	}
}
