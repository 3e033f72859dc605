package ops

import (
	"errors"
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

var errNoColumns = errors.New("the input has no columns")

// UdpOut sends every new row as a datagram.
type UdpOut struct {
	Column     string `help:"column to send; without it bytes, message or the first column, whichever there is first"`
	Terminator string `help:"text to put after each message, as \"\\n\""`
	Destination

	buf []byte
}

// Describe implements [graph.Describer].
func (*UdpOut) Describe() graph.Description {
	return graph.Description{
		Name: "udpout", Help: "Sends one cell of every new row as a UDP datagram: bytes as they are, all else as text.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many},
	}
}

// Cook implements [graph.Operator].
func (u *UdpOut) Cook(c *graph.Cook) error {
	return u.sendRows(c, func(d table.Delta, row table.Row) ([]byte, error) {
		col, err := u.column(d.Schema())
		if err != nil {
			return nil, err
		}
		u.buf = append(appendPlain(u.buf[:0], row.Cell(col)), u.Terminator...)
		return u.buf, nil
	})
}

// column returns which column is sent.
func (u *UdpOut) column(s *table.Schema) (int, error) {
	if u.Column != "" {
		if col := s.Index(u.Column); col >= 0 {
			return col, nil
		}
		return -1, fmt.Errorf("the input has no column %q", u.Column)
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
