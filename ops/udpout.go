package ops

import (
	"context"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// UdpOut sends every new row as a datagram.
type UdpOut struct {
	Address      string `default:"127.0.0.1" help:"IP address or name to send to; may be a broadcast address or a multicast group"`
	Port         int    `required:"true" min:"1" max:"65535" help:"UDP port to send to"`
	LocalAddress string `help:"IP address of the network interface to send from; empty is the system's choice"`
	CellOut

	destination
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

// StartOffline implements [graph.OfflineStarter].
func (u *UdpOut) StartOffline(n *graph.Node) { u.dialOffline(n, u.Address, u.Port) }

// Cook implements [graph.Operator].
func (u *UdpOut) Cook(c *graph.Cook) error { return u.sendRows(c, u.encode) }
