package peer

import (
	"errors"
	"net"
	"net/netip"
	"os"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// listenGroup returns a socket that has joined a multicast group on ifi; nil is the system's choice.
// That of [net.ListenMulticastUDP] gets whatever is sent to its port: unicast, by every interface, and
// any group that another program has joined. With IPv4 this one gets its group's datagrams alone, with
// IPv6 no other group's.
func listenGroup(at netip.AddrPort, ifi *net.Interface) (*net.UDPConn, error) {
	if at.Addr().Is6() {
		return listenGroup6(at, ifi)
	}
	pc, err := bindGroup(at)
	if err != nil {
		return nil, err
	}
	if err := ipv4.NewPacketConn(pc).JoinGroup(ifi, net.UDPAddrFromAddrPort(at)); err != nil {
		return nil, errors.Join(err, pc.Close())
	}
	return pc, nil
}

// bindGroup does what package net will not: it makes a wildcard of a group that it is to bind to.
func bindGroup(at netip.AddrPort) (*net.UDPConn, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	file := os.NewFile(uintptr(fd), "multicast")
	defer file.Close() // the connection has a descriptor of its own
	err = errors.Join(
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_MULTICAST_ALL, 0))
	if err != nil {
		return nil, os.NewSyscallError("setsockopt", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}); err != nil {
		return nil, os.NewSyscallError("bind", err)
	}
	pc, err := net.FilePacketConn(file)
	if err != nil {
		return nil, err
	}
	return pc.(*net.UDPConn), nil
}

func listenGroup6(at netip.AddrPort, ifi *net.Interface) (*net.UDPConn, error) {
	pc, err := net.ListenMulticastUDP("udp6", ifi, net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, err
	}
	raw, err := pc.SyscallConn()
	if err == nil {
		// Before Linux 4.20 there is no such option.
		err = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_ALL, 0) })
	}
	if err != nil {
		return nil, errors.Join(err, pc.Close())
	}
	return pc, nil
}
