package segment

import (
	"net"
	"net/netip"

	"linecook.dev/linecook/peer/internal/mmsg"
)

// NewPlain returns a socket on any PacketConn whose addresses read as those of UDP do. It moves a packet
// a call.
func NewPlain(pc net.PacketConn, size int) *Socket {
	return &Socket{conn: plain{pc}, size: size, most: 1}
}

// A plain is a PacketConn of which no more is known.
type plain struct{ net.PacketConn }

func (c plain) Read(ms []mmsg.Message) (int, error) {
	m := &ms[0]
	n, from, err := c.ReadFrom(m.Buf)
	if err != nil {
		return 0, err
	}
	m.N, m.Addr = n, addrPort(from)
	return 1, nil
}

func (c plain) Write(ms []mmsg.Message) (int, error) {
	for i := range ms {
		if _, err := c.WriteTo(ms[i].Buf[:ms[i].N], net.UDPAddrFromAddrPort(ms[i].Addr)); err != nil {
			return i, err
		}
	}
	return len(ms), nil
}

// addrPort returns the address that a names, or none.
func addrPort(a net.Addr) netip.AddrPort {
	udp, ok := a.(*net.UDPAddr)
	if !ok {
		parsed, _ := netip.ParseAddrPort(a.String())
		return netip.AddrPortFrom(parsed.Addr().Unmap(), parsed.Port())
	}
	addr := udp.AddrPort()
	return netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
}
