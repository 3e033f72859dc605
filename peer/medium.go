package peer

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// A Protocol is what carries connections.
type Protocol uint8

// The protocols.
const (
	TCP         Protocol = iota
	UDTStream            // bytes, which a framing makes frames of, as those of TCP
	UDTMessages          // messages, each of which is a frame; one send is one message
)

// A Meeting is how a [Dialer] finds its other end.
type Meeting uint8

// The meetings.
const (
	ToListener Meeting = iota // it connects to a server
	Rendezvous                // both ends connect to each other; UDT only
)

// A medium is what differs between the protocols that have connections.
type medium interface {
	protocol() string // as a peer says it
	listen(s *streams, at netip.AddrPort) (net.Listener, error)
	dial(ctx context.Context, s *streams, from netip.Addr, to netip.AddrPort) (net.Conn, error)
	patience(s *streams) time.Duration // for dial
	reader(s *streams, nc net.Conn) reader

	whole() bool                       // what one read returns is what one write was given
	halves() bool                      // one direction can end before the other
	longest(nc net.Conn) int           // bytes that one write can have
	backlog(nc net.Conn) int           // of what was written and has yet to arrive; constant if it is not known
	over(err error) bool               // of a write: reads tell the end, too, behind what has come
	end(nc net.Conn, in time.Duration) // before Close: how long that may wait for what was written to arrive
}

func (p Protocol) medium() medium {
	switch p {
	case UDTStream:
		return overUDT{}
	case UDTMessages:
		return overUDT{messages: true}
	}
	return overTCP{}
}

// check reports what cannot be with that protocol.
func (c *StreamConfig) check() error {
	switch {
	case c.Protocol > UDTMessages:
		return fmt.Errorf("no such protocol: %d", c.Protocol)
	case c.Protocol != TCP && c.Secure != nil:
		return fmt.Errorf("only TCP can be secured")
	case c.Protocol == TCP && c.Meeting == Rendezvous:
		return fmt.Errorf("only UDT has a rendezvous")
	case c.Protocol == TCP && c.LocalPort != 0:
		return fmt.Errorf("only UDT connects from a port that is given")
	}
	return checkPort(c.LocalPort)
}

// addrPort returns the address and port of a TCP or UDP address.
func addrPort(a net.Addr) netip.AddrPort {
	return unmapped(a.(interface{ AddrPort() netip.AddrPort }).AddrPort())
}
