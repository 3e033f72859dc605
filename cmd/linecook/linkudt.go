package main

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/udt"
)

// dialUDT connects from an address.
func (l *link) dialUDT(ctx context.Context, from, to netip.AddrPort) (net.Conn, error) {
	family := "udp4"
	if from.Addr().Is6() {
		family = "udp6"
	}
	port, err := udt.Open(family, from.String(), l.udtConfig())
	if err != nil {
		return nil, &peer.AddressError{Proto: "udt", Addr: from.String(), Err: err}
	}
	dial := port.Dial
	if l.role == rendezvous {
		dial = port.Rendezvous
	}
	c, err := dial(ctx, to.String())
	if err != nil {
		return nil, errors.Join(err, port.Close())
	}
	return &udtConn{c, port}, nil
}

// sendable reports a message that would not arrive.
func (l *link) sendable(data []byte) error {
	if l.network == "udt" && !l.stream && len(data) == 0 {
		return errors.New("UDT has no empty messages")
	}
	return nil
}

// A udtConn is a connection that has a port of its own.
type udtConn struct {
	*udt.Conn
	port *udt.Port
}

func (c *udtConn) Close() error { return errors.Join(c.Conn.Close(), c.port.Close()) }
