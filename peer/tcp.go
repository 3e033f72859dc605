package peer

import (
	"context"
	"math"
	"net"
	"net/netip"
	"time"
)

// overTCP is the medium TCP.
type overTCP struct{}

func (overTCP) protocol() string                      { return "tcp" }
func (overTCP) patience(*streams) time.Duration       { return connectTimeout }
func (overTCP) whole() bool                           { return false }
func (overTCP) halves() bool                          { return true }
func (overTCP) longest(net.Conn) int                  { return math.MaxInt }
func (overTCP) backlog(net.Conn) int                  { return 0 }
func (overTCP) over(error) bool                       { return false }
func (overTCP) reader(s *streams, nc net.Conn) reader { return newReader(nc, s.incoming) }

func (overTCP) listen(s *streams, at netip.AddrPort) (net.Listener, error) {
	network := "tcp"
	if at.Addr().Is4() {
		network = "tcp4"
	}
	lc := net.ListenConfig{KeepAlive: -1, KeepAliveConfig: s.cfg.keepAlive(), Control: s.control}
	lc.SetMultipathTCP(false) // its sockets cost more, and nobody asked
	return lc.Listen(s.ctx, network, at.String())
}

func (overTCP) dial(ctx context.Context, s *streams, from netip.Addr, to netip.AddrPort) (net.Conn, error) {
	nd := net.Dialer{KeepAlive: -1, KeepAliveConfig: s.cfg.keepAlive(), Control: s.control}
	nd.SetMultipathTCP(false)
	if from.IsValid() {
		nd.LocalAddr = &net.TCPAddr{IP: from.AsSlice(), Zone: from.Zone()}
	}
	return nd.DialContext(ctx, "tcp", to.String())
}

// end ends a connection that is of no use any more at once, and frees what the system holds of it.
func (overTCP) end(nc net.Conn, in time.Duration) {
	if in == 0 {
		_ = nc.(*net.TCPConn).SetLinger(0)
		_ = nc.Close()
	}
}
