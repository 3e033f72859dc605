package mmsg

import (
	"errors"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// A batched moves datagrams by recvmmsg(2) and sendmmsg(2).
type batched struct {
	raw     syscall.RawConn
	in, out *lane
	names   zoneNames   // guarded by in.mu
	indexes zoneIndexes // guarded by out.mu
	ipv6    bool        // the socket is AF_INET6, which also carries IPv4
	joins   bool        // guarded by in.mu: what is read may be many datagrams
}

func newBatcher(pc *net.UDPConn) (batcher, error) {
	raw, err := pc.SyscallConn()
	if err != nil {
		return nil, err
	}
	ipv6, err := isIPv6(raw)
	if err != nil {
		return nil, err
	}
	return &batched{
		raw:     raw,
		in:      newLane("recvmmsg", unix.SYS_RECVMMSG, true),
		out:     newLane("sendmmsg", unix.SYS_SENDMMSG, false),
		names:   zoneNames{},
		indexes: zoneIndexes{},
		ipv6:    ipv6,
	}, nil
}

// isIPv6 asks the socket, as its local address may be a mapped one.
func isIPv6(raw syscall.RawConn) (ipv6 bool, err error) {
	var local unix.Sockaddr
	ctlErr := raw.Control(func(fd uintptr) { local, err = unix.Getsockname(int(fd)) })
	if ctlErr != nil {
		return false, ctlErr
	}
	_, ipv6 = local.(*unix.SockaddrInet6)
	return ipv6, err
}

func (b *batched) read(ms []Message) (int, error) {
	b.in.mu.Lock()
	defer b.in.mu.Unlock()
	ms = ms[:min(len(ms), MaxBatch)]
	b.in.reserve(len(ms))
	defer b.in.release(len(ms))
	for i := range ms {
		b.in.set(i, ms[i].Buf)
		b.in.headers[i].hdr.Namelen = unix.SizeofSockaddrInet6
		if b.joins {
			b.in.askSegment(i)
		}
	}
	if err := b.raw.Read(b.in.try); err != nil {
		return 0, err
	}
	for i := range b.in.moved {
		h, m := &b.in.headers[i], &ms[i]
		m.N, m.Truncated = int(h.bytes), h.hdr.Flags&unix.MSG_TRUNC != 0
		m.Addr, m.Segment = netip.AddrPort{}, b.in.segment(i)
		if h.hdr.Namelen > 0 {
			m.Addr = b.names.addrPort(&b.in.names[i])
		}
	}
	return b.in.moved, b.in.err()
}

func (b *batched) write(ms []Message, once bool) (sent int, err error) {
	b.out.mu.Lock()
	defer b.out.mu.Unlock()
	b.out.once = once
	for sent < len(ms) && err == nil {
		var n int
		n, err = b.writeSome(ms[sent:])
		sent += n
	}
	if err != nil && !errors.Is(err, unix.EAGAIN) {
		clear(b.indexes) // an interface may have come back under another index
	}
	return sent, err
}

// writeSome sends what one call takes. Its error is that of ms[n].
func (b *batched) writeSome(ms []Message) (n int, err error) {
	ms = ms[:min(len(ms), MaxBatch)]
	b.out.reserve(len(ms))
	defer b.out.release(len(ms))
	for i := range ms {
		if err := b.address(i, ms[i].Addr); err != nil && i == 0 {
			return 0, err
		} else if err != nil {
			b.out.want = i // those before it go first; the next round returns the error
			break
		}
		b.out.set(i, ms[i].Buf[:ms[i].N])
		b.out.putSegment(i, ms[i].Segment)
	}
	if err := b.raw.Write(b.out.try); err != nil {
		return 0, err
	}
	return b.out.moved, b.out.err()
}

// address sets where outgoing message i goes.
func (b *batched) address(i int, to netip.AddrPort) error {
	size, err := b.indexes.putAddrPort(&b.out.names[i], to, b.ipv6)
	b.out.headers[i].hdr.Namelen = size
	return err
}
