package ops

import (
	"errors"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

var errNotOpen = errors.New("the socket is not open")

// isShut returns whether the node's socket or file is not open as far as the cook can see: now, or when what is
// cooked was recorded.
func isShut(c *graph.Cook, now bool) bool {
	if now {
		c.Saw("open", "no")
		return true
	}
	_, shut := c.Recall("open")
	return shut
}

// openDestination opens a UDP socket that sends to one destination.
func (e *Endpoint) openDestination(cfg peer.DatagramConfig) error {
	d, err := peer.DialDatagram(cfg)
	if err == nil {
		e.to.Store(d.Peer())
		e.opened(d)
	}
	return err
}

func (e *Endpoint) openDestinationOffline(n *graph.Node, address string, port int) {
	to := Link{"udp", address, port}.Offline(n)
	e.to.Store(to)
	e.opened(offlineSocket{to})
}

// sendRows sends what encode makes of each new row of all inputs to the destination.
func (e *Endpoint) sendRows(c *graph.Cook, encode encoder) error {
	dest := e.to.Load()
	if isShut(c, dest == nil) {
		return errNotOpen
	}
	to := dest.In(c)
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
