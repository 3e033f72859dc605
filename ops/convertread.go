package ops

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"linecook.dev/linecook/graph/table"
)

// delimiters returns the characters between fields.
func (s *Convert) delimiters() string {
	switch {
	case s.Delimiters != "":
		return s.Delimiters
	case s.Format == "csv":
		return ","
	}
	return " \t"
}

// cut returns the first field of text, and what is behind its delimiter.
func (s *Convert) cut(text string) (field, rest string, more bool) {
	if s.ends == nil {
		if i := strings.IndexAny(text, s.delimiters()); i >= 0 {
			return text[:i], text[i+1:], true
		}
		return text, "", false
	}
	for i := range len(text) {
		if s.ends[text[i]] {
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

// findEnds finds the bytes that end a field, if all delimiters are ASCII.
func (s *Convert) findEnds() {
	s.ends = nil
	var ends [256]bool
	for _, b := range []byte(s.delimiters()) {
		if b >= utf8.RuneSelf {
			return
		}
		ends[b] = true
	}
	s.ends = &ends
}

func (s *Convert) parseDelimited(text string) error {
	if s.ends != nil && s.RemoveBlank.On() {
		s.parseFields(text)
		return nil
	}
	for more := text != ""; more; {
		var field string
		field, text, more = s.cut(text)
		if field != "" || !s.RemoveBlank.On() {
			s.field(field)
		}
	}
	return nil
}

// parseFields is parseDelimited for fields that end with a byte, where empty ones do not count.
func (s *Convert) parseFields(text string) {
	for i, ends := 0, s.ends; i < len(text); i++ {
		from := i
		for i < len(text) && !ends[text[i]] {
			i++
		}
		if i > from {
			s.field(text[from:i])
		}
	}
}

func (s *Convert) parseKeyValue(text string) error {
	for more := text != ""; more; {
		var field string
		field, text, more = s.cut(text)
		if field == "" && s.RemoveBlank.On() {
			continue
		}
		name, value, ok := strings.Cut(field, "=")
		if !ok || name == "" {
			return fmt.Errorf("field %q is not name=value", field[:min(len(field), shown)])
		}
		if len(s.names) == 0 || slices.Contains(s.names, name) {
			s.set(s.cell(name), value)
		}
	}
	return nil
}

// parseCSV reads one record (RFC 4180, section 2). A line's end behind it does not count.
func (s *Convert) parseCSV(text string) error {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	for more := true; more; {
		var field string
		if !strings.HasPrefix(text, `"`) {
			if field, text, more = s.cut(text); strings.ContainsAny(field, "\"\n") {
				return errors.New("there is a quote or a line's end in a field without quotes around it")
			}
			s.field(field)
			continue
		}
		s.text = s.text[:0]
		for {
			i := strings.IndexByte(text[1:], '"') + 1
			if i == 0 {
				return errors.New("a quote does not close")
			}
			s.text = append(s.text, text[1:i]...)
			if text = text[i+1:]; !strings.HasPrefix(text, `"`) {
				break
			}
			s.text = append(s.text, '"')
		}
		s.fieldBytes(s.text)
		if more = text != ""; more && !strings.HasPrefix(text, s.delimiters()) {
			return errors.New("there is text behind a quoted field")
		}
		text = strings.TrimPrefix(text, s.delimiters())
	}
	return nil
}

// fieldBytes is field for text that is no number, since it is in quotes.
func (s *Convert) fieldBytes(text []byte) {
	out := s.next()
	if out == nil {
		return
	}
	at := len(out.text)
	out.text = append(out.text, text...)
	out.setText(s.row, table.KindString, at)
}

func (s *Convert) parseRegexp(text string) error {
	m := s.pattern.FindStringSubmatchIndex(text)
	if m == nil {
		return errors.New("the pattern does not match")
	}
	for k, group := range s.groups {
		if lo, hi := m[2*group], m[2*group+1]; lo >= 0 {
			s.set(&s.cells[k], text[lo:hi])
		}
	}
	s.fields = len(s.groups)
	return nil
}

func (s *Convert) parseStruct(text string) error {
	return s.layout.Unpack(text, func(i int, v table.Value) {
		s.cells[i].set(s.row, v)
		s.fields++
	})
}
