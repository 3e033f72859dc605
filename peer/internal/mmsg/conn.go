package mmsg

import (
	"iter"
	"net"
	"net/netip"
)

// MaxBatch is the largest number of datagrams that one system call moves.
const MaxBatch = 128

// A Message is one datagram. Its memory is the caller's.
type Message struct {
	Buf       []byte         // Read fills it; Write sends Buf[:N]
	N         int            // bytes of Buf in use
	Addr      netip.AddrPort // the other end; Write to a connected socket wants the zero AddrPort
	Segment   int            // bytes of each of the datagrams in Buf, but the last; 0 if it is one: see [Conn.Join] and [Conn.Cuts]
	Truncated bool           // set by Read: the datagram was longer than Buf, and its rest is lost
}

// Datagrams walks the datagrams in a message, of which there are many if it has a Segment.
func (m *Message) Datagrams() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		rest, size := m.Buf[:m.N], m.Segment
		for size > 0 && len(rest) > size {
			if !yield(rest[:size:size]) {
				return
			}
			rest = rest[size:]
		}
		yield(rest)
	}
}

// A Conn is a UDP socket that moves datagrams in batches. Deadlines, addresses and Close are those of
// the UDPConn in it. Any number of goroutines may use it.
type Conn struct {
	*net.UDPConn
	batcher batcher
	drops   *dropCounter
}

// A batcher moves datagrams between messages and one socket.
type batcher interface {
	read(ms []Message) (n int, err error)
	write(ms []Message, once bool) (n int, err error) // once: an error, EAGAIN, where it would wait
	join() bool
	cuts() bool
}

// New returns a Conn on pc that uses the best way this system has.
func New(pc *net.UDPConn) (*Conn, error) { return newConn(pc, newBatcher) }

// NewPortable returns a Conn on pc that works the way it does on systems without batches.
func NewPortable(pc *net.UDPConn) (*Conn, error) { return newConn(pc, newSingle) }

func newConn(pc *net.UDPConn, newBatcher func(*net.UDPConn) (batcher, error)) (*Conn, error) {
	b, err := newBatcher(pc)
	if err != nil {
		return nil, err
	}
	drops, err := newDropCounter(pc)
	if err != nil {
		return nil, err
	}
	return &Conn{UDPConn: pc, batcher: b, drops: drops}, nil
}

// Read waits for a datagram and then takes those that are there, at most len(ms) and [MaxBatch]. It
// fills ms[:n] in order of arrival. Addresses are unmapped: IPv4 is IPv4 on every socket. On Windows a
// truncated datagram has no address.
//
// With an error n is 0. See the package documentation for errors that are not the end.
func (c *Conn) Read(ms []Message) (n int, err error) {
	if len(ms) == 0 {
		return 0, nil
	}
	return c.batcher.read(ms)
}

// Write sends ms in order and returns how many went out. With an error, ms[n] is the one that did not:
// the caller who carries on does so with ms[n+1:]. It waits while the socket's send buffer is full.
func (c *Conn) Write(ms []Message) (n int, err error) { return c.batcher.write(ms, false) }

// TryWrite is Write that does not wait: [syscall.EAGAIN] is its error where it would, and always on systems
// without batches.
func (c *Conn) TryWrite(ms []Message) (n int, err error) { return c.batcher.write(ms, true) }

// Join asks the kernel to treat datagrams of one size, from one source to one destination, as one
// message, which it does many times as fast, and reports whether it does so with what comes from now on
// (UDP_GRO, Linux 5.0). A buffer must then have room for 64 KiB of payload; the longest is 65,507 bytes.
// There is no way back, since what has come may be joined already.
func (c *Conn) Join() bool { return c.batcher.join() }

// Cuts reports whether the kernel cuts what is written with a Segment into datagrams of that size
// (UDP_SEGMENT, 4.18): at most 64 datagrams and 65,000 bytes. A card that does not reckon checksums still
// makes such a write fail, with [syscall.EIO].
func (c *Conn) Cuts() bool { return c.batcher.cuts() }

// Drops returns how many datagrams the kernel has thrown away since the socket was made, because its
// receive buffer was full or a checksum was wrong. Datagrams that it had joined ([Conn.Join]) it
// counts as one. It counts in 32 bits: call Drops before that many are lost again. On systems other than
// Linux it is 0. After Close it stays what it last was.
func (c *Conn) Drops() uint64 { return c.drops.read() }
