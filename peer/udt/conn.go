package udt

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"linecook.dev/linecook/peer/udt/internal/handshake"
	"linecook.dev/linecook/peer/udt/internal/link"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A Conn is a connection. Any number of goroutines may use it.
type Conn struct {
	port    *Port
	id      wire.ID
	remote  netip.AddrPort
	meeting bool      // it is a rendezvous
	isn     seqno.Seq // of the client, on the side of a listener
	opened  event
	close   func() error

	due  time.Duration // guarded by port.timers.mu
	slot int           // the same

	mu       sync.Mutex
	link     *link.Link // nil until it is open
	opener   opener     // nil on the side of a listener
	peer     wire.ID    // 0 until it is open
	err      error      // why it did not open
	waiting  *Listener  // while it waits to be accepted
	closed   bool
	ended    event // it is over, and what it had to say about that was sent
	readable sync.Cond
	writable sync.Cond
	reading  deadline
	writing  deadline
	patience time.Duration // of Close
	lost     link.Lost     // as told
}

var _ net.Conn = (*Conn)(nil)

func (p *Port) newConn(remote netip.AddrPort) *Conn {
	c := &Conn{port: p, remote: remote, opened: newEvent(), ended: newEvent(), patience: p.cfg.Linger}
	c.readable.L, c.writable.L = &c.mu, &c.mu
	c.close = sync.OnceValue(c.shut)
	return c
}

// establish makes the link that was agreed on. The caller holds the lock.
func (c *Conn) establish(a handshake.Agreement, now time.Duration) {
	cfg := &c.port.cfg
	c.peer = a.Peer
	c.link = link.New(link.Config{
		Peer: a.Peer, Mode: cfg.Mode.wire(), SendISN: a.SendISN, RecvISN: a.RecvISN, MSS: a.MSS,
		PeerWindow: a.PeerWindow, SendBuffer: cfg.SendBuffer, RecvBuffer: c.port.recvBuffer(c.remote.Addr()),
		Pool: c.port.pool, RTT: a.RTT, Idle: cfg.IdleTimeout, Opened: now,
		Controller: cfg.Control,
	}, now)
	c.opened.set()
}

// enter begins a visit of the loops; nil has none.
func (c *Conn) enter() {
	if c != nil {
		c.mu.Lock()
	}
}

// leave ends a visit: who waits for what it has brought is woken.
func (c *Conn) leave(now time.Duration) {
	if c == nil {
		return
	}
	next := c.settle()
	c.tellLost()
	c.mu.Unlock()
	c.port.timers.schedule(c, next)
}

// tellLost tells what was lost since it told so last. The caller holds the lock.
func (c *Conn) tellLost() {
	if c.link == nil {
		return
	}
	now := c.link.Lost()
	if now == c.lost {
		return
	}
	c.port.cfg.Lost(now.Oversized-c.lost.Oversized, now.Malformed-c.lost.Malformed)
	c.lost = now
}

// settle wakes who can go on, and returns when c is to be asked for packets. The caller holds the lock.
func (c *Conn) settle() time.Duration {
	if c.link == nil {
		if c.opener == nil || c.err != nil {
			return never
		}
		return c.opener.Next()
	}
	ended := c.link.Err() != nil
	if ended && c.waiting != nil {
		c.waiting.forget(c)
	}
	if ended || c.link.Readable() {
		c.readable.Broadcast()
	}
	if ended || c.link.Writable() || c.closed {
		c.writable.Broadcast()
	}
	return c.link.Next()
}

// take takes in a packet from the other end. The caller holds the lock.
func (c *Conn) take(packet []byte, now time.Duration) {
	if h, ok := parseHandshake(packet); ok {
		c.shake(h, now)
		return
	}
	if c.link == nil && c.opener != nil {
		c.opener.Heard()
		c.open(now)
	}
	if c.link != nil {
		c.link.Receive(packet, now)
	}
}

// shake takes in a handshake from the other end. The caller holds the lock.
func (c *Conn) shake(h wire.Handshake, now time.Duration) {
	switch {
	case c.opener == nil:
	case c.link != nil:
		if answer := c.opener.Answer(h, nil); len(answer) > 0 {
			c.port.say(answer, c.remote)
		}
	default:
		c.opener.Receive(h, now)
		c.open(now)
	}
}

// open establishes the connection if the handshake is over. The caller holds the lock.
func (c *Conn) open(now time.Duration) {
	a, done, err := c.opener.Done()
	switch {
	case !done || c.err != nil:
	case err != nil:
		c.err = err
		c.opened.set()
	default:
		c.establish(a, now)
	}
}

// fail ends c, whose port reads no more.
func (c *Conn) fail(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != nil {
		c.link.Fail(cause)
		c.settle()
		return
	}
	if c.err == nil {
		c.err = cause
	}
	c.opened.set()
}

// fill collects what c has to send now, and returns when to ask again.
func (c *Conn) fill(out *outgoing, now time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	poll := c.poller()
	for range turnSize {
		p := poll(out.scratch(), now)
		if len(p) == 0 {
			break
		}
		out.add(p, c.remote)
	}
	return c.settle()
}

// sent notes that what fill has collected was sent.
func (c *Conn) sent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != nil && c.link.Err() != nil {
		c.ended.set()
	}
}

func (c *Conn) poller() func([]byte, time.Duration) []byte {
	switch {
	case c.link != nil:
		return c.link.Poll
	case c.opener != nil:
		return c.opener.Poll
	}
	return func([]byte, time.Duration) []byte { return nil }
}

func (c *Conn) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: "udt", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}

// LocalAddr returns the address of the port.
func (c *Conn) LocalAddr() net.Addr { return c.port.Addr() }

// RemoteAddr returns the address of the other end.
func (c *Conn) RemoteAddr() net.Addr { return net.UDPAddrFromAddrPort(c.remote) }

// MaxMessage returns how many bytes a message may have.
func (c *Conn) MaxMessage() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link.MaxMessage()
}

// Stats returns the counters of the connection.
func (c *Conn) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link.Stats()
}
