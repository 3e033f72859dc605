//go:build !linux

package segment

import (
	"errors"
	"net/netip"
)

func (s *Socket) enable() {}

func (s *Socket) readJoined() (n, size int, from netip.AddrPort, err error) {
	return 0, 0, netip.AddrPort{}, errors.ErrUnsupported
}

func (s *Socket) writeCut([]byte, int, netip.AddrPort) error { return errors.ErrUnsupported }
