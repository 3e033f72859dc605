package script

import (
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// A token is what a script's text is cut into, as coarsely as looking for what Starlark lacks and
// measuring depth allow.
type token struct {
	kind      tokenKind
	text      string
	line, col int // from 1, in characters
}

type tokenKind uint8

const (
	tokenWord tokenKind = iota
	tokenNumber
	tokenString // with its prefix and quotes
	tokenOp     // one character, or two equal ones
	tokenLine   // end of a line
)

// tokens cuts text into tokens; comments and blanks are left out.
func tokens(text string) iter.Seq[token] {
	return func(yield func(token) bool) {
		line, col := 1, 1
		for text != "" {
			kind, n := scan(text)
			if n == 0 {
				n = 1
			} else if kind != tokenBlank && !yield(token{kind, text[:n], line, col}) {
				return
			}
			if lines := strings.Count(text[:n], "\n"); lines > 0 {
				line, col = line+lines, 1
				col += utf8.RuneCountInString(text[strings.LastIndexByte(text[:n], '\n')+1 : n])
			} else {
				col += utf8.RuneCountInString(text[:n])
			}
			text = text[n:]
		}
	}
}

const tokenBlank = tokenKind(255)

// scan returns the kind and the length of the token that text begins with.
func scan(text string) (tokenKind, int) {
	switch c := text[0]; {
	case c == '\n':
		return tokenLine, 1
	case c == ' ', c == '\t', c == '\r':
		return tokenBlank, 1
	case c == '\\' && strings.HasPrefix(text, "\\\n"):
		return tokenBlank, 2
	case c == '#':
		n := strings.IndexByte(text, '\n')
		if n < 0 {
			n = len(text)
		}
		return tokenBlank, n
	case c == '"', c == '\'':
		return tokenString, scanString(text)
	case '0' <= c && c <= '9':
		return tokenNumber, span(text, func(c byte) bool { return wordByte(c) || c == '.' })
	case wordByte(c):
		n := span(text, wordByte)
		if n <= 2 && n < len(text) && (text[n] == '"' || text[n] == '\'') {
			return tokenString, n + scanString(text[n:])
		}
		return tokenWord, n
	case len(text) > 1 && text[1] == c && strings.IndexByte("*=<>/&|+-", c) >= 0:
		return tokenOp, 2
	}
	return tokenOp, 1
}

// tokenStart returns where the token begins that ends at a place, or the place itself.
func tokenStart(text string, line, col int) (int, int) {
	for t := range tokens(text) {
		if t.line > line {
			break
		}
		if t.line == line && t.col+utf8.RuneCountInString(t.text) == col && t.kind != tokenLine {
			return t.line, t.col
		}
	}
	return line, col
}

func wordByte(c byte) bool {
	return c == '_' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func span(s string, in func(byte) bool) int {
	n := 0
	for n < len(s) && in(s[n]) {
		n++
	}
	return n
}

// scanString returns the length of the literal at the start of text, up to the end of its line if
// it has no end.
func scanString(text string) int {
	quote := text[:1]
	long := strings.HasPrefix(text, strings.Repeat(quote, 3))
	if long {
		quote = text[:3]
	}
	for i := len(quote); i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], quote):
			return i + len(quote)
		case text[i] == '\n' && !long:
			return i
		}
	}
	return len(text)
}

// Limits of a script's text. The parser, the compiler and the interpreter recurse, and in Go an
// overflow of the stack ends the process.
const (
	maxText     = 1 << 20 // bytes
	maxBrackets = 200     // open at once
	maxDepth    = 1000    // brackets and operators that may nest at one place
)

// checkDepth reports text that nests too deep to be parsed.
func checkDepth(text string) (line, col int, err error) {
	if len(text) > maxText {
		return 1, 1, fmt.Errorf("the text is longer than %d bytes", maxText)
	}
	var open []int // depth outside of each open bracket
	base, depth := 0, 0
	for t := range tokens(text) {
		switch {
		case t.kind == tokenLine && len(open) == 0, t.text == ",", t.text == ";", t.text == ":":
			depth = base
		case t.text == "(", t.text == "[", t.text == "{":
			open = append(open, base)
			depth++
			base = depth
		case t.text == ")", t.text == "]", t.text == "}":
			if n := len(open) - 1; n >= 0 {
				depth, base, open = base, open[n], open[:n]
			}
		case t.kind == tokenOp, t.kind == tokenWord && operatorWords[t.text]:
			depth++
		}
		if len(open) > maxBrackets || depth > maxDepth {
			return t.line, t.col, fmt.Errorf("brackets and operators nest too deep here")
		}
	}
	return 0, 0, nil
}

var operatorWords = map[string]bool{
	"not": true, "and": true, "or": true, "if": true, "else": true, "in": true, "lambda": true, "for": true,
}
