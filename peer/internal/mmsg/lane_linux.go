package mmsg

import (
	"os"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A header is struct mmsghdr of recvmmsg(2).
type header struct {
	hdr   unix.Msghdr
	bytes uint32 // set by the kernel: the length of the datagram
}

// A lane is one direction of a socket: the memory the kernel reads and writes in a call, and what came
// of it. headers[i] points to iovecs[i] and names[i], and to controls[i] where there is something to tell.
type lane struct {
	mu       sync.Mutex
	headers  []header
	iovecs   []unix.Iovec
	names    []unix.RawSockaddrInet6 // large enough for RawSockaddrInet4
	controls []control
	call     string
	trap     uintptr
	quick    bool                  // a call is over so soon that the scheduler need not know of it
	once     bool                  // a call that would have to wait fails, with EAGAIN
	try      func(fd uintptr) bool // the method call, bound once: bound anew it would be allocated each time
	want     int                   // messages to move
	moved    int                   // messages moved
	errno    syscall.Errno         // why none was
}

func newLane(call string, trap uintptr, quick bool) *lane {
	l := &lane{call: call, trap: trap, quick: quick}
	l.try = l.move
	return l
}

// reserve makes room for n messages.
func (l *lane) reserve(n int) {
	l.want, l.moved, l.errno = n, 0, 0
	if n <= len(l.headers) {
		return
	}
	l.headers = make([]header, n)
	l.iovecs = make([]unix.Iovec, n)
	l.names = make([]unix.RawSockaddrInet6, n)
	l.controls = make([]control, n)
	for i := range l.headers {
		h := &l.headers[i].hdr
		h.Name = (*byte)(unsafe.Pointer(&l.names[i]))
		h.Iov = &l.iovecs[i]
		h.SetIovlen(1)
	}
}

// set gives message i its memory, which is the caller's until release.
func (l *lane) set(i int, b []byte) {
	l.iovecs[i].Base = unsafe.SliceData(b)
	l.iovecs[i].SetLen(len(b))
}

// release lets go of the memory of the first n messages.
func (l *lane) release(n int) { clear(l.iovecs[:n]) }

// move makes the call, and reports false when it has to wait: the poller then waits and comes back.
func (l *lane) move(fd uintptr) bool {
	for {
		n, errno := l.syscall(fd)
		switch errno {
		case 0:
			l.moved = n
			return true
		case unix.EINTR:
		case unix.EAGAIN:
			if !l.once {
				return false
			}
			fallthrough
		default:
			l.errno = errno
			return true
		}
	}
}

func (l *lane) syscall(fd uintptr) (n int, errno syscall.Errno) {
	call := unix.Syscall6
	if l.quick {
		call = unix.RawSyscall6
	}
	r, _, errno := call(l.trap, fd, uintptr(unsafe.Pointer(&l.headers[0])), uintptr(l.want), unix.MSG_DONTWAIT, 0, 0)
	return int(r), errno
}

// err returns why the call moved nothing.
func (l *lane) err() error {
	if l.errno == 0 {
		return nil
	}
	return os.NewSyscallError(l.call, l.errno)
}
