package patches_test

import (
	"strings"
	"testing"
)

// What trips people in YAML must be named where it stands, in words that say what to do.
func TestSyntaxMistakes(t *testing.T) {
	const quote = "quote"
	tests := []struct{ name, text, at, says string }{
		{"star in a block", "a: */x", "1:4", quote},
		{"star in braces", "a: {b: */x}", "1:8", quote},
		{"star alone", "a: {w: *, b: c}", "1:8", quote},
		{"star and a word", "a: *x", "1:4", quote},
		{"index in braces", "a: {w: row['x y'] > 1}", "1:8", quote},
		{"number as index in braces", "a: {w: row[0] > 1, c: d}", "1:8", quote},
		{"hash in braces", "a: {w: #1}\nb: 1", "1:8", "comment"},
		{"hash after text in braces", "a: {w: x #1}\nb: 1", "1:10", "comment"},
		{"tab as indentation", "a:\n\tb: 1", "2:1", "tab"},
		{"tab as deeper indentation", "a:\n  b: 1\n\tc: 2", "3:1", "tab"},
		{"tab in a block of text", "a: |\n\tx\n", "2:1", "tab"},
		{"percent", "a: %x", "1:4", quote},
		{"at sign", "a: @x", "1:4", quote},
		{"backquote", "a: `x", "1:4", quote},
		{"ampersand", "a: &/x", "1:4", quote},
		{"exclamation mark", "a: !x > 5", "1:4", quote},
		{"exclamation mark in braces", "a: {b: !active}", "1:8", quote},
		{"greater than", "a: > 5", "1:4", quote},
		{"bar", "a: |foo", "1:4", quote},
		{"comma", "a: ,x", "1:4", quote},
		{"text after double quotes", `a: "q" == b`, "1:4", quote},
		{"text after single quotes", "a: 'q' in b", "1:4", quote},
		{"text after quotes in braces", `a: {w: "x" > 1}`, "1:8", quote},
		{"apostrophe", "a: 'it's'", "1:4", quote},
		{"dash", "a: - x", "1:4", quote},
		{"question mark", "a: ? x", "1:4", quote},
		{"question mark in braces", "a: {w: a ? b : c}", "1:8", quote},
		{"second colon", "a: b: c", "1:5", quote},
		{"second colon in braces", "a: {w: x: y}", "1:9", quote},
		{"colon in a list", "a: [10.0.0.0/8, ::1]", "1:17", quote},
		{"closing bracket", "a: ]", "1:4", quote},
		{"backslash in double quotes", `a: "\d+"`, "1:5", "single quotes"},
		{"no space after a colon", "port:9000\nb: 1", "1:5", "space"},
		{"line that goes on", "a: b\n b: c", "2:1", "indentation"},
		{"indentation of no line above", "a:\n   b: 1\n  c: 2", "3:3", "indented"},
		{"key instead of an item", "a:\n  - b\n  c: d", "3:3", "item"},
		{"block of text that moves left", "a:\n  b: |\n    x\n   y\nc: d", "4:4", "indented"},
		{"open bracket", "a: [1, 2\nb: 3\n", "1:4", "not closed"},
		{"open brace at the end", "a: {b: 1", "1:4", "not closed"},
		{"brace for a bracket", "a: [b}", "1:6", "does not close"},
		{"open quote", "a: \"abc\nb: 1\n", "1:4", "not closed"},
		{"no colon", "a: x\nb", "2:1", "':'"},
		{"second document", "a: 1\n---\nb: 2", "2:1", "document"},
		{"text after the end of the document", "a: b\n...\nc: d", "3:1", "document"},
		{"directive", "%TAG ! x\n---\na: b", "1:1", "directive"},
		{"control character", "a: \x01", "1:4", "text file"},
		{"not UTF-8", "a: é\xff", "1:5", "UTF-8"},
		{"empty file", "# nothing\n", "1:1", "linecook: v1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(t, tt.text)
			got, rest, _ := strings.Cut(lines(err), ": ")
			if got != tt.at || !strings.Contains(rest, tt.says) || strings.Contains(rest, "\n") {
				t.Errorf("Parse of %q: got %s: %s\nwant one mistake at %s with %q", tt.text, got, rest, tt.at, tt.says)
			}
		})
	}
}

func TestSyntaxMistakesAreReportedTogether(t *testing.T) {
	_, err := parse(t, "a: */x\nb: {c: row[0]}\nd:\n\te: 1\n")
	var at []string
	for line := range strings.Lines(lines(err)) {
		place, _, _ := strings.Cut(line, ": ")
		at = append(at, place)
	}
	if got, want := strings.Join(at, " "), "1:4 2:8 4:1"; got != want {
		t.Errorf("places: got %s, want %s", got, want)
	}
}

// None of these is a mistake of YAML, however odd it looks.
func TestOddTextThatIsFine(t *testing.T) {
	for _, text := range []string{
		"addscope: ^/x", "addscope: /x*", "addscope: /fader/*", `addscope: "*/x"`, "addscope: x#y",
		"addscope: a - b", "addscope: -x", "addscope: ':9000'", "addscope: it's", `addscope: say "x"`,
		"addscope: 'a\n       b'", "addscope: a\n       b", "addscope: !!str 5", "addscope: &x y",
		"addscope: >\n       folded\n       text", "addscope: |2\n        x", "addscope: null", "addscope: x # comment }",
	} {
		if _, err := parse(t, prelude+"  a:\n    oscin:\n      port: 1\n      "+text+"\n"); err != nil {
			t.Errorf("Parse of %q: %v", text, err)
		}
	}
}
