//go:build unix

package peer

import (
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// newReader returns a reader that waits without a buffer, if nc is a bare socket.
func newReader(nc net.Conn, buffers pool[readBuffer]) reader {
	t, ok := nc.(*net.TCPConn)
	if !ok {
		return &plainReader{nc: nc, pool: buffers}
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return &plainReader{nc: nc, pool: buffers}
	}
	r := &rawReader{raw: raw, pool: buffers}
	r.attempt = r.try
	return r
}

// A rawReader takes a buffer once the socket is readable.
type rawReader struct {
	raw     syscall.RawConn
	pool    pool[readBuffer]
	attempt func(fd uintptr) bool // try, bound once
	buf     *readBuffer
	n       int
	err     error
}

func (r *rawReader) read() ([]byte, error) {
	err := r.raw.Read(r.attempt)
	switch {
	case err != nil:
		return nil, err
	case r.err != nil:
		return nil, os.NewSyscallError("read", r.err)
	case r.n == 0:
		return nil, io.EOF
	}
	return r.buf[:r.n], nil
}

// try reports false, for the runtime to wait until there is something, if there is nothing.
func (r *rawReader) try(fd uintptr) bool {
	r.buf = r.pool.get()
	for {
		r.n, r.err = unix.Read(int(fd), r.buf[:])
		if r.err != unix.EINTR {
			break
		}
	}
	if r.err != nil || r.n == 0 {
		r.release()
	}
	return r.err != unix.EAGAIN
}

func (r *rawReader) release() {
	r.pool.put(r.buf)
	r.buf = nil
}
