package udt

import (
	"errors"
	"io"
	"net"
	"os"
	"time"

	"linecook.dev/linecook/peer/udt/internal/link"
)

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

// Wait waits until there is something to read, or nothing more to come, without memory for it.
func (c *Conn) Wait() error {
	return c.read(func(time.Duration) bool { return c.link.Readable() })
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

// TryWrite is Write that does not wait: it takes as much of p as there is room for, perhaps nothing, and
// returns how much that was. In message mode that is all of p or nothing.
func (c *Conn) TryWrite(p []byte) (n int, err error) {
	if c.port.cfg.Mode == Messages {
		ok, err := c.TryWriteMessage(p, MessageOptions{})
		if !ok {
			return 0, err
		}
		return len(p), nil
	}
	_, err = c.tryWrite(func(time.Duration) (bool, error) {
		n = c.link.Write(p)
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
	return c.write(c.putMessage(p, o))
}

// TryWriteMessage is WriteMessage that does not wait: ok is false if there is no room for all of p, of
// which nothing is taken then. A deadline that has passed is an error as ever.
func (c *Conn) TryWriteMessage(p []byte, o MessageOptions) (ok bool, err error) {
	if c.port.cfg.Mode != Messages {
		return false, c.opError("write", errStream)
	}
	return c.tryWrite(c.putMessage(p, o))
}

// A putFunc gives something to the link, whose lock is held, and reports whether that was all.
type putFunc func(now time.Duration) (done bool, err error)

func (c *Conn) putMessage(p []byte, o MessageOptions) putFunc {
	return func(now time.Duration) (bool, error) {
		var expires time.Duration
		if o.TimeToLive > 0 {
			expires = now + o.TimeToLive
		}
		return c.link.WriteMessage(p, !o.AnyOrder, expires)
	}
}

var errStream = errors.New("messages need message mode")

// write calls put until it is done.
func (c *Conn) write(put putFunc) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if done, err := c.put(put); done || err != nil {
			return err
		}
		c.writable.Wait()
	}
}

// tryWrite calls put once.
func (c *Conn) tryWrite(put putFunc) (done bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.put(put)
}

// put calls put unless nothing can be written any more. The caller holds the lock.
func (c *Conn) put(put putFunc) (done bool, err error) {
	now := c.port.now()
	if err = c.writeErr(); err == nil {
		done, err = put(now)
	}
	if err != nil {
		return false, c.opError("write", err)
	}
	c.port.timers.schedule(c, c.link.Next())
	return done, nil
}

// writeErr returns why nothing can be written.
func (c *Conn) writeErr() error {
	switch {
	case c.closed:
		return net.ErrClosed
	case c.writing.passed():
		return os.ErrDeadlineExceeded
	case c.link.Err() != nil:
		return c.link.Err()
	}
	return c.link.SendErr()
}
