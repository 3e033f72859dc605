package ops

import (
	"net/netip"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// A Link says how a node and its peers come together. The operators that receive have one.
type Link struct {
	Protocol string // as of [peer.Peer.Protocol]

	// Host and Port are of the other end that the node connects to by itself; "" and 0 if others
	// come to it.
	Host string
	Port int
}

func linkOf(protocol string, dials bool, host string, port int) Link {
	if !dials {
		return Link{Protocol: protocol}
	}
	return Link{protocol, host, port}
}

// Link returns how the node is reached.
func (u *UdpIn) Link() Link { return Link{Protocol: "udp"} }

// Link returns how the node is reached, or what it connects to.
func (t *TcpIp) Link() Link { return linkOf("tcp", t.Mode == "client", t.Address, t.Port) }

// Link returns how the node is reached, or what it connects to.
func (u *UdtIn) Link() Link { return linkOf("udt", u.Mode != "server", u.Address, u.Port) }

// Link returns how the node is reached, or what it connects to.
func (u *UdtOut) Link() Link { return linkOf("udt", u.Mode != "server", u.Address, u.Port) }

// Link returns how replies come, or what the node connects to.
func (o *OscOut) Link() Link {
	if o.Protocol == "reliablemsging" {
		return linkOf("udt", o.Mode == "client", o.Address, o.Port)
	}
	return Link{Protocol: "udp"}
}

// Link returns how the node is reached, or what it connects to.
func (o *OscIn) Link() Link {
	switch o.Protocol {
	case "tcp":
		return Link{Protocol: "tcp"}
	case "reliablemsging":
		return linkOf("udt", o.Mode == "client", o.Address, o.Port)
	}
	return Link{Protocol: "udp"}
}

// Offline returns the stand-in for the other end of a link of n.
func (l Link) Offline(n *graph.Node) *peer.Peer {
	cfg := peer.OfflineConfig{Owner: n, Protocol: l.Protocol, Host: l.Host}
	addr, err := netip.ParseAddr(l.Host)
	if err == nil {
		cfg.Host = ""
	}
	cfg.Addr = netip.AddrPortFrom(addr, uint16(l.Port))
	return peer.NewOffline(cfg)
}

// An offlineSocket stands in for what an operator has open.
type offlineSocket []*peer.Peer

func (s offlineSocket) Peers() []*peer.Peer { return s }
func (offlineSocket) Close() error          { return nil }
