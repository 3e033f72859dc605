package udt

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"linecook.dev/linecook/peer/udt/internal/handshake"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A Listener takes connections from clients. It is a [net.Listener].
type Listener struct {
	port    *Port
	cookies *handshake.Cookies
	close   func() error
	wg      sync.WaitGroup // closes what ended before it was accepted

	mu      sync.Mutex
	arrived sync.Cond
	backlog []*Conn // open, and not accepted
	err     error   // why no more come
}

var _ net.Listener = (*Listener)(nil)

// Listen binds a UDP port at the local address, such as ":9000", and takes connections there; network is
// "udp", "udp4" or "udp6". The UDP port is closed with the listener and the last of its connections.
func Listen(network, address string, cfg *Config) (*Listener, error) {
	p, err := Open(network, address, cfg)
	if err != nil {
		return nil, err
	}
	return p.disown().Listen()
}

// Listen takes connections at the port. A port has one listener at a time.
func (p *Port) Listen() (*Listener, error) {
	l := &Listener{port: p, cookies: handshake.NewCookies()}
	l.arrived.L = &l.mu
	l.close = sync.OnceValue(l.shut)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return nil, net.ErrClosed
	case p.listener != nil:
		return nil, errors.New("udt: the port has a listener already")
	}
	p.listener = l
	p.users++
	return l, nil
}

// Addr returns the local address.
func (l *Listener) Addr() net.Addr { return l.port.Addr() }

// Accept returns the next connection, as a [*Conn].
func (l *Listener) Accept() (net.Conn, error) {
	c, err := l.AcceptUDT()
	if err != nil {
		return nil, err
	}
	return c, nil
}

// AcceptUDT returns the next connection.
func (l *Listener) AcceptUDT() (*Conn, error) {
	l.mu.Lock()
	for len(l.backlog) == 0 && l.err == nil {
		l.arrived.Wait()
	}
	if err := l.err; err != nil {
		l.mu.Unlock()
		return nil, &net.OpError{Op: "accept", Net: "udt", Addr: l.Addr(), Err: err}
	}
	c := l.backlog[0]
	l.backlog = slices.Delete(l.backlog, 0, 1)
	l.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = nil
	return c, nil
}

// Close stops taking connections, and closes those that were not accepted. Those that were live on.
func (l *Listener) Close() error { return l.close() }

func (l *Listener) shut() error {
	l.port.mu.Lock()
	l.port.listener = nil
	l.port.mu.Unlock()
	l.fail(net.ErrClosed)
	l.mu.Lock()
	waiting := l.backlog
	l.backlog = nil
	l.mu.Unlock()
	for _, c := range waiting {
		c.Close()
	}
	l.wg.Wait()
	l.port.leave()
	return nil
}

// fail ends Accept with the cause, unless it has ended before.
func (l *Listener) fail(cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = cause
	}
	l.arrived.Broadcast()
}

// handshake answers a client. Nothing is remembered of one without a valid cookie.
func (l *Listener) handshake(h wire.Handshake, from netip.AddrPort, now time.Duration) {
	p := l.port
	switch {
	case h.Request == wire.Ask:
		l.reply(l.cookies.Answer(h, from, now), from)
	case h.Request != wire.Conclude || !l.cookies.Valid(h, from, now) || !handshake.Plausible(h):
	case h.Version != wire.Version || h.Mode != p.cfg.Mode.wire() || !p.cfg.Allow(from):
		l.reply(handshake.Refusal(h), from)
	default:
		l.conclude(h, from, now)
	}
}

func (l *Listener) reply(h wire.Handshake, to netip.AddrPort) {
	packet, _ := h.AppendBinary(make([]byte, 0, wire.HandshakeSize))
	l.port.say(packet, to)
}

// conclude opens a connection, or repeats the answer to one that is open.
func (l *Listener) conclude(h wire.Handshake, from netip.AddrPort, now time.Duration) {
	p := l.port
	p.mu.RLock()
	c := p.accepted[client{from, h.From}]
	over := c == nil && p.gone.has(h, from, now)
	p.mu.RUnlock()
	if over {
		return
	}
	if c == nil {
		if c = l.admit(h, from, now); c == nil {
			l.reply(handshake.Refusal(h), from)
			return
		}
	}
	if c.isn != h.ISN { // another connection, whose client uses the ID of one that is not over here
		return
	}
	_, answer := handshake.Accept(p.offer(c), h)
	l.reply(answer, from)
}

// admit opens a connection, and returns nil if there is no room for it.
func (l *Listener) admit(h wire.Handshake, from netip.AddrPort, now time.Duration) *Conn {
	p := l.port
	l.mu.Lock()
	full := l.err != nil || len(l.backlog) >= p.cfg.Backlog
	l.mu.Unlock()
	c := p.newConn(from)
	c.isn = h.ISN
	if full || p.add(c) != nil {
		return nil
	}
	p.mu.Lock()
	p.accepted[client{from, h.From}] = c
	p.mu.Unlock()
	agreement, _ := handshake.Accept(p.offer(c), h)
	c.mu.Lock()
	c.waiting = l
	c.establish(agreement, now)
	next := c.settle()
	c.mu.Unlock()
	p.timers.schedule(c, next)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil { // it was closed meanwhile, and has closed those that it knew
		l.wg.Go(func() { c.Close() })
		return nil
	}
	l.backlog = append(l.backlog, c)
	l.arrived.Signal()
	return c
}

// forget takes a connection that ended out of the backlog. Its lock is held.
func (l *Listener) forget(c *Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.backlog, c); i >= 0 {
		l.backlog = slices.Delete(l.backlog, i, i+1)
		l.wg.Go(func() { c.Close() })
	}
}
