package osc_test

import (
	"errors"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

func TestScope(t *testing.T) {
	tests := []struct {
		name, scope string
		in, out     string // addresses separated by spaces
	}{
		{"empty is everything", "", "/a /a/b", ""},
		{"* crosses slashes", "/fader/*", "/fader/1 /fader/1/x", "/fader /other/1"},
		{"* alone", "*", "/a /a/b/c", ""},
		{"several are ORed", "/a* /b*", "/a1 /b/c", "/c"},
		{"? is one character", "/a?", "/ab /a/", "/a /abc"},
		{"set", "/[abc]", "/a /b /c", "/d /ab"},
		{"set with a dash at its end", "/[a-]", "/a /-", "/b"},
		{"digits alone are characters", "/[13]", "/1 /3", "/13 /2"},
		{"integers", "/ch/[8-11]/mute", "/ch/8/mute /ch/10/mute /ch/11/mute", "/ch/7/mute /ch/1/mute /ch/12/mute /ch/08/mute"},
		{"integers with a step", "/[3-7:2]", "/3 /5 /7", "/4 /6 /9"},
		{"integers listed", "/[2-3,5,13]x", "/2x /3x /5x /13x", "/1x /4x /6x /x"},
		{"only exclusions", "^*accel*", "/fader", "/accel /x/accel/y"},
		{"exclusion", "/a* ^/ab*", "/a /ac", "/ab /abc /b"},
		{"exclusion first", "^/ab* /a*", "/a", "/ab"},
		{"quoted", `"/a" ^"/b"`, "/a", "/b"},
		{"braces are plain", "/{a,b}", "/{a,b}", "/a"},
		{"UTF-8", "/[äö]?", "/äé", "/ä"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s osc.Scope
			if err := s.Parse(tt.scope); err != nil {
				t.Fatalf("Parse(%q): %v", tt.scope, err)
			}
			for address := range strings.FieldsSeq(tt.in) {
				if !s.Match([]byte(address)) {
					t.Errorf("Scope %q leaves out %s", tt.scope, address)
				}
			}
			for address := range strings.FieldsSeq(tt.out) {
				if s.Match([]byte(address)) {
					t.Errorf("Scope %q lets in %s", tt.scope, address)
				}
			}
		})
	}
}

func TestScopeWithSpaces(t *testing.T) {
	var s osc.Scope
	if err := s.Parse(`"/a b" /c`); err != nil || !s.Match([]byte("/a b")) || s.Match([]byte("/a")) {
		t.Errorf("a quoted pattern with a space: %v; /a b %t, /a %t", err, s.Match([]byte("/a b")), s.Match([]byte("/a")))
	}
}

func TestScopeRefuses(t *testing.T) {
	tests := []struct {
		name, scope string
		offset      int
	}{
		{"open set", "/a /b[c", 5},
		{"range of letters", "/x [a-g]", 3},
		{"backward integers", "/[4-1]", 1},
		{"step of nothing", "/[1-4:0]", 1},
		{"integers with holes", "/[1-,2]", 1},
		{"group", "/a @b", 3},
		{"lone exclusion", "/a ^", 4},
		{"open quote", `/a "/b`, 3},
		{"excluded quote", `^"/[b"`, 3},
		{"too many integers", "/[1-999999999]", 1},
		{"too long", strings.Repeat("?", 5000), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s osc.Scope
			e, ok := errors.AsType[*osc.SyntaxError](s.Parse(tt.scope))
			if !ok || e.Offset != tt.offset || e.Kind != osc.KindPattern {
				t.Errorf("Parse(%.20q) = %v, want offset %d, kind pattern", tt.scope, e, tt.offset)
			}
		})
	}
}

func TestScopeAllocatesNothing(t *testing.T) {
	var s osc.Scope
	if err := s.Parse("/ch/[1-16]/fader /x* ^*accel*"); err != nil {
		t.Fatal(err)
	}
	address := []byte("/ch/12/fader")
	if n := testing.AllocsPerRun(100, func() { s.Match(address) }); n != 0 {
		t.Errorf("Scope.Match: %v allocations, want 0", n)
	}
}
