package segment

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// enable asks the kernel to join what comes, UDP_GRO of Linux 5.0, and whether it cuts, UDP_SEGMENT of
// 4.18.
func (s *Socket) enable() {
	raw, err := s.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		s.joins = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_GRO, 1) == nil
		s.cuts = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT, 0) == nil
	})
	s.inOOB = make([]byte, unix.CmsgSpace(4))
	s.outOOB = make([]byte, unix.CmsgSpace(2))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&s.outOOB[0]))
	h.Level, h.Type = unix.SOL_UDP, unix.UDP_SEGMENT
	h.SetLen(unix.CmsgLen(2))
}

// readJoined reads packets of one source, n bytes in all and size bytes each but for the last.
func (s *Socket) readJoined() (n, size int, from netip.AddrPort, err error) {
	n, oob, _, from, err := s.ReadMsgUDPAddrPort(s.buf, s.inOOB)
	if err != nil {
		return 0, 0, from, err
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	size = max(1, n)
	if oob > 0 {
		h, data, _, err := unix.ParseOneSocketControlMessage(s.inOOB[:oob])
		if err == nil && h.Level == unix.SOL_UDP && h.Type == unix.UDP_GRO && len(data) >= 4 {
			size = max(1, int(binary.NativeEndian.Uint32(data)))
		}
	}
	return n, size, from, nil
}

// writeCut sends b as packets of size bytes. With an error nothing was sent.
func (s *Socket) writeCut(b []byte, size int, to netip.AddrPort) error {
	binary.NativeEndian.PutUint16(s.outOOB[unix.CmsgLen(0):], uint16(size))
	_, _, err := s.WriteMsgUDPAddrPort(b, s.outOOB, to)
	if errors.Is(err, unix.EIO) { // the card does not reckon checksums
		s.cuts = false
	}
	return err
}
