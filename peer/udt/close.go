package udt

import (
	"os"
	"sync"
	"time"
)

// Close unblocks all who read and write, waits for what was written to be acknowledged, up to
// [Config].Linger or what SetLinger said, and tells the other end. Nothing of the connection is left when it returns. What came
// and was not read is lost. The error is [os.ErrDeadlineExceeded] if the other end, which reads the end of
// the stream then, has not acknowledged all.
func (c *Conn) Close() error { return c.close() }

func (c *Conn) shut() (err error) {
	c.mu.Lock()
	c.closed = true
	c.readable.Broadcast()
	c.writable.Broadcast()
	if c.link != nil && c.link.Err() == nil && !c.linger() {
		err = c.opError("close", os.ErrDeadlineExceeded)
	}
	if c.link != nil && c.link.Err() == nil {
		c.link.Shutdown(c.port.now())
		c.port.timers.schedule(c, c.link.Next())
		c.mu.Unlock()
		select { // the loop sends what is to be said
		case <-c.ended.done:
		case <-time.After(time.Second): // a socket that takes nothing
		}
		c.mu.Lock()
	}
	if c.link != nil {
		c.link.Release()
	}
	c.reading.stop()
	c.writing.stop()
	c.mu.Unlock()
	c.port.remove(c, c.peer)
	return err
}

// linger waits until all that was written is acknowledged, and reports whether it was. The caller holds
// the lock.
func (c *Conn) linger() bool {
	begun := time.Now()
	wake := time.AfterFunc(c.patience, c.wakeWriters)
	defer wake.Stop()
	for c.link.Unacknowledged() > 0 && c.link.Err() == nil && time.Since(begun) < c.patience {
		wake.Reset(c.patience - time.Since(begun))
		c.writable.Wait()
	}
	return c.link.Unacknowledged() == 0 || c.link.Err() != nil || c.patience == 0
}

// SetLinger sets how long Close waits for what was written to be acknowledged, which otherwise is
// [Config].Linger; 0 or less is not at all. It is for a Close that waits already, too, counted from when that
// began.
func (c *Conn) SetLinger(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.patience = max(0, d)
	c.writable.Broadcast()
}

func (c *Conn) wakeWriters() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writable.Broadcast()
}

func (c *Conn) wakeReaders() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readable.Broadcast()
}

// SetDeadline sets the time after which reads and writes fail with [os.ErrDeadlineExceeded]; the zero
// Time is never.
func (c *Conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading.set(t, c.wakeReaders)
	c.writing.set(t, c.wakeWriters)
	return nil
}

// SetReadDeadline is SetDeadline for reads.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading.set(t, c.wakeReaders)
	return nil
}

// SetWriteDeadline is SetDeadline for writes.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing.set(t, c.wakeWriters)
	return nil
}

// A deadline is a time at which somebody is woken.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) set(t time.Time, wake func()) {
	d.stop()
	d.at = t
	if !t.IsZero() {
		d.timer = time.AfterFunc(time.Until(t), wake)
	}
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

// An event happens once.
type event struct {
	done chan struct{}
	set  func()
}

func newEvent() event {
	done := make(chan struct{})
	return event{done, sync.OnceFunc(func() { close(done) })}
}

func (e event) is() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}
