package peer

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"linecook.dev/linecook/peer/framing"
)

// stallTicks is how often during SlowAfter progress is looked for.
const stallTicks = 5

// securePiece is how many bytes a secured connection is given at a time: it has no partial writes.
const securePiece = 16 << 10

// A buffer is bytes on their way to a connection.
type buffer struct{ b []byte }

const keepBuffer = 64 << 10 // largest buffer kept for later, in bytes

func (c *conn) free(b *buffer) {
	if cap(b.b) <= keepBuffer {
		b.b = b.b[:0]
		c.s.outgoing.put(b)
	}
}

func (c *conn) protocol() string         { return "tcp" }
func (c *conn) scratches() pool[scratch] { return c.s.spare }
func (c *conn) local() netip.AddrPort    { return unmapped(c.nc.LocalAddr().(*net.TCPAddr).AddrPort()) }
func (c *conn) longest() int             { return streamBytes }

func (c *conn) room(*Peer) (messages, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return streamMessages - c.messages, streamBytes - c.bytes
}

func (c *conn) put(p *Peer, o outgoing) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing:
		return ErrClosed
	case c.messages+o.count() > streamMessages || c.bytes+len(o.buf) > streamBytes:
		c.s.count.sendfull.Add(1)
		return &QueueError{c.messages + o.count(), c.bytes + len(o.buf), streamMessages, streamBytes}
	case len(o.buf) == 0:
		return nil
	}
	c.add(o)
	p.queued.Add(int64(o.count()))
	if !c.writing {
		c.writing = true
		go c.run()
	}
	return nil
}

// add queues o, framed if it is OSC.
func (c *conn) add(o outgoing) {
	if c.waiting == nil {
		c.waiting = c.s.outgoing.get()
	}
	w := c.waiting
	before := len(w.b)
	format := framing.Format(c.format.Load())
	for i := range o.count() {
		if o.verb == VerbOSC {
			w.b = format.Append(w.b, o.message(i))
		} else {
			w.b = append(w.b, o.message(i)...)
		}
	}
	c.messages += o.count()
	c.bytes += len(w.b) - before
	c.peer.out.add(o.count(), len(w.b)-before)
}

// write ends when nothing is queued any more.
func (c *conn) write() {
	defer c.peer.owner.Recover()
	ended := false
	defer func() {
		if !ended {
			c.abandon()
		}
	}()
	for {
		b, messages := c.take()
		if ended = b == nil; ended {
			return
		}
		size := len(b.b)
		left, err := c.writeAll(b.b)
		c.free(b)
		c.wrote(messages, size, left, err)
	}
}

// abandon ends a connection whose writer has panicked.
func (c *conn) abandon() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing, c.broken = false, true
	c.lose()
	if !c.stop(ErrClosed) {
		close(c.flushed)
	}
}

// take returns what is queued, and nil if that is nothing.
func (c *conn) take() (b *buffer, messages int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, c.waiting = c.waiting, nil
	if b == nil {
		c.writing = false
		if c.closing {
			close(c.flushed)
		}
	}
	return b, c.messages
}

// wrote counts what left the queue, left bytes of it unsent. After an error the connection ends.
func (c *conn) wrote(messages, size, left int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.messages -= messages
	c.bytes -= size
	c.peer.queued.Add(-int64(messages))
	if err == nil {
		return
	}
	var slow *SlowError
	if errors.As(err, &slow) {
		c.s.count.slowpeers.Add(1)
		slow.Waiting = left + c.bytes
	} else {
		c.s.count.senderrors.Add(1)
	}
	c.lose()
	c.broken = true
	c.stop(err)
}

// lose drops what is queued.
func (c *conn) lose() {
	c.peer.failed.Add(uint64(c.messages) + 1)
	c.peer.queued.Add(-int64(c.messages))
	c.messages, c.bytes = 0, 0
	if c.waiting != nil {
		c.free(c.waiting)
		c.waiting = nil
	}
}

// writeAll returns how many bytes it could not write.
func (c *conn) writeAll(b []byte) (left int, err error) {
	piece, ticks := len(b), stallTicks
	if c.nc != c.tcp {
		piece, ticks = securePiece, 1
	}
	stalled := 0
	for len(b) > 0 {
		last := c.setWriteDeadline(time.Now().Add(c.s.cfg.SlowAfter / time.Duration(ticks)))
		n, err := c.nc.Write(b[:min(piece, len(b))])
		b = b[n:]
		switch {
		case err == nil || n > 0 && !last && errors.Is(err, os.ErrDeadlineExceeded):
			stalled = 0
			continue
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return len(b), err
		case last:
			return len(b), errFlush
		}
		if stalled++; stalled >= ticks && (c.nc != c.tcp || c.impatient()) {
			return len(b), &SlowError{After: c.s.cfg.SlowAfter}
		}
	}
	return 0, nil
}

// errFlush is the error of what was queued when a listener or dialer was closed, and took too long.
var errFlush = errors.New("not sent before the end")

// setWriteDeadline reports whether writing ends for good at the deadline that it set.
func (c *conn) setWriteDeadline(t time.Time) (last bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last = !c.until.IsZero() && !t.Before(c.until); last {
		t = c.until
	}
	_ = c.nc.SetWriteDeadline(t) // an error here is one of the next write, too
	return last
}

// impatient reports whether a peer that takes nothing is closed for it.
func (c *conn) impatient() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing || c.s.cfg.SlowPeer == SlowClose
}
