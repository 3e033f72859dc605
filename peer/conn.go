package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/framing"
)

// A conn is one connection, and the transport of its peer. One goroutine reads; a second one writes
// while something is queued.
type conn struct {
	peer   Peer
	s      *streams
	bare   net.Conn // of the medium
	nc     net.Conn // bare, or what StreamConfig.Secure made of it
	in     reader
	split  *framing.Splitter
	format atomic.Uint32 // framing.Format, for what is sent
	limit  int           // bytes of the longest message
	one    graph.Event   // that is being put

	frameBy time.Time // when the frame that has begun must have ended; zero if none has
	readBy  time.Time // the read deadline
	graced  time.Time // the one that was let pass once

	mu        sync.Mutex
	waiting   *buffer // nil if nothing is queued
	messages  int     // queued, and being written
	bytes     int
	writing   bool          // a goroutine writes
	open      bool          // there was a Connect event
	closing   bool          // nothing more is taken
	broken    bool          // there is no use in an orderly end
	busy      bool          // something was queued when the end began
	lingering bool          // all is sent, and the other end's close is waited for
	cause     error         // why it was ended from this side
	told      chan struct{} // closed when nothing more will be sent
	flushed   chan struct{} // closed when the last goroutine that writes has ended
	until     time.Time     // when writing ends at the latest; zero if there is no such time
	cut       *time.Timer   // of a secured connection that ends: it waits no longer for it; else nil
	run       func()        // write, bound once
}

func newConn(s *streams, nc net.Conn, addr netip.AddrPort) *conn {
	c := &conn{
		s: s, bare: nc, nc: nc, in: s.medium.reader(s, nc), split: s.splitter(),
		limit: min(streamBytes, s.medium.longest(nc)), told: make(chan struct{}), flushed: make(chan struct{}),
	}
	c.format.Store(uint32(c.split.Format()))
	c.run = c.write
	p := &c.peer
	p.owner, p.addr, p.port, p.via, p.hosts, p.since = s.cfg.Owner, addr, addr.Port(), c, s.hosts, time.Now()
	return c
}

// serve brings what arrives to the inbox until the connection has ended, and returns how long it
// lived. An error is one of the time before the connection was of any use.
func (c *conn) serve() (life time.Duration, err error) {
	defer c.s.forget(c)
	defer c.bare.Close() // for the second time, unless there was an error or a panic
	if err := c.secure(); err != nil {
		return 0, err
	}
	c.await(false)
	c.mu.Lock()
	c.open = true
	c.mu.Unlock()
	c.event(graph.Connect, nil, nil, time.Now())
	reason := c.read()
	c.peer.ended.Store(&reason)
	c.event(graph.Close, nil, reason, time.Now())
	c.finish(reason)
	return time.Since(c.peer.since), nil
}

func (c *conn) secure() error {
	if c.s.cfg.Secure == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.s.ctx, secureTimeout)
	defer cancel()
	nc, err := c.s.cfg.Secure(ctx, c.bare)
	if err != nil {
		c.s.count.handshakes.Add(1)
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return ErrClosed
	}
	c.nc, c.in = nc, &plainReader{nc: nc, pool: c.s.incoming}
	return nil
}

func (c *conn) event(kind graph.EventKind, data []byte, err error, at time.Time) {
	if c.s.inbox == nil {
		if kind == graph.Connect {
			c.s.cfg.Owner.Touch() // it may have waited for somebody to send to
		}
		return
	}
	// What is malformed or dropped is counted by the inbox.
	_ = c.s.inbox.PutWait(graph.Event{Kind: kind, Peer: &c.peer, Time: at.UnixNano(), Data: data, Err: err})
}

// read returns why the connection is to end: nil if the other end closed it.
func (c *conn) read() error {
	for {
		got, err := c.in.read()
		if err == nil {
			err = c.feed(got)
			c.in.release()
		} else if errors.Is(err, os.ErrDeadlineExceeded) && c.grace() {
			continue
		}
		if err != nil {
			return c.reason(err)
		}
	}
}

