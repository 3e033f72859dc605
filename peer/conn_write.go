package peer

import (
	"errors"
	"net/netip"
	"os"
	"slices"
	"time"

	"linecook.dev/linecook/peer/framing"
)

// stallTicks is how often during SlowAfter progress is looked for.
const stallTicks = 5

// securePiece is how many bytes a secured connection is given at a time: it has no partial writes.
const securePiece = 16 << 10

// A buffer is bytes on their way to a connection, or of a message from one.
type buffer struct {
	b    []byte
	ends []int // where each message ends in b, if they are to be told apart
}

const keepBuffer = 64 << 10 // largest buffer kept for later, in bytes

func recycle(p pool[buffer], b *buffer) {
	if cap(b.b) <= keepBuffer {
		b.b, b.ends = b.b[:0], b.ends[:0]
		p.put(b)
	}
}

func (c *conn) free(b *buffer)           { recycle(c.s.outgoing, b) }
func (c *conn) protocol() string         { return c.s.medium.protocol() }
func (c *conn) scratches() pool[scratch] { return c.s.spare }
func (c *conn) local() netip.AddrPort    { return addrPort(c.nc.LocalAddr()) }
func (c *conn) longest() int             { return c.limit }
func (c *conn) flush()                   {}

// measure is of the framing that is spoken now.
func (c *conn) measure(o outgoing) (total, longest int) {
	format := framing.All
	if o.verb == VerbOSC {
		format = framing.Format(c.format.Load())
	}
	return o.measure(format.Len)
}

func (c *conn) room(*Peer) (messages, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return streamMessages - c.messages, streamBytes - c.bytes
}

func (c *conn) put(p *Peer, o outgoing) error {
	total, _ := c.measure(o)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing:
		return ErrClosed
	case c.messages+o.count() > streamMessages || c.bytes+total > streamBytes:
		c.s.count.sendfull.Add(1)
		return &QueueError{c.messages + o.count(), c.bytes + total, streamMessages, streamBytes}
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
		if c.s.medium.whole() {
			w.ends = append(w.ends, len(w.b))
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
		left, err := c.writeAll(b)
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
	if slow == nil && err != errFlush && c.s.medium.over(err) {
		c.stopSending() // what has come is still to be read, up to the end
		return
	}
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
func (c *conn) writeAll(b *buffer) (left int, err error) {
	ticks := stallTicks
	if c.secured() {
		ticks = 1
	}
	at, stalled, waiting := 0, 0, c.s.medium.backlog(c.bare)
	for at < len(b.b) {
		last := c.setWriteDeadline(time.Now().Add(c.s.cfg.SlowAfter / time.Duration(ticks)))
		n, err := c.nc.Write(b.b[at:c.pieceEnd(b, at)])
		at += n
		before := waiting
		waiting = c.s.medium.backlog(c.bare)
		switch {
		case err == nil || (n > 0 || waiting < before) && !last && errors.Is(err, os.ErrDeadlineExceeded):
			stalled = 0
			continue
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return len(b.b) - at, err
		case last:
			return len(b.b) - at, errFlush
		}
		if stalled++; stalled >= ticks && (c.secured() || c.impatient()) {
			return len(b.b) - at, &SlowError{After: c.s.cfg.SlowAfter}
		}
	}
	return 0, nil
}

func (c *conn) secured() bool { return c.nc != c.bare }

// pieceEnd returns up to where the connection is given what is in b from at on.
func (c *conn) pieceEnd(b *buffer, at int) int {
	switch {
	case len(b.ends) > 0:
		i, _ := slices.BinarySearch(b.ends, at+1)
		return b.ends[i]
	case c.secured():
		return min(at+securePiece, len(b.b))
	}
	return len(b.b)
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
