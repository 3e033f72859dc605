//go:build !linux

package mmsg

import "net"

func newBatcher(pc *net.UDPConn) (batcher, error) { return newSingle(pc) }
