package top

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean escapes what is not printable: control characters, so that no terminal is told anything, and those
// that turn the direction of text or have no width, so that nobody is fooled.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			b.WriteString(s[:size])
		} else {
			quoted := strconv.Quote(s[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}

func isClean(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// plain is s as text that tview shows just so. Behind each bracket it has a tag that changes nothing, so
// that the bracket begins none. (What [tview.Escape] returns may still have tags: those of hyperlinks.)
func plain(s string) string { return strings.ReplaceAll(clean(s), "[", "[[::]") }

// cleanLines is [clean] for text of several lines.
func cleanLines(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}
