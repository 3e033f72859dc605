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
