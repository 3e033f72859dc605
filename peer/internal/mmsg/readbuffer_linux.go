package mmsg

import (
	"os"

	"golang.org/x/sys/unix"
)

// setReadBuffer goes past the limit if it may.
func setReadBuffer(fd uintptr, want int) error {
	if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, want) == nil {
		return nil
	}
	return os.NewSyscallError("setsockopt", unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, want))
}

// readBuffer undoes the doubling of socket(7), "SO_RCVBUF".
func readBuffer(fd uintptr) (int, error) {
	doubled, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF)
	return doubled / 2, os.NewSyscallError("getsockopt", err)
}
