package mmsg

import (
	"os"

	"golang.org/x/sys/windows"
)

func setReadBuffer(fd uintptr, want int) error {
	return os.NewSyscallError("setsockopt", windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_RCVBUF, want))
}

func readBuffer(fd uintptr) (int, error) {
	granted, err := windows.GetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_RCVBUF)
	return granted, os.NewSyscallError("getsockopt", err)
}
