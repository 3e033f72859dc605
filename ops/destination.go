package ops

import (
	"errors"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// A destination is the socket of an operator that sends each row as a datagram.
type destination struct {
	socket *peer.Datagram // nil while offline
	to     *peer.Peer
}

var errNotOpen = errors.New("the socket is not open")

// Effect implements [graph.Effect].
func (*destination) Effect() bool { return true }

// Close implements [io.Closer].
func (d *destination) Close() error { return d.socket.Close() }

func (d *destination) dial(cfg peer.DatagramConfig) (err error) {
	if d.socket, err = peer.DialDatagram(cfg); err == nil {
		d.to = d.socket.Peer()
	}
	return err
}

func (d *destination) dialOffline(n *graph.Node, address string, port int) {
	d.to = Link{"udp", address, port}.Offline(n)
}

// sendRows sends what encode makes of each new row of all inputs.
func (d *destination) sendRows(c *graph.Cook, encode encoder) error {
	if d.to == nil {
		return errNotOpen
	}
	to := d.to.In(c)
	sendRows(c, encode, func(data []byte) error {
		_, err := to.SendBytes(data)
		return err
	})
	return nil
}

// sendable reports an address that cannot be sent from.
func sendable(localaddress string) error {
	_, err := peer.SendAddress(localaddress)
	return ofParam("localaddress", err)
}