// grace lets what is there be read although the deadline has passed: this process may have been
// stopped (reliability R92). It reports false if it has done so before, or the connection is ending.
func (c *conn) grace() bool {
	if c.graced.Equal(c.readBy) {
		return false
	}
	c.graced = c.readBy
	return c.setReadDeadline(time.Now().Add(graceTime))
}

// feed brings the frames that end in data to the inbox.
func (c *conn) feed(data []byte) error {
	now := time.Now()
	c.peer.in.bytes.Add(uint64(len(data)))
	if c.s.medium.whole() && len(data) > c.s.cfg.MaxMessage {
		c.refuse(framing.ErrTooLong)
		return nil
	}
	c.one = graph.Event{Kind: graph.Message, Peer: &c.peer, Time: now.UnixNano()}
	refused, count := 0, 0
	refuse := func(err error) {
		refused++
		c.refuse(err)
	}
	if c.s.inbox != nil {
		count = c.s.inbox.PutFrames(&c.one, c.frames(data), refuse)
	} else {
		for _, err := range c.frames(data) {
			if err != nil {
				refuse(err)
			} else {
				count++
			}
		}
	}
	c.peer.in.messages.Add(uint64(count))
	if err := c.split.Err(); err != nil {
		return err
	}
	c.await(count+refused > 0)
	return nil
}

// frames walks the frames that end in data. How they are told apart is known before anybody can answer.
func (c *conn) frames(data []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for frame, err := range c.split.Feed(data) {
			if f := uint32(c.split.Format()); f != c.format.Load() {
				c.format.Store(f)
			}
			if !yield(frame, err) {
				return
			}
		}
	}
}

// refuse counts a frame that is malformed or too long, and shows why on the node.
func (c *conn) refuse(err error) {
	count := c.s.count.malformed
	if errors.Is(err, framing.ErrTooLong) {
		count = c.s.count.toolong
		err = fmt.Errorf("%w of %d bytes", err, c.s.cfg.MaxMessage)
	}
	count.Add(1)
	if c.s.inbox != nil {
		c.s.inbox.Refuse(fmt.Errorf("from %v: %w", &c.peer, err))
	}
}

// await sets until when the next bytes must come. ended is whether a frame has.
func (c *conn) await(ended bool) {
	var by time.Time
	switch {
	case !c.split.Partial():
		c.frameBy = time.Time{}
	case c.s.cfg.FrameTimeout > 0:
		if ended || c.frameBy.IsZero() {
			c.frameBy = time.Now().Add(c.s.cfg.FrameTimeout)
		}
		by = c.frameBy
	}
	if idle := c.s.cfg.IdleTimeout; idle > 0 {
		if idleBy := time.Now().Add(idle); by.IsZero() || idleBy.Before(by) {
			by = idleBy
		}
	}
	if by != c.readBy {
		c.readBy = by
		c.setReadDeadline(by)
	}
}

// setReadDeadline leaves the deadline of a connection that is ending as it is, and reports false.
func (c *conn) setReadDeadline(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closing {
		_ = c.nc.SetReadDeadline(t) // an error here is one of the next read, too
	}
	return !c.closing
}

// lastFrame brings the line that the end of the stream has ended.
func (c *conn) lastFrame() {
	frame, err := c.split.Flush()
	if err != nil {
		c.refuse(fmt.Errorf("the connection ended within a frame: %w", err))
	}
	if frame != nil {
		c.peer.in.messages.Add(1)
		c.event(graph.Message, frame, nil, time.Now())
	}
}

// reason returns why the connection ends, given what reading returned last.
func (c *conn) reason(err error) error {
	c.mu.Lock()
	cause := c.cause
	c.mu.Unlock()
	switch {
	case cause != nil:
		return cause
	case c.split.Err() != nil:
		return err
	case errors.Is(err, io.EOF):
		c.lastFrame()
		return nil
	case !errors.Is(err, os.ErrDeadlineExceeded):
		c.s.count.readerrors.Add(1)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.broken = true
		return err
	case !c.frameBy.IsZero() && c.readBy.Equal(c.frameBy):
		c.s.count.frametimeouts.Add(1)
		return ErrFrameTimeout
	}
	c.s.count.idlepeers.Add(1)
	return ErrIdle
}

func (c *conn) isOpen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open && !c.closing
}
