package monitor

import "strings"

// A pattern is a text in which * stands for any text, as ** does. An empty one matches all.
type pattern []string

func newPattern(text string) pattern {
	if text == "" {
		return nil
	}
	for strings.Contains(text, "**") { // so that a match takes no steps for nothing
		text = strings.ReplaceAll(text, "**", "*")
	}
	return strings.Split(text, "*")
}

func (p pattern) match(s string) bool {
	if p == nil {
		return true
	}
	if len(p) == 1 {
		return s == p[0]
	}
	first, inner, last := p[0], p[1:len(p)-1], p[len(p)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range inner {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return true
}
