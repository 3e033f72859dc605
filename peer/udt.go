package peer

import (
	"context"
	"errors"
	"math"
	"net"
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/udt"
)

const (
	udtPackets       = 2048 // of buffers, 3 MB each way when they are full
	rendezvousWindow = 30 * time.Second
)

// overUDT is the medium UDT.
type overUDT struct{ messages bool }

func (overUDT) protocol() string { return "udt" }
func (u overUDT) whole() bool    { return u.messages }
func (overUDT) halves() bool     { return false }

func (overUDT) patience(s *streams) time.Duration {
	if s.cfg.Meeting == Rendezvous {
		return rendezvousWindow
	}
	return connectTimeout
}

func (u overUDT) config(s *streams) *udt.Config {
	cfg := &udt.Config{
		SendBuffer: udtPackets, RecvBuffer: udtPackets,
		ConnectTimeout: u.patience(s), Linger: flushTime, Allow: s.allows,
		Lost: func(oversized, malformed uint64) {
			s.count.toolong.Add(oversized)
			s.count.malformed.Add(malformed)
		},
	}
	if s.cfg.NoKeepAlive {
		cfg.IdleTimeout = -1
	}
	if u.messages {
		cfg.Mode = udt.Messages
		cfg.RecvBuffer = max(udtPackets, 2*s.cfg.MaxMessage/leastPayload)
	}
	return cfg
}

// leastPayload is what a packet carries at least on usual networks, in bytes.
const leastPayload = 1024

func udpNetwork(a netip.Addr) string {
	if a.Is4() {
		return "udp4"
	}
	return "udp"
}

func (u overUDT) listen(s *streams, at netip.AddrPort) (net.Listener, error) {
	l, err := udt.Listen(udpNetwork(at.Addr()), at.String(), u.config(s))
	if err != nil {
		return nil, err
	}
	return l, nil
}

// dial connects from a port of the connection's own.
func (u overUDT) dial(ctx context.Context, s *streams, from netip.Addr, to netip.AddrPort) (net.Conn, error) {
	family, at := "udp6", netip.IPv6Unspecified()
	if to.Addr().Is4() {
		family, at = "udp4", netip.IPv4Unspecified()
	}
	if from.IsValid() {
		at = from
	}
	local := netip.AddrPortFrom(at, uint16(s.cfg.LocalPort)).String()
	port, err := udt.Open(family, local, u.config(s))
	if err != nil {
		return nil, &AddressError{u.protocol(), local, err}
	}
	connect := port.Dial
	if s.cfg.Meeting == Rendezvous {
		connect = port.Rendezvous
	}
	c, err := connect(ctx, to.String())
	if err != nil {
		return nil, errors.Join(err, port.Close())
	}
	return &udtClient{c, port}, nil
}

// A udtClient is a connection with a port of its own.
type udtClient struct {
	*udt.Conn
	port *udt.Port
}

func (c *udtClient) Close() error { return errors.Join(c.Conn.Close(), c.port.Close()) }

// A udtConn is a *udt.Conn or a *udtClient.
type udtConn interface {
	net.Conn
	Wait() error
	ReadMessage(b []byte) ([]byte, error)
	MaxMessage() int
	SetLinger(time.Duration)
	Stats() udt.Stats
}

func (u overUDT) longest(nc net.Conn) int {
	if u.messages {
		return nc.(udtConn).MaxMessage()
	}
	return math.MaxInt
}

func (overUDT) backlog(nc net.Conn) int           { return nc.(udtConn).Stats().Unacked }
func (overUDT) over(err error) bool               { return !errors.Is(err, udt.ErrPeer) }
func (overUDT) end(nc net.Conn, in time.Duration) { nc.(udtConn).SetLinger(in) }

func (u overUDT) reader(s *streams, nc net.Conn) reader {
	if u.messages {
		return &messageReader{c: nc.(udtConn), pool: s.outgoing}
	}
	return &waitingReader{c: nc.(udtConn), plain: plainReader{nc: nc, pool: s.incoming}}
}

// A waitingReader waits without a buffer.
type waitingReader struct {
	c     udtConn
	plain plainReader
}

func (r *waitingReader) read() ([]byte, error) {
	if err := r.c.Wait(); err != nil {
		return nil, err
	}
	return r.plain.read()
}

func (r *waitingReader) release() { r.plain.release() }

// A messageReader reads whole messages, and waits without a buffer.
type messageReader struct {
	c    udtConn
	pool pool[buffer]
	buf  *buffer
}

func (r *messageReader) read() ([]byte, error) {
	if err := r.c.Wait(); err != nil {
		return nil, err
	}
	r.buf = r.pool.get()
	var err error
	if r.buf.b, err = r.c.ReadMessage(r.buf.b[:0]); err != nil {
		r.release()
		return nil, err
	}
	return r.buf.b, nil
}

func (r *messageReader) release() {
	recycle(r.pool, r.buf)
	r.buf = nil
}
