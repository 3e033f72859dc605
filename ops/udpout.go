package ops

import (
	"cmp"
	"context"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// UdpOut sends every new row as a datagram. What comes back can make the rows of its own table.
type UdpOut struct {
	Address      string `default:"127.0.0.1" help:"IP address or name to send to; may be a broadcast address or a multicast group"`
	Port         int    `required:"true" min:"1" max:"65535" help:"UDP port to send to"`
	LocalAddress string `help:"IP address of the network interface to send from; empty is the system's choice"`
	CellOut
	Format string `default:"permessage" menu:"perbyte perline permessage" help:"what of the replies becomes a row: each byte, each line (ended by LF, CR, CRLF, NUL or the datagram's end), or each datagram"`
	Answers
	Endpoint `par:"-"`

	rows messageRows
}

// Describe implements [graph.Describer].
func (*UdpOut) Describe() graph.Description {
	return graph.Description{
		Name: "udpout", Help: "Sends one cell of every new row as a UDP datagram: bytes as they are, all else as text. Its table can have the replies.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Check implements [graph.Checker].
func (u *UdpOut) Check() error {
	return checkAll(u.Answers.check(u, []string{"onReceive"}, "format"), sendable(u.LocalAddress))
}

// Effect implements [graph.Effect].
func (*UdpOut) Effect() bool { return true }

// Start implements [graph.Starter].
func (u *UdpOut) Start(_ context.Context, n *graph.Node) error {
	return u.openDestination(peer.DatagramConfig{
		Owner: n, Address: u.Address, Port: u.Port, LocalAddress: u.LocalAddress, NoReplies: !u.wanted(),
	})
}

// StartOffline implements [graph.OfflineStarter].
func (u *UdpOut) StartOffline(n *graph.Node) { u.openDestinationOffline(n, u.Address, u.Port) }

// Decode implements [graph.Decoder].
func (u *UdpOut) Decode(e *graph.Event, w *table.Writer) error {
	for part := range parts(e.Data, u.Format) {
		u.rows.add(w, &u.Extras, e, part)
	}
	return nil
}

// Cook implements [graph.Operator].
func (u *UdpOut) Cook(c *graph.Cook) error {
	err := u.cook(c, &u.Endpoint, func(k *caller, e *graph.Event) { k.receivedParts(e, parts(e.Data, u.Format)) })
	return cmp.Or(err, u.sendRows(c, u.encode))
}
