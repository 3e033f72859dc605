package ops

import (
	"context"
	"errors"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// UdtOut sends every new row by UDT: as a server, as TouchDesigner's does, as a client, or in a
// rendezvous. What comes back makes the rows of its own table.
type UdtOut struct {
	Mode      string `default:"server" menu:"server client rendezvous" help:"server: others connect to port, and each row goes to all that are connected, if anybody is; client: it connects to address and port, and again when the connection has ended; rendezvous: both ends connect to each other at the same time. Rows for a client or rendezvous that is not connected wait, up to 1024 or 1 MiB"`
	Address   string `default:"127.0.0.1" help:"client, rendezvous: name or IP address of the other end"`
	Port      int    `required:"true" min:"0" max:"65535" help:"server: UDP port to listen on, 0 picks a free one; client, rendezvous: port of the other end"`
	LocalPort int    `default:"0" min:"0" max:"65535" help:"client, rendezvous: UDP port to connect from; 0: a client picks a free one, a rendezvous has the same as the other end"`
	CellOut
	Udt

	rowsOut *delivery // nil before Start
	framed  []byte
}

// Describe implements [graph.Describer].
func (*UdtOut) Describe() graph.Description {
	return graph.Description{
		Name: "udtout", Help: "Sends one cell of every new row by UDT, reliably and in order over UDP: bytes as they are, all else as text. Its table has the replies.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

var errEmptyMessage = errors.New("the cell is empty, and UDT has no empty messages")

func (u *UdtOut) role() udtRole { return udtRole{u.Mode, u.Address, u.Port, u.LocalPort} }

// Check implements [graph.Checker].
func (u *UdtOut) Check() error { return checkAll(u.Udt.check(), u.role().check(u)) }

// Effect implements [graph.Effect].
func (*UdtOut) Effect() bool { return true }

// Start implements [graph.Starter].
func (u *UdtOut) Start(_ context.Context, n *graph.Node) error {
	cfg, err := u.config(n)
	if err != nil {
		return err
	}
	u.rowsOut = newDelivery(n, u.Mode != "server")
	return u.role().open(&u.Endpoint, cfg)
}

// StartOffline implements [graph.OfflineStarter].
func (u *UdtOut) StartOffline(n *graph.Node) {
	u.rowsOut = newDelivery(n, u.Mode != "server")
	u.opened(offlineSocket{})
}

// Close implements [io.Closer].
func (u *UdtOut) Close() error {
	err := u.Endpoint.Close()
	u.rowsOut.abandon()
	return err
}

// Cook implements [graph.Operator].
func (u *UdtOut) Cook(c *graph.Cook) error {
	err := u.receive(c)
	if isShut(c, u.open.Load() == nil) { // the ends of its connections are cooked after it was closed
		refuseRows(c)
	} else {
		u.rowsOut.sendRows(c, u.targets(c), u.encode)
	}
	return err
}

// encode returns what is sent of a row, in a frame if the format has frames.
func (u *UdtOut) encode(s *table.Schema, row table.Row) ([]byte, error) {
	data, err := u.CellOut.encode(s, row)
	switch {
	case err != nil:
		return nil, err
	case u.messages() && len(data) == 0:
		return nil, errEmptyMessage
	case u.messages():
		return data, nil
	}
	u.framed = u.framing().Append(u.framed[:0], data)
	return u.framed, nil
}
