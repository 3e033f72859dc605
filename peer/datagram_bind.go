package peer

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// bindDatagram opens the socket of OpenDatagram.
func bindDatagram(cfg DatagramConfig) (*net.UDPConn, error) {
	if err := checkPort(cfg.Port); err != nil {
		return nil, err
	}
	if cfg.Address != "" {
		return joinGroup(cfg)
	}
	local, err := ListenAddress(cfg.LocalAddress)
	if err != nil {
		return nil, err
	}
	return listenUDP(netip.AddrPortFrom(local, uint16(cfg.Port)))
}

// listenUDP binds to the address, of which the zero Addr is any.
func listenUDP(at netip.AddrPort) (*net.UDPConn, error) {
	network := "udp"
	if at.Addr().Is4() {
		network = "udp4"
	}
	text := at.String()
	if !at.Addr().IsValid() {
		text = joinHostPort("", int(at.Port()))
	}
	var lc net.ListenConfig
	pc, err := lc.ListenPacket(context.Background(), network, text)
	if err != nil {
		return nil, &AddressError{"udp", text, err}
	}
	return pc.(*net.UDPConn), nil
}

// joinGroup opens the socket of a multicast group.
func joinGroup(cfg DatagramConfig) (*net.UDPConn, error) {
	group, err := netip.ParseAddr(cfg.Address)
	if err != nil || !group.IsMulticast() {
		return nil, fmt.Errorf("address %q is no multicast group (224.0.0.0 to 239.255.255.255, or ff00::/8); "+
			"a socket that listens needs none, and binds to localaddress", cfg.Address)
	}
	ifi, err := multicastInterface(cfg.LocalAddress)
	if err != nil {
		return nil, err
	}
	at := netip.AddrPortFrom(group.Unmap(), uint16(cfg.Port))
	pc, err := listenGroup(at, ifi)
	if err != nil {
		return nil, &AddressError{"udp", at.String(), err}
	}
	if err := setMulticast(pc, at.Addr(), ifi, cfg); err != nil {
		pc.Close()
		return nil, err
	}
	return pc, nil
}

// multicastInterface returns the interface of localaddress; nil is the system's choice.
func multicastInterface(localaddress string) (*net.Interface, error) {
	local, err := SendAddress(localaddress)
	if err != nil {
		return nil, err
	}
	return interfaceOf(local)
}

// setMulticast says how datagrams to a group like this one are sent.
func setMulticast(pc *net.UDPConn, group netip.Addr, ifi *net.Interface, cfg DatagramConfig) error {
	p, setTTL := multicastSetter(ipv4.NewPacketConn(pc)), ipv4.NewPacketConn(pc).SetMulticastTTL
	if group.Is6() {
		p, setTTL = ipv6.NewPacketConn(pc), ipv6.NewPacketConn(pc).SetMulticastHopLimit
	}
	if err := setTTL(cfg.TTL); err != nil {
		return fmt.Errorf("multicast hops: %w", err)
	}
	if err := p.SetMulticastLoopback(!cfg.NoLoop); err != nil {
		return fmt.Errorf("multicast loopback: %w", err)
	}
	if ifi == nil {
		return nil
	}
	if err := p.SetMulticastInterface(ifi); err != nil {
		return fmt.Errorf("multicast by interface %s: %w", ifi.Name, err)
	}
	return nil
}

// A multicastSetter is what ipv4.PacketConn and ipv6.PacketConn have in common.
type multicastSetter interface {
	SetMulticastLoopback(on bool) error
	SetMulticastInterface(ifi *net.Interface) error
}

func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
