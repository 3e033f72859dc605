package ops

import (
	"context"
	"errors"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// OscOut sends every new row as an OSC message, by UDP.
type OscOut struct {
	Destination

	message oscRow
}

// Destination is the parameters of operators that send datagrams, and their socket.
type Destination struct {
	Address      string `default:"127.0.0.1" help:"IP address or name to send to; may be a broadcast address or a multicast group"`
	Port         int    `required:"true" min:"1" max:"65535" help:"UDP port to send to"`
	LocalAddress string `help:"IP address of the network interface to send from; empty is the system's choice"`

	socket *peer.Datagram
}

// Describe implements [graph.Describer].
func (*OscOut) Describe() graph.Description {
	return graph.Description{
		Name: "oscout", Help: "Sends every new row as an OSC message: column address, and arg1, arg2 and so on (or all others) with their types.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many},
	}
}

var errNotOpen = errors.New("the socket is not open")

// Effect implements [graph.Effect].
func (*Destination) Effect() bool { return true }

// Check implements [graph.Checker].
func (d *Destination) Check() error {
	_, err := peer.SendAddress(d.LocalAddress)
	return ofParam("localaddress", err)
}

// Start implements [graph.Starter].
func (d *Destination) Start(_ context.Context, n *graph.Node) (err error) {
	d.socket, err = peer.DialDatagram(peer.DatagramConfig{
		Owner: n, Address: d.Address, Port: d.Port, LocalAddress: d.LocalAddress,
	})
	return err
}

// Close implements [io.Closer].
func (d *Destination) Close() error { return d.socket.Close() }

// Cook implements [graph.Operator].
func (o *OscOut) Cook(c *graph.Cook) error {
	return o.sendRows(c, func(d table.Delta, row table.Row) ([]byte, error) {
		o.message.update(d.Schema())
		return o.message.encode(row)
	})
}

// sendRows sends what encode makes of each new row of all inputs.
func (d *Destination) sendRows(c *graph.Cook, encode func(table.Delta, table.Row) ([]byte, error)) error {
	if d.socket == nil {
		return errNotOpen
	}
	to := d.socket.Peer().In(c)
	for i := range c.NumInputs() {
		delta := c.In(i)
		c.Each(delta.View, delta.Fresh, func(row table.Row) error {
			data, err := encode(delta, row)
			if err == nil {
				_, err = to.SendBytes(data)
			}
			return err
		})
	}
	return nil
}
