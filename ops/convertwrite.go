package ops

import (
	"bytes"
	"fmt"

	"linecook.dev/linecook/graph/table"
)

// spacer returns what to put between fields.
func (s *Convert) spacer() string {
	switch {
	case s.Format == "csv":
		return s.delimiters()
	case s.Spacers != "":
		return s.Spacers
	}
	return " "
}

func (s *Convert) formatDelimited(b []byte, row table.Row) ([]byte, error) {
	for i, col := range s.cols {
		if i > 0 {
			b = append(b, s.spacer()...)
		}
		b = appendPlain(b, row.Cell(col))
	}
	return b, nil
}

func (s *Convert) formatKeyValue(b []byte, row table.Row) ([]byte, error) {
	for i, col := range s.cols {
		if i > 0 {
			b = append(b, s.spacer()...)
		}
		b = append(append(b, row.Name(col)...), '=')
		b = appendPlain(b, row.Cell(col))
	}
	return b, nil
}

// formatCSV puts quotes where they must be, and around text that reads as a number.
func (s *Convert) formatCSV(b []byte, row table.Row) ([]byte, error) {
	for i, col := range s.cols {
		if i > 0 {
			b = append(b, s.spacer()...)
		}
		at, v := len(b), row.Cell(col)
		b = appendPlain(b, v)
		_, number := readNumber(string(b[at:]))
		if bytes.ContainsAny(b[at:], s.spacer()+"\"\r\n") || number && v.Kind() == table.KindString {
			s.text = append(s.text[:0], b[at:]...)
			b = append(b[:at], '"')
			for _, ch := range s.text {
				if ch == '"' {
					b = append(b, '"')
				}
				b = append(b, ch)
			}
			b = append(b, '"')
		}
	}
	return b, nil
}

func (s *Convert) formatJSON(b []byte, row table.Row) ([]byte, error) {
	b = append(b, '{')
	for i, col := range s.cols {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(table.StringValue(row.Name(col)).AppendJSON(b), ':')
		b = row.Cell(col).AppendJSON(b)
	}
	return append(b, '}'), nil
}

func (s *Convert) formatStruct(b []byte, row table.Row) ([]byte, error) {
	s.packed = s.packed[:0]
	for _, col := range s.cols {
		s.packed = append(s.packed, row.Cell(col))
	}
	b, err := s.layout.AppendPack(b, s.packed)
	if err != nil {
		return b, fmt.Errorf("layout %s: %w", s.Layout, err)
	}
	return b, nil
}
