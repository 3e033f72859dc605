package mmsg

import (
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// zoneNames has, for each index of an interface seen, an address with that interface's zone: to hold
// the address is to keep its zone from being allocated again.
type zoneNames map[uint32]netip.Addr

// zoneIndexes has the index of the interface of each zone written to.
type zoneIndexes map[string]uint32

// addrPort returns the address in name, unmapped.
func (z zoneNames) addrPort(name *unix.RawSockaddrInet6) netip.AddrPort {
	switch name.Family {
	case unix.AF_INET:
		name4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom4(name4.Addr), swapped(name4.Port))
	case unix.AF_INET6:
		addr := netip.AddrFrom16(name.Addr).Unmap()
		if name.Scope_id != 0 {
			addr = addr.WithZone(z.zone(name.Scope_id))
		}
		return netip.AddrPortFrom(addr, swapped(name.Port))
	}
	return netip.AddrPort{}
}

// zone returns the name of the interface with that index, or its digits if there is none.
func (z zoneNames) zone(index uint32) string {
	known, ok := z[index]
	if !ok {
		zone := strconv.FormatUint(uint64(index), 10)
		if i, err := net.InterfaceByIndex(int(index)); err == nil {
			zone = i.Name
		}
		known = netip.IPv6Unspecified().WithZone(zone)
		z[index] = known
	}
	return known.Zone()
}

// putAddrPort writes to into name, for a socket of that family, and returns how many bytes of name
// count. The zero AddrPort takes none.
func (z zoneIndexes) putAddrPort(name *unix.RawSockaddrInet6, to netip.AddrPort, ipv6 bool) (size uint32, err error) {
	addr := to.Addr()
	switch {
	case !to.IsValid():
		return 0, nil
	case ipv6:
		index, err := z.index(addr.Zone())
		*name = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: swapped(to.Port()), Addr: addr.As16(), Scope_id: index}
		return unix.SizeofSockaddrInet6, err
	case addr.Unmap().Is4():
		name4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		*name4 = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: swapped(to.Port()), Addr: addr.Unmap().As4()}
		return unix.SizeofSockaddrInet4, nil
	}
	return 0, &net.OpError{Op: "write", Net: "udp4", Addr: net.UDPAddrFromAddrPort(to), Err: syscall.EAFNOSUPPORT}
}

// index returns the index of the interface with that name, or the index whose digits it is.
func (z zoneIndexes) index(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if index, ok := z[zone]; ok {
		return index, nil
	}
	index, err := strconv.ParseUint(zone, 10, 32)
	if i, byName := net.InterfaceByName(zone); byName == nil {
		index, err = uint64(i.Index), nil
	}
	if err != nil {
		return 0, &net.AddrError{Err: "no interface of that name", Addr: zone}
	}
	z[zone] = uint32(index)
	return uint32(index), nil
}

// swapped turns a port from the host's order into the network's, or back.
func swapped(port uint16) uint16 {
	b := *(*[2]byte)(unsafe.Pointer(&port))
	return uint16(b[0])<<8 | uint16(b[1])
}
