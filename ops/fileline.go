package ops

import (
	"bytes"
	"encoding/csv"

	"linecook.dev/linecook/graph/table"
)

// lines makes rows text. What its methods return is valid until the next call.
type lines struct {
	comma rune // between cells; 0: JSON
	buf   bytes.Buffer
	cells []string
	csv   *csv.Writer // to buf; nil before the first record
}

// newLines returns the lines of the format csv, tsv or jsonl.
func newLines(format string) lines {
	return lines{comma: map[string]rune{"csv": ',', "tsv": '\t'}[format]}
}

// row returns a row's line. It has as many cells as its table has columns: a column that appears later
// makes the lines longer.
func (l *lines) row(row table.Row) []byte {
	if l.comma == 0 {
		l.buf.Reset()
		l.buf.Write(append(row.AppendJSON(l.buf.AvailableBuffer()), '\n'))
		return l.buf.Bytes()
	}
	l.cells = l.cells[:0]
	for _, cell := range row.Cells() {
		l.cells = append(l.cells, cell.String())
	}
	return l.record()
}

// header returns the line that is to be the first of a file; nil if there is none.
func (l *lines) header(s *table.Schema) []byte {
	if l.comma == 0 {
		return nil
	}
	l.cells = l.cells[:0]
	for _, name := range s.Names() {
		l.cells = append(l.cells, name)
	}
	return l.record()
}

// record returns the cells as a line.
func (l *lines) record() []byte {
	if l.csv == nil {
		l.csv = csv.NewWriter(&l.buf)
		l.csv.Comma = l.comma
	}
	l.buf.Reset()
	_ = l.csv.Write(l.cells) // a Buffer takes all
	l.csv.Flush()
	return l.buf.Bytes()
}
