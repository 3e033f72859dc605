package peer

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// deadAfter is how long what was sent may stay without an answer of the other end's system, in
// milliseconds. Keep-alive does not look while something is under way (reliability R13).
const deadAfter = 20_000

// control sets what a socket's connections inherit. A peer that is kept although it does not read
// must not have the time limit, which counts that, too.
func (s *streams) control(_, _ string, raw syscall.RawConn) error {
	if s.cfg.SlowPeer == SlowDrop {
		return nil
	}
	var err error
	ctlErr := raw.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, deadAfter)
	})
	if ctlErr != nil {
		return ctlErr
	}
	return err
}
