package ops

import (
	"errors"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

var errNotOpen = errors.New("the socket is not open")

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
	names := []string{u.Column}
	if u.Column == "" {
		names = []string{"bytes", "message", s.Name(0)}
	}
	for _, name := range names {
		if col := s.Index(name); col >= 0 {
			return col, nil
		}
	}
	return -1, errors.New("the input has no column " + u.Column)
}

// appendPlain appends bytes and text as they are, and everything else as text.
func appendPlain(b []byte, v table.Value) []byte {
	if s := v.Str(); s != "" {
		return append(b, s...)
	}
	return v.AppendText(b)
}
