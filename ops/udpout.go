package ops

import (
	"context"
	"errors"
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

var errNoColumns = errors.New("the input has no columns")

// UdpOut sends every new row as a datagram.
type UdpOut struct {
	Address      string `default:"127.0.0.1" help:"IP address or name to send to; may be a broadcast address or a multicast group"`
	Port         int    `required:"true" min:"1" max:"65535" help:"UDP port to send to"`
	LocalAddress string `help:"IP address of the network interface to send from; empty is the system's choice"`
	Column       string `help:"column to send; without it bytes, message or the first column, whichever there is first"`
	Terminator   string `help:"text to put after each message, as \"\\n\""`

	destination
	buf []byte
}

// Describe implements [graph.Describer].
func (*UdpOut) Describe() graph.Description {
	return graph.Description{
		Name: "udpout", Help: "Sends one cell of every new row as a UDP datagram: bytes as they are, all else as text.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Check implements [graph.Checker].
func (u *UdpOut) Check() error { return sendable(u.LocalAddress) }

// Start implements [graph.Starter].
func (u *UdpOut) Start(_ context.Context, n *graph.Node) error {
	return u.dial(peer.DatagramConfig{Owner: n, Address: u.Address, Port: u.Port, LocalAddress: u.LocalAddress})
}

// Cook implements [graph.Operator].
func (u *UdpOut) Cook(c *graph.Cook) error {
	return u.sendRows(c, func(s *table.Schema, row table.Row) ([]byte, error) {
		col, err := u.column(s)
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
