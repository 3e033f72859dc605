package udt

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
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
}

var _ net.Conn = (*Conn)(nil)

func (p *Port) newConn(remote netip.AddrPort) *Conn {
	c := &Conn{port: p, remote: remote, opened: newEvent(), ended: newEvent()}
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
		Controller: cfg.Congestion.controller,
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
	c.mu.Unlock()
	c.port.timers.schedule(c, next)
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

// Read reads what has come. In message mode it reads one message, of which what p has no room for is
// lost. After the end of the connection it returns what is left, and then [io.EOF] if the other end
// closed it and nothing is missing.
func (c *Conn) Read(p []byte) (n int, err error) {
	if c.port.cfg.Mode == Messages {
		m, err := c.ReadMessage(nil)
		return copy(p, m), err
	}
	if len(p) == 0 {
		return 0, nil
	}
	err = c.read(func(now time.Duration) bool {
		n = c.link.Read(p, now)
		return n > 0
	})
	return n, err
}

// ReadMessage appends the next message to b. It is for message mode.
func (c *Conn) ReadMessage(b []byte) (out []byte, err error) {
	if c.port.cfg.Mode != Messages {
		return b, c.opError("read", errStream)
	}
	err = c.read(func(now time.Duration) (ok bool) {
		b, ok = c.link.ReadMessage(b, now)
		return ok
	})
	return b, err
}

// read calls take, which reads, until it has read something or there is nothing more to come.
func (c *Conn) read(take func(now time.Duration) bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		now := c.port.now()
		switch {
		case c.closed:
			return c.opError("read", net.ErrClosed)
		case c.reading.passed():
			return c.opError("read", os.ErrDeadlineExceeded)
		case take(now):
			c.port.timers.schedule(c, c.link.Next())
			return nil
		case c.link.Err() != nil:
			return c.endOfReading()
		}
		c.readable.Wait()
	}
}

func (c *Conn) endOfReading() error {
	switch err := c.link.Err(); {
	case !errors.Is(err, link.ErrShutdown):
		return c.opError("read", err)
	case !c.link.Complete():
		return c.opError("read", io.ErrUnexpectedEOF)
	}
	return io.EOF
}

// Write writes p to the stream, and waits while there is no room. In message mode it writes a message, in
// order and without a time to live.
func (c *Conn) Write(p []byte) (n int, err error) {
	if c.port.cfg.Mode == Messages {
		if err := c.WriteMessage(p, MessageOptions{}); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	err = c.write(func(time.Duration) (bool, error) {
		n += c.link.Write(p[n:])
		return n == len(p), nil
	})
	return n, err
}

// MessageOptions say how a message is to be delivered. The zero value is in order, and for sure.
type MessageOptions struct {
	AnyOrder   bool          // it need not wait for messages before it
	TimeToLive time.Duration // after which it is given up if packets were lost; 0 means never
}

// WriteMessage writes the message p, and waits while there is no room for all of it. It is for message
// mode. An empty message is not sent.
func (c *Conn) WriteMessage(p []byte, o MessageOptions) error {
	if c.port.cfg.Mode != Messages {
		return c.opError("write", errStream)
	}
	return c.write(func(now time.Duration) (bool, error) {
		var expires time.Duration
		if o.TimeToLive > 0 {
			expires = now + o.TimeToLive
		}
		return c.link.WriteMessage(p, !o.AnyOrder, expires)
	})
}

var errStream = errors.New("messages need message mode")

// write calls put, which writes, until it is done.
func (c *Conn) write(put func(now time.Duration) (done bool, err error)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		now := c.port.now()
		switch {
		case c.closed:
			return c.opError("write", net.ErrClosed)
		case c.writing.passed():
			return c.opError("write", os.ErrDeadlineExceeded)
		case c.link.Err() != nil:
			return c.opError("write", c.link.Err())
		case c.link.SendErr() != nil:
			return c.opError("write", c.link.SendErr())
		}
		done, err := put(now)
		if err != nil {
			return c.opError("write", err)
		}
		c.port.timers.schedule(c, c.link.Next())
		if done {
			return nil
		}
		c.writable.Wait()
	}
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
