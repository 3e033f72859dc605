package peer

import (
	"errors"
	"fmt"
	"net"
	"time"

	"linecook.dev/linecook/peer/udt"
)

var (
	// ErrClosed is the error of a send to a peer that was closed or has gone, and the reason in the
	// Close event of a connection that was closed from this side.
	ErrClosed = errors.New("peer is closed")

	// ErrQueueFull is what a [QueueError] is.
	ErrQueueFull = errors.New("send queue is full")

	// ErrFrameTimeout is the reason in the Close event of a peer that began a frame and did not end it.
	ErrFrameTimeout = errors.New("a frame was begun and not ended in time")

	// ErrIdle is the reason in the Close event of a peer that sent nothing for too long.
	ErrIdle = errors.New("nothing came for too long")

	// ErrTooFast is the error of a send to a peer that was sent 1000 messages a second already, on a
	// socket that anybody may send to: two programs may be answering each other. An allow list, or
	// [DialDatagram], has no such limit.
	ErrTooFast = errors.New("too many answers to a peer that is on no allow list")

	// ErrUnproven is the error of a send that would make this machine send much more to an address
	// than came from it, before that address has shown that it is real (reliability R14).
	ErrUnproven = errors.New("answer is too long for a peer that has sent only once")
)

// A QueueError is a send that found no room. It is an [ErrQueueFull].
type QueueError struct {
	Messages, Bytes       int // that wait, and those of the send
	MaxMessages, MaxBytes int // the limits
}

func (e *QueueError) Error() string {
	return fmt.Sprintf("%v: %d messages of %d bytes in all; %d messages and %d bytes fit",
		ErrQueueFull, e.Messages, e.Bytes, e.MaxMessages, e.MaxBytes)
}

func (e *QueueError) Unwrap() error { return ErrQueueFull }

// A SizeError is a message that is too long to be sent: over [MaxDatagram], or over the whole queue
// of a stream.
type SizeError struct{ Bytes, Max int }

func (e *SizeError) Error() string {
	return fmt.Sprintf("message of %d bytes; at most %d can be sent at once", e.Bytes, e.Max)
}

// A ByteError is an argument of SendBytes that is neither text, bytes nor an integer from 0 to 255.
type ByteError struct {
	Argument int    // from 0
	Got      string // the integer, or the Go type of anything else
}

func (e *ByteError) Error() string {
	return fmt.Sprintf("sendBytes argument %d is %s; it takes text, bytes and integers from 0 to 255", e.Argument, e.Got)
}

// A SlowError is the reason in the Close event of a peer that did not read what was sent to it.
type SlowError struct {
	After   time.Duration // without progress
	Waiting int           // bytes that were not sent
}

func (e *SlowError) Error() string {
	return fmt.Sprintf("peer took nothing for %v, with %d bytes waiting", e.After, e.Waiting)
}

// A SendError is a send that one peer of a [Group] refused.
type SendError struct {
	Peer *Peer
	Err  error
}

func (e *SendError) Error() string { return fmt.Sprintf("send to %v: %v", e.Peer, e.Err) }
func (e *SendError) Unwrap() error { return e.Err }

// A ConnectError is why a client could not connect.
type ConnectError struct {
	To  string // host and port
	Err error
}

func (e *ConnectError) Error() string {
	err := e.Err
	_, local := errors.AsType[*AddressError](err)
	if op, ok := errors.AsType[*net.OpError](err); ok && !local {
		err = op.Err // it would say the address again
	}
	text := fmt.Sprintf("cannot connect to %s: %v", e.To, err)
	if errors.Is(err, udt.ErrRefused) {
		text += " (" + refusals + ")"
	}
	return text
}

// refusals are why a UDT listener refuses: it does not say which it was.
const refusals = "the other end has messages where this one has a stream or the other way round, does not allow this address, or is full"

func (e *ConnectError) Unwrap() error { return e.Err }
