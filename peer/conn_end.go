package peer

import (
	"io"
	"time"
)

var longAgo = time.Unix(1, 0)

// shut is Peer.Close: reading ends now, writing when what is queued has been sent.
func (c *conn) shut(*Peer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stop(ErrClosed)
}

// released ends the wait for answers to what came before the other end closed.
func (c *conn) released(p *Peer) { c.shut(p) }

// end is shut for a listener or dialer that is closed: all ends at until.
func (c *conn) end(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = until
	_ = c.nc.SetWriteDeadline(until)
	if c.cut != nil {
		c.cut.Reset(time.Until(until))
	}
	if !c.stop(ErrClosed) && c.lingering {
		_ = c.nc.SetReadDeadline(until)
	}
}

// stop lets nothing more into the queue and ends reading. It is true the first time. c.mu is held.
func (c *conn) stop(cause error) bool {
	if !c.stopSending() {
		return false
	}
	c.cause = cause
	_ = c.nc.SetReadDeadline(longAgo)
	return true
}

// stopSending lets nothing more into the queue. It is true the first time. c.mu is held.
func (c *conn) stopSending() bool {
	if c.closing {
		return false
	}
	c.closing, c.busy = true, c.writing
	c.peer.closed.Store(true)
	close(c.told)
	if !c.writing {
		close(c.flushed)
	}
	return true
}

// finish ends the connection after its last event.
func (c *conn) finish(reason error) {
	if reason == nil && c.s.medium.halves() {
		c.awaitAnswers()
	}
	c.mu.Lock()
	c.stop(reason)
	if c.broken {
		c.s.medium.end(c.bare, 0)
	}
	c.mu.Unlock()
	<-c.flushed
	c.hurry()
	defer c.cutSecured()()
	c.linger(reason != nil)
	lost := (reason == nil || c.broken) && c.s.medium.backlog(c.bare) > 0
	if err := c.nc.Close(); lost || err != nil && !c.s.medium.halves() {
		c.peer.failed.Add(1)
		c.s.count.senderrors.Add(1) // nobody knows how many messages that were
	}
}

// awaitAnswers keeps the connection open for a node to answer to what came before its end.
func (c *conn) awaitAnswers() {
	t := time.NewTimer(answerTime)
	defer t.Stop()
	select {
	case <-c.told:
	case <-t.C:
	}
}

// hurry sees that the end of a UDT connection, which its Close waits for, comes at until, or at once if
// something could not be written.
func (c *conn) hurry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.s.medium.halves():
	case c.broken:
		c.s.medium.end(c.bare, 0)
	case !c.until.IsZero():
		c.s.medium.end(c.bare, time.Until(c.until))
	}
}

// cutSecured bounds the end of a TLS connection, which would wait 5 s for a peer that reads nothing
// to take the word that this is the end.
func (c *conn) cutSecured() (stop func() bool) {
	if !c.secured() {
		return func() bool { return true }
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	within := 2 * lingerTime
	if !c.until.IsZero() {
		within = max(quietLinger, time.Until(c.until))
	}
	c.cut = time.AfterFunc(within, func() { _ = c.bare.Close() })
	return c.cut.Stop
}

// linger says that this is the end, and reads on for a while if the other end has not said so: to
// close with something unread would make the system throw away what the other end has yet to read.
func (c *conn) linger(open bool) {
	closer, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || closer.CloseWrite() != nil || !open {
		return
	}
	c.mu.Lock()
	c.lingering = true
	_ = c.nc.SetReadDeadline(c.lingerUntil())
	c.mu.Unlock()
	_, _ = io.Copy(io.Discard, struct{ io.Reader }{c.nc}) // ends at the other end's close, or the deadline
}

func (c *conn) lingerUntil() time.Time {
	now := time.Now()
	switch {
	case c.until.IsZero():
		return now.Add(lingerTime)
	case !c.busy:
		return now.Add(quietLinger)
	case c.until.Before(now.Add(quietLinger)):
		return now.Add(quietLinger)
	}
	return c.until
}
