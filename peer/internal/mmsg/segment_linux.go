package mmsg

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A control is a control message that has a number, as cmsg(3) lays it out: 16 bits of it for
// UDP_SEGMENT, 32 for UDP_GRO.
type control struct {
	header unix.Cmsghdr
	number [4]byte
	_      [4]byte // to CMSG_SPACE
}

// askSegment makes room for the kernel to tell how incoming message i was joined.
func (l *lane) askSegment(i int) {
	h := &l.headers[i].hdr
	h.Control = (*byte)(unsafe.Pointer(&l.controls[i]))
	h.SetControllen(int(unsafe.Sizeof(control{})))
}

// segment returns how incoming message i was joined; 0 is not at all.
func (l *lane) segment(i int) int {
	c := &l.controls[i]
	told := int(l.headers[i].hdr.Controllen) >= unix.CmsgLen(len(c.number))
	if !told || c.header.Level != unix.SOL_UDP || c.header.Type != unix.UDP_GRO {
		return 0
	}
	return int(*(*int32)(unsafe.Pointer(&c.number)))
}

// putSegment tells the kernel how to cut outgoing message i; 0 is not at all.
func (l *lane) putSegment(i, size int) {
	h, c := &l.headers[i].hdr, &l.controls[i]
	h.Control = nil
	h.SetControllen(0)
	if size == 0 {
		return
	}
	c.header.Level, c.header.Type = unix.SOL_UDP, unix.UDP_SEGMENT
	c.header.SetLen(unix.CmsgLen(2))
	*(*uint16)(unsafe.Pointer(&c.number)) = uint16(size)
	h.Control = (*byte)(unsafe.Pointer(c))
	h.SetControllen(unix.CmsgSpace(2))
}

func (b *batched) join() bool {
	b.in.mu.Lock()
	defer b.in.mu.Unlock()
	_ = b.raw.Control(func(fd uintptr) { // fails only when closed
		b.joins = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_GRO, 1) == nil
	})
	return b.joins
}

func (b *batched) cuts() (cuts bool) {
	_ = b.raw.Control(func(fd uintptr) {
		cuts = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT, 0) == nil
	})
	return cuts
}
