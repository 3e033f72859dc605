package ops

import (
	"bytes"
	"regexp"
	"strings"
)

// A substitution replaces what matches a pattern.
type substitution struct {
	after   []byte
	numbers bool // it may match in the text of a number

	literal []byte // what to look for, if the pattern is plain text
	match   string // as the parameter
	once    bool
	pattern *regexp.Regexp // otherwise
}

func newSubstitution(before, after, match string, exactCase, first bool) (*substitution, error) {
	s := &substitution{after: []byte(after), match: match, once: first || match != "anywhere"}
	s.numbers = strings.ContainsAny(before, `*?[\`) || strings.Trim(before, "0123456789+-.eEaAfFiInNtTrRuUlLsS") == ""
	if !strings.ContainsAny(before, `*?[\`) && exactCase {
		s.literal = []byte(before)
		return s, nil
	}
	expr, err := globExpr(before, ".*", ".")
	if err != nil {
		return nil, err
	}
	if match == "exact" || match == "start" {
		expr = `\A(?:` + expr + `)`
	}
	if match == "exact" || match == "end" {
		expr = `(?:` + expr + `)\z`
	}
	if !exactCase {
		expr = "(?i)" + expr
	}
	s.pattern, err = regexp.Compile("(?s)" + expr)
	return s, err
}

// apply appends text with what matches replaced, and reports whether anything did.
func (s *substitution) apply(b, text []byte) (out []byte, hit bool) {
	for at := 0; at < len(text) || !hit; {
		lo, hi := s.find(text[at:])
		if lo < 0 {
			if !hit {
				return b, false
			}
			return append(b, text[at:]...), true
		}
		b = append(append(b, text[at:at+lo]...), s.after...)
		at, hit = at+hi, true
		if s.once || hi == lo {
			return append(b, text[at:]...), true
		}
	}
	return b, hit
}

// find returns where the first match is; -1 if there is none.
func (s *substitution) find(text []byte) (lo, hi int) {
	if s.pattern != nil {
		if at := s.pattern.FindIndex(text); at != nil {
			return at[0], at[1]
		}
		return -1, -1
	}
	lo = -1
	switch s.match {
	case "anywhere":
		lo = bytes.Index(text, s.literal)
	case "exact":
		if bytes.Equal(text, s.literal) {
			lo = 0
		}
	case "start":
		if bytes.HasPrefix(text, s.literal) {
			lo = 0
		}
	case "end":
		if bytes.HasSuffix(text, s.literal) {
			lo = len(text) - len(s.literal)
		}
	}
	return lo, lo + len(s.literal)
}
