package osctext

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quotedChar returns how the first character of s is written inside double quotes, and its size in s.
func quotedChar(s string) (text string, size int) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == '"' || r == '\\':
		return `\` + s[:1], 1
	case r == '\n':
		return `\n`, 1
	case r == '\r':
		return `\r`, 1
	case r == '\t':
		return `\t`, 1
	case r == utf8.RuneError && size == 1 || !unicode.IsPrint(r):
		return fmt.Sprintf(`\x%02x`, s[0]), 1
	}
	return s[:size], size
}

// appendWord appends a word, in quotes if it needs them.
func appendWord(b []byte, word string) []byte {
	plain := word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return r == '"' || r == '\'' || r == ' ' || r == utf8.RuneError || !unicode.IsPrint(r)
	})
	if plain {
		return append(b, word...)
	}
	return AppendQuoted(b, word)
}
