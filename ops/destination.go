package ops

import (
	"errors"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// A destination is what an operator has open that sends each row: a UDP socket, or connections.
type destination struct {
	datagrams   *peer.Datagram
	connections socket
	rows        delivery // to the connections
}

var errNotOpen = errors.New("the socket is not open")

// Effect implements [graph.Effect].
func (*destination) Effect() bool { return true }

// Close implements [io.Closer].
func (d *destination) Close() error {
	if d.connections != nil {
		d.rows.abandon()
		return d.connections.Close()
	}
	return d.datagrams.Close()
}

func (d *destination) dial(cfg peer.DatagramConfig) (err error) {
	d.datagrams, err = peer.DialDatagram(cfg)
	return err
}

// connect opens a server, or a client.
func (d *destination) connect(cfg peer.StreamConfig, server bool) (err error) {
	d.rows = newDelivery(cfg.Owner, !server)
	d.connections, err = openStream(cfg, server)
	return err
}

// sendRows sends what encode makes of each new row of all inputs.
func (d *destination) sendRows(c *graph.Cook, encode encoder) error {
	switch {
	case d.connections != nil:
		to := handles(d.connections.Peers(), c)
		d.rows.release(c, to)
		sendRows(c, encode, func(data []byte) error { return d.rows.send(to, data) })
	case d.datagrams != nil:
		to := d.datagrams.Peer().In(c)
		sendRows(c, encode, func(data []byte) error {
			_, err := to.SendBytes(data)
			return err
		})
	default:
		return errNotOpen
	}
	return nil
}

// sendable reports an address that cannot be sent from.
func sendable(localaddress string) error {
	_, err := peer.SendAddress(localaddress)
	return ofParam("localaddress", err)
}
