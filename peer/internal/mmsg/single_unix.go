//go:build unix

package mmsg

import "golang.org/x/sys/unix"

// isTruncated reports whether a read took only the beginning of a datagram.
func isTruncated(flags int, err error) bool { return err == nil && flags&unix.MSG_TRUNC != 0 }
