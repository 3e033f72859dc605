//go:build unix && !linux

package mmsg

import (
	"os"

	"golang.org/x/sys/unix"
)

func setReadBuffer(fd uintptr, want int) error {
	return os.NewSyscallError("setsockopt", unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, want))
}

func readBuffer(fd uintptr) (int, error) {
	granted, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF)
	return granted, os.NewSyscallError("getsockopt", err)
}
