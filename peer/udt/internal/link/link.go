// Package link is one end of an established connection, without sockets, clocks or goroutines.
//
// A [Link] is told what happens: a packet came ([Link.Receive]), the application writes or reads. It is
// asked for what to send ([Link.Poll]), and when to ask again ([Link.Next]). Time is an argument: what
// has passed since an epoch of the caller's, never going back. A Link does no locking.
//
// Names of sections are those of draft-gg-udt-03; where the reference library differs from it, the
// library is followed.
package link

import (
	"errors"
	"math"
	"time"

	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// The ends of a link.
var (
	ErrShutdown = errors.New("the other end closed the connection")
	ErrIdle     = errors.New("nothing came from the other end for too long")
	ErrPeer     = errors.New("the other end cannot use what it gets")
)

// never is a time that does not come.
const never = time.Duration(math.MaxInt64)

// Config says what both ends agreed on, and how this one is to be. Every field is needed but those that
// say otherwise.
type Config struct {
	Peer             wire.ID // of the other end's socket
	Mode             wire.Mode
	SendISN, RecvISN seqno.Seq
	MSS              int           // bytes, headers included
	PeerWindow       int           // packets that the other end takes
	SendBuffer       int           // packets
	RecvBuffer       int           // packets
	Pool             *buffer.Pool  // of payloads as long as any end may send
	RTT              time.Duration // as far as known; 0 means unknown
	Idle             time.Duration // silence that ends the link; 0 means never
	Opened           time.Duration // what time stamps count from

	Controller func(path *cc.Path, first seqno.Seq) cc.Controller
}

// A Link is one end of a connection.
type Link struct {
	cfg     Config
	payload int // most bytes in a data packet that is sent
	send    sender
	recv    receiver
	rtt     roundTrip
	stats   Stats

	err      error // the end, once there is one
	closing  int   // shutdowns that are to be sent
	closeAt  time.Duration
	heard    time.Duration
	spoke    time.Duration // when something was last sent
	expiry   time.Duration // of the EXP timer
	expiries int           // since the other end was heard, counted from 1
}

// New returns the link of a connection that was opened just now.
func New(cfg Config, now time.Duration) *Link {
	l := &Link{cfg: cfg, payload: cfg.MSS - wire.Overhead, heard: now, spoke: now, expiries: 1}
	l.rtt = newRoundTrip(cfg.RTT)
	l.send = newSender(cfg, now)
	l.recv = newReceiver(cfg, now)
	l.setExpiry(now)
	return l
}

// Err returns why the link ended: [ErrShutdown], [ErrIdle], or nil while it is open.
func (l *Link) Err() error { return l.err }

// Receive takes in a packet that came from the other end. It keeps nothing of p. What is wrong with a
// packet is counted and otherwise ignored.
func (l *Link) Receive(p []byte, now time.Duration) {
	if l.err != nil {
		return
	}
	l.heard, l.expiries = now, 1
	l.setExpiry(now)
	if err := l.dispatch(p, now); err != nil {
		l.stats.Malformed++
	}
}

func (l *Link) dispatch(p []byte, now time.Duration) error {
	if len(p) < wire.HeaderSize || !wire.IsControl(p) {
		d, err := wire.ParseData(p)
		if err == nil {
			l.onData(d, now)
		}
		return err
	}
	c, err := wire.ParseControl(p)
	if err == nil {
		err = l.onControl(c, now)
	}
	return err
}

func (l *Link) onControl(c wire.Control, now time.Duration) error {
	switch c.Type {
	case wire.TypeAck:
		a, err := wire.ParseAck(c)
		if err == nil {
			l.onAck(a, now)
		}
		return err
	case wire.TypeNak:
		n, err := wire.ParseNak(c)
		if err == nil {
			l.onNak(n, now)
		}
		return err
	case wire.TypeAck2:
		a, err := wire.ParseAck2(c)
		if err == nil {
			l.onAck2(a, now)
		}
		return err
	case wire.TypeDrop:
		d, err := wire.ParseDrop(c)
		if err == nil {
			l.onDrop(d, now)
		}
		return err
	case wire.TypeShutdown:
		l.end(ErrShutdown)
	case wire.TypePeerError:
		l.send.err = ErrPeer
	}
	return nil
}

// Poll appends a packet to b if one is to be sent now, and else returns b as it is.
func (l *Link) Poll(b []byte, now time.Duration) []byte {
	l.checkTimers(now)
	if l.err != nil {
		return b
	}
	for _, poll := range [...]func(*Link, []byte, time.Duration) []byte{
		(*Link).pollAck2, (*Link).pollAck, (*Link).pollShutdown, (*Link).pollNak, (*Link).pollData, (*Link).pollKeepAlive,
	} {
		if out := poll(l, b, now); len(out) > len(b) {
			l.spoke = now
			return out
		}
	}
	return b
}

// Next returns when to call Poll if nothing happens before; a time that has passed means at once. The
// result is the largest Duration if there is nothing to wait for.
func (l *Link) Next() time.Duration {
	if l.err != nil {
		return never
	}
	if len(l.send.answers) > 0 {
		return 0
	}
	if l.closing > 0 {
		return l.closeAt
	}
	next := min(l.expiryDue(), l.recv.due(), l.send.due(), l.keepAliveAt())
	if l.cfg.Idle > 0 {
		next = min(next, l.heard+l.cfg.Idle)
	}
	return next
}

// shutdowns is how often the end is told. Nothing answers to it, and without it the other end waits.
const shutdowns = 2

// Shutdown tells the other end that this is the end, and ends the link when that was said. If something
// has just been acknowledged that takes as long as SYN: a library receiver loses the message it is
// reading when the shutdown comes at that moment.
func (l *Link) Shutdown(now time.Duration) {
	l.closing, l.closeAt = shutdowns, now
	if l.recv.next() != l.recv.told {
		l.recv.ackDue = now // the other end need not wonder
	}
	if l.stats.AcksReceived > 0 {
		l.closeAt = max(now, l.send.progress+cc.SYN)
	}
}

// Release gives the memory of packets back to the pool. The link is of no use afterwards.
func (l *Link) Release() {
	l.end(ErrShutdown)
	l.send.ring.Clear()
	l.recv.ring.Clear()
}

// Fail ends the link because of what happened to the way to the other end.
func (l *Link) Fail(cause error) { l.end(cause) }

func (l *Link) end(err error) {
	if l.err == nil {
		l.err = err
	}
}

func (l *Link) pollShutdown(b []byte, now time.Duration) []byte {
	if l.closing == 0 || now < l.closeAt {
		return b
	}
	if l.closing--; l.closing == 0 {
		l.end(ErrShutdown)
	}
	b, _ = wire.NewShutdown(l.cfg.Peer).AppendBinary(b)
	return b
}
