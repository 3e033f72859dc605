package mmsg

import (
	"errors"

	"golang.org/x/sys/windows"
)

// isTruncated reports whether a read took only the beginning of a datagram, which Windows calls an
// error.
func isTruncated(_ int, err error) bool { return errors.Is(err, windows.WSAEMSGSIZE) }
