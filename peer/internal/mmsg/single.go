package mmsg

import (
	"net"
	"net/netip"
	"syscall"
)

// A single moves one datagram a call.
type single struct{ pc *net.UDPConn }

func newSingle(pc *net.UDPConn) (batcher, error) { return single{pc}, nil }

func (s single) read(ms []Message) (int, error) {
	m := &ms[0]
	n, _, flags, addr, err := s.pc.ReadMsgUDPAddrPort(m.Buf, nil)
	truncated := isTruncated(flags, err)
	if err != nil && !truncated {
		return 0, err
	}
	m.N, m.Segment, m.Truncated = min(n, len(m.Buf)), 0, truncated
	m.Addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	return 1, nil
}

func (s single) join() bool { return false }
func (s single) cuts() bool { return false }

func (s single) write(ms []Message, once bool) (int, error) {
	if once && len(ms) > 0 {
		return 0, syscall.EAGAIN
	}
	for i := range ms {
		if err := s.writeOne(&ms[i]); err != nil {
			return i, err
		}
	}
	return len(ms), nil
}

func (s single) writeOne(m *Message) (err error) {
	if m.Addr.IsValid() {
		_, err = s.pc.WriteToUDPAddrPort(m.Buf[:m.N], m.Addr)
	} else {
		_, err = s.pc.Write(m.Buf[:m.N])
	}
	return err
}
