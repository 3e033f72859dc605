package mmsg

import (
	"net"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A dropCounter reads the kernel's count of datagrams lost on a socket. It asks for SO_MEMINFO
// (Linux 4.12, 2017) and not SO_RXQ_OVFL: that one comes with the next datagram received, so that
// what is lost last stays unknown, and it costs every read a control message.
type dropCounter struct {
	mu    sync.Mutex
	raw   syscall.RawConn
	ask   func(fd uintptr) // getMemInfo, bound once
	info  [unix.SK_MEMINFO_VARS]uint32
	drops wrapped
}

func newDropCounter(pc *net.UDPConn) (*dropCounter, error) {
	raw, err := pc.SyscallConn()
	d := &dropCounter{raw: raw}
	d.ask = d.getMemInfo
	return d, err
}

func (d *dropCounter) read() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.raw.Control(d.ask) // fails only when closed: info is then what it last was
	return d.drops.see(d.info[unix.SK_MEMINFO_DROPS])
}

// getMemInfo leaves info as it is on a kernel that does not know the option.
func (d *dropCounter) getMemInfo(fd uintptr) {
	size := uint32(unsafe.Sizeof(d.info))
	_, _, _ = unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&d.info)), uintptr(unsafe.Pointer(&size)), 0)
}

// A wrapped makes a counter of 64 bits from one that is read now and then and has 32.
type wrapped struct {
	last  uint32
	total uint64
}

func (w *wrapped) see(now uint32) uint64 {
	w.total += uint64(now - w.last)
	w.last = now
	return w.total
}
