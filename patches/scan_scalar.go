package patches

import (
	"bytes"
	"strings"
)

// anchor reads an alias or an anchor.
func (s *scan) anchor(c byte) {
	start := s.pos
	s.marks++ // an anchor may stand alone, for a value of nothing
	if c == '*' || s.node >= 0 {
		s.begin()
	}
	for s.pos++; isWord(s.at(0)); s.pos++ {
	}
	name := string(s.src[start+1 : s.pos])
	s.keep(c, start, s.pos)
	switch {
	case name == "" || !s.blank(0) && strings.IndexByte("?:,]}%@`", s.at(0)) < 0:
		s.trip(start, "'%c' begins an alias or an anchor of YAML; quote the value", c)
		s.plain(c)
	case c == '&':
		s.anchors[name] = true
	case !s.anchors[name]:
		s.trip(start, "there is no anchor &%.64s that this could be an alias of; quote a value that begins with '*'", name)
		fallthrough
	default:
		s.end(start, false, false)
	}
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

// tag reads a tag. The value follows it.
func (s *scan) tag() {
	start := s.pos
	s.marks++ // a tag may stand alone, too
	if s.node >= 0 {
		s.begin()
	}
	for stop := ",[]{}\""; !s.blank(0) && strings.IndexByte(stop, s.at(0)) < 0; s.pos++ {
		if s.at(0) == '<' {
			stop = ""
		}
	}
	s.keep('!', start, s.pos)
	if tag := string(s.src[start:s.pos]); !coreTags[tag] {
		s.trip(start, "%.64q is no type of a patch; quote a value that begins with '!'", tag)
	}
}

// quote reads a text in quotes.
func (s *scan) quote(c byte) {
	start, line := s.pos, s.lineStart
	s.begin()
	for s.pos++; s.pos < len(s.src); {
		switch b := s.src[s.pos]; {
		case b == c && c == '\'' && s.at(1) == c:
			s.pos += 2
		case b == '\\' && c == '"':
			s.escape()
			s.pos++
			s.step()
		case b == c:
			s.pos++
			s.keep(0, start, s.pos)
			s.end(start, true, s.lineStart != line)
			return
		default:
			s.step()
		}
	}
	s.trip(start, "the quote %c is not closed", c)
}

// escape looks at what follows a backslash.
func (s *scan) escape() {
	if strings.IndexByte("0abt\tnvfre \"'/\\N_LPxuU\r\n", s.at(1)) < 0 && s.at(1) < 0x80 {
		s.trip(s.pos, "\"\\%c\" is no escape; put the text in single quotes", s.at(1))
	}
}

// step goes on by a byte or a line break, within a text.
func (s *scan) step() {
	if n := lineBreak(s.src[s.pos:]); n > 0 {
		s.pos += n
		s.lineStart = s.pos
		return
	}
	s.pos++
}

// block reads a block of text, from its '|' or '>' on.
func (s *scan) block() {
	s.begin()
	start, digit := s.pos, 0
	for s.pos++; s.at(0) == '+' || s.at(0) == '-' || '1' <= s.at(0) && s.at(0) <= '9'; s.pos++ {
		if s.at(0) >= '1' {
			digit = int(s.at(0) - '0')
		}
	}
	for s.at(0) == ' ' || s.at(0) == '\t' {
		s.pos++
	}
	if !s.blank(0) && s.at(0) != '#' {
		s.trip(start, "'%c' begins a block of text on the next line; quote the value", s.src[start])
	}
	for s.pos < len(s.src) && lineBreak(s.src[s.pos:]) == 0 {
		s.pos++
	}
	s.step()
	body := s.pos
	indent := s.blockLines(digit)
	if s.tokens != nil {
		end := s.lineStart
		if s.pos >= len(s.src) {
			end = len(s.src)
		}
		*s.tokens = append(*s.tokens, token{kind: '|', start: start, end: end, body: min(body, end), indent: indent})
	}
}

// blockLines reads the lines of a block of text: those that are blank or indented deep enough.
// It returns the indentation that is none of the text.
func (s *scan) blockLines(digit int) (indent int) {
	deepest := 0
	indent = max(s.top(), 0) + digit
	for s.pos < len(s.src) {
		for s.at(0) == ' ' && (indent == 0 || digit == 0 || s.col() < indent) {
			s.pos++
		}
		deepest = max(deepest, s.col())
		switch {
		case lineBreak(s.src[s.pos:]) > 0:
			s.step()
			continue
		case digit == 0:
			digit, indent = 1, max(deepest, s.top()+1) // the first line that has text decides
		}
		if s.col() < indent {
			s.blockEnd()
			s.node = -1
			return indent
		}
		for s.pos < len(s.src) && lineBreak(s.src[s.pos:]) == 0 {
			s.pos++
		}
		s.step()
	}
	s.node = -1
	if digit == 0 {
		indent = max(deepest, s.top()+1)
	}
	return indent
}

// blockEnd looks at the line that ends a block of text.
func (s *scan) blockEnd() {
	switch {
	case s.at(0) == '\t':
		s.trip(s.pos, "a tab in the indentation; YAML wants spaces")
	case s.col() > s.top() && s.at(0) != '#':
		s.trip(s.pos, "indented less than the first line of this block of text")
	}
}

// plain reads a text without quotes, which begins with c.
func (s *scan) plain(c byte) {
	start, line := s.pos, s.lineStart
	s.begin()
	switch {
	case strings.IndexByte("%@`|>", c) >= 0:
		s.trip(start, "a plain value cannot begin with '%c'; quote it", c)
		s.pos++
	case c == ',':
		s.trip(start, "a plain value cannot begin with ','; quote it")
		s.pos++
	}
	for s.words() && s.goesOn() {
	}
	s.pos = max(s.pos, start+1)
	s.keep(0, start, start+len(bytes.TrimRight(s.src[start:min(s.pos, len(s.src))], " \t\r\n\u0085\u2028\u2029")))
	s.end(start, false, s.lineStart != line)
}

// words reads on to the end of a plain text or of its line, and reports whether it is the line's.
func (s *scan) words() bool {
	for end := s.pos; ; {
		for !s.blank(0) {
			if s.at(0) == ':' && s.blank(1) || len(s.flow) > 0 && strings.IndexByte(",?[]{}", s.at(0)) >= 0 {
				return false
			}
			s.pos++
			end = s.pos
		}
		for s.at(0) == ' ' || s.at(0) == '\t' {
			s.pos++
		}
		if s.at(0) == '#' || s.pos >= len(s.src) || lineBreak(s.src[s.pos:]) > 0 {
			more := s.at(0) != '#' && s.pos < len(s.src)
			s.pos = end
			return more
		}
		if s.src[s.pos] == 0 {
			s.pos++
		}
	}
}

// goesOn goes to the next line that has text, if it belongs to the plain text above it.
func (s *scan) goesOn() bool {
	pos, lineStart := s.pos, s.lineStart
	for s.pos < len(s.src) && s.blank(0) {
		s.step()
	}
	marker := s.col() == 0 && s.blank(3) && (bytes.HasPrefix(s.src[s.pos:], []byte("---")) || bytes.HasPrefix(s.src[s.pos:], []byte("...")))
	if s.pos >= len(s.src) || marker || s.at(0) == '#' || len(s.flow) == 0 && s.col() <= s.top() {
		s.pos, s.lineStart = pos, lineStart
		return false
	}
	return true
}

// longKey notes a key that goes over several lines: no key, but what is missing above it.
func (s *scan) longKey() {
	first := s.src[s.node:]
	if i := bytes.IndexAny(first, "\r\n"); i >= 0 {
		first = first[:i]
	}
	if i := bytes.IndexByte(first, ':'); i > 0 && !s.quoted {
		s.trip(s.node+i, "put a space after the colon")
		return
	}
	s.trip(s.lineStart, "this line goes on the text of the line above; check the indentation, or the colon above")
}
