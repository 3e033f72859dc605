//go:build !unix

package peer

import "net"

func newReader(nc net.Conn, buffers pool[readBuffer]) reader {
	return &plainReader{nc: nc, pool: buffers}
}
