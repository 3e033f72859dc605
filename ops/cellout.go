package ops

import (
	"errors"
	"fmt"

	"linecook.dev/linecook/graph/table"
)

var errNoColumns = errors.New("the input has no columns")

// CellOut is the parameters of operators that send one cell of each row.
type CellOut struct {
	Column     string `help:"column to send; without it bytes, message or the first column, whichever there is first"`
	Terminator string `help:"text to put after each message, as \"\\n\""`

	buf []byte
}

// encode returns what is sent of a row, valid until the next.
func (o *CellOut) encode(s *table.Schema, row table.Row) ([]byte, error) {
	col, err := o.column(s)
	if err != nil {
		return nil, err
	}
	o.buf = append(appendPlain(o.buf[:0], row.Cell(col)), o.Terminator...)
	return o.buf, nil
}

// column returns which column is sent.
func (o *CellOut) column(s *table.Schema) (int, error) {
	if o.Column != "" {
		if col := s.Index(o.Column); col >= 0 {
			return col, nil
		}
		return -1, fmt.Errorf("the input has no column %q", o.Column)
	}
	for _, name := range [...]string{"bytes", "message"} {
		if col := s.Index(name); col >= 0 {
			return col, nil
		}
	}
	if s.Len() == 0 {
		return -1, errNoColumns
	}
	return 0, nil
}

// appendPlain appends bytes and text as they are, and everything else as text.
func appendPlain(b []byte, v table.Value) []byte {
	if s := v.Str(); s != "" {
		return append(b, s...)
	}
	return v.AppendText(b)
}
