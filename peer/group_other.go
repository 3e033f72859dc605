//go:build !linux

package peer

import (
	"net"
	"net/netip"
)

// listenGroup returns a socket that has joined a multicast group on ifi; nil is the system's choice.
// It also gets what else is sent to its port.
func listenGroup(at netip.AddrPort, ifi *net.Interface) (*net.UDPConn, error) {
	network := "udp4"
	if at.Addr().Is6() {
		network = "udp6"
	}
	return net.ListenMulticastUDP(network, ifi, net.UDPAddrFromAddrPort(at))
}
