package peer

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
)

// A Listener is a server. It has a goroutine that accepts, one for each connection, and one more
// for a connection while something is to be sent to it.
type Listener struct {
	*streams
	listener net.Listener
	close    func() error
}

// Listen opens a server and logs where. Its error is an [AddressError] if the system does not give
// the address.
func Listen(cfg StreamConfig) (*Listener, error) {
	cfg = cfg.withDefaults()
	local, err := ListenAddress(cfg.LocalAddress)
	if err == nil {
		err = checkPort(cfg.Port)
	}
	if err == nil {
		err = cfg.check()
	}
	if err != nil {
		return nil, err
	}
	s, at := newStreams(cfg), netip.AddrPortFrom(local, uint16(cfg.Port))
	ln, err := s.medium.listen(s, at)
	if err != nil {
		return nil, &AddressError{s.medium.protocol(), at.String(), err}
	}
	l := &Listener{streams: s, listener: ln}
	l.close = sync.OnceValue(func() error { return errors.Join(ln.Close(), s.end()) })
	cfg.Owner.Logger().Info("listening", slog.String("proto", s.medium.protocol()), slog.String("addr", l.LocalAddr().String()))
	s.wg.Go(func() {
		defer cfg.Owner.Recover()
		l.accept()
	})
	return l, nil
}

// LocalAddr returns the address that the server is bound to.
func (l *Listener) LocalAddr() netip.AddrPort {
	return addrPort(l.listener.Addr())
}

// Close stops accepting at once, and closes every connection after what is queued for it was sent,
// for which there is 1.5 s. It waits until all has ended. The owner's inbox must have room, or its
// node have been stopped, for the Close events not to be waited for.
func (l *Listener) Close() error { return l.close() }

func (l *Listener) accept() {
	var pause pauser
	for {
		nc, err := l.listener.Accept()
		switch {
		case err == nil:
			pause.reset()
			l.take(nc)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			l.count.accepterrors.Add(1)
			if pause.last == 0 {
				l.cfg.Owner.Logger().Warn("cannot accept", "err", err)
			}
			if !pause.wait(l.ctx) {
				return
			}
		}
	}
}

func (l *Listener) take(nc net.Conn) {
	c, err := l.admit(nc)
	if err != nil {
		nc.Close()
		return
	}
	l.wg.Go(func() {
		defer l.cfg.Owner.Recover()
		_, _ = c.serve() // its Close event says how it ended
	})
}
