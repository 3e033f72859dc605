package patches

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// A text is the source of a patch, by lines.
type text struct {
	src   []byte // without a byte order mark
	lines []int  // where each line starts
}

func newText(src []byte) *text {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	t := &text{src: src, lines: make([]int, 1, 1+bytes.Count(src, []byte{'\n'}))}
	for i := 0; i < len(src); {
		n := lineBreak(src[i:])
		if n > 0 {
			t.lines = append(t.lines, i+n)
		}
		i += max(n, 1)
	}
	return t
}

// lineBreak returns the length of the line break that b starts with, or 0. YAML 1.1, which yaml.v3
// counts lines by, has six of them.
func lineBreak(b []byte) int {
	switch {
	case len(b) == 0 || b[0] > '\r' && b[0] < 0xC2:
		return 0
	case b[0] == '\n':
		return 1
	case b[0] == '\r':
		if len(b) > 1 && b[1] == '\n' {
			return 2
		}
		return 1
	case b[0] == 0xC2 && len(b) > 1 && b[1] == 0x85:
		return 2
	case b[0] == 0xE2 && len(b) > 2 && b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9):
		return 3
	}
	return 0
}

// line returns the n-th line, from 1, without its break.
func (t *text) line(n int) string {
	if n < 1 || n > len(t.lines) {
		return ""
	}
	end := len(t.src)
	if n < len(t.lines) {
		end = t.lines[n]
	}
	return strings.TrimRight(string(t.src[t.lines[n-1]:end]), "\r\n\u0085\u2028\u2029")
}

// place returns line and column, in characters, of a byte.
func (t *text) place(offset int) (line, col int) {
	line, found := slices.BinarySearch(t.lines, offset)
	if found {
		line++
	}
	return line, 1 + utf8.RuneCount(t.src[t.lines[line-1]:offset])
}

// clamp returns the place nearest to line and col that the text has: yaml.v3 puts a value of nothing
// behind the end.
func (t *text) clamp(line, col int) (int, int) {
	if last := len(t.lines); line > last {
		return last, 1 + utf8.RuneCountInString(t.line(last))
	}
	return line, col
}

// origin returns the line on which v's text begins, and how many characters stand to the left of
// it. That holds for every line of a literal block, and for the first line of any other value.
func (t *text) origin(v *yaml.Node) (line, indent int) {
	switch {
	case v.Style&yaml.LiteralStyle != 0:
		return v.Line + 1, t.indent(v)
	case v.Style&yaml.FoldedStyle != 0:
		return v.Line, 0
	case v.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return v.Line, v.Column
	}
	return v.Line, v.Column - 1
}

// indent returns how many characters stand to the left of a literal block's lines.
func (t *text) indent(v *yaml.Node) int {
	written := strings.TrimLeft(v.Value, "\n")
	first, _, _ := strings.Cut(written, "\n")
	line := t.line(v.Line + 1 + len(v.Value) - len(written))
	if !strings.HasSuffix(line, first) {
		return 0
	}
	return len(line) - len(first)
}

// within returns the place in the file of a place in the text of v.
func (t *text) within(v *yaml.Node, line, col int) (int, int) {
	first, indent := t.origin(v)
	if v.Style&yaml.LiteralStyle == 0 && (line > 1 || v.Style&yaml.FoldedStyle != 0) {
		return v.Line, v.Column // its lines are not those of the file
	}
	return first + line - 1, indent + max(col, 1)
}
