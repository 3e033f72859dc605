package ops

import (
	"context"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// OscOut sends every new row as an OSC message, by UDP. What OscIn makes of a message becomes that
// message again, type by type.
type OscOut struct {
	Address      string `default:"127.0.0.1" help:"IP address or name to send to; may be a broadcast address or a multicast group"`
	Port         int    `required:"true" min:"1" max:"65535" help:"UDP port to send to"`
	LocalAddress string `help:"IP address of the network interface to send from; empty is the system's choice"`

	destination
	message oscRow
}

// Describe implements [graph.Describer].
func (*OscOut) Describe() graph.Description {
	return graph.Description{
		Name: "oscout", Help: "Sends every new row as an OSC message: column address, and arg1, arg2 and so on (or all others) with their types.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Check implements [graph.Checker].
func (o *OscOut) Check() error { return sendable(o.LocalAddress) }

// Start implements [graph.Starter].
func (o *OscOut) Start(_ context.Context, n *graph.Node) error {
	return o.dial(peer.DatagramConfig{Owner: n, Address: o.Address, Port: o.Port, LocalAddress: o.LocalAddress})
}

// Cook implements [graph.Operator].
func (o *OscOut) Cook(c *graph.Cook) error {
	return o.sendRows(c, func(s *table.Schema, row table.Row) ([]byte, error) {
		o.message.update(s)
		return o.message.encode(row)
	})
}
