//go:build !unix

package peer

import "net"

func newReader(nc net.Conn) reader { return &plainReader{nc: nc} }
