// Package segment moves many packets of one size as one datagram of the kernel's, where it can: it cuts
// what is sent, and joins what comes, behind the network card's back.
package segment

import (
	"errors"
	"net"
	"syscall"

	"linecook.dev/linecook/peer/internal/mmsg"
)

const (
	// MaxBytes is the most that is sent at once.
	MaxBytes = 65000

	// MaxSegments is the most packets that are sent at once.
	MaxSegments = 64

	joinedSize  = 1 << 16 // bytes of what may be many packets
	mostJoined  = 8       // messages that are read at once if each may be many packets
	mostPackets = 64      // and if each is one
)

// A Socket sends and receives packets. One goroutine may read, and one write; Write is for any.
type Socket struct {
	conn
	size int  // of a buffer for what comes, in bytes
	most int  // messages that are read at once
	cuts bool // a message that is sent may be many packets

	in      []mmsg.Message // as many as were last there to be read, or more
	packets []mmsg.Message // that in has
	out     []mmsg.Message
}

// A conn moves datagrams, as mmsg.Conn does.
type conn interface {
	Read(ms []mmsg.Message) (n int, err error)
	Write(ms []mmsg.Message) (n int, err error)
	LocalAddr() net.Addr
	Close() error
}

// New returns a socket on a UDP socket that reads packets of at most size bytes.
func New(c *mmsg.Conn, size int) *Socket {
	s := &Socket{conn: c, size: size, most: mostPackets}
	s.cuts = c.Cuts()
	if c.Join() {
		s.size, s.most = joinedSize, mostJoined
	}
	return s
}

// ReadPackets waits for packets and returns them. They are valid until the next call.
func (s *Socket) ReadPackets() ([]mmsg.Message, error) {
	s.reserve()
	n, err := s.Read(s.in)
	s.packets = s.packets[:0]
	for _, m := range s.in[:n] {
		s.packets = appendPackets(s.packets, m)
	}
	return s.packets, err
}

// reserve makes room for twice of what last came, so that a socket that is idle has little.
func (s *Socket) reserve() {
	if len(s.in) < s.most && len(s.packets) >= len(s.in) {
		s.in = append(s.in, make([]mmsg.Message, max(1, len(s.in)))...)
		for i := range s.in {
			if s.in[i].Buf == nil {
				s.in[i].Buf = make([]byte, s.size)
			}
		}
	}
}

// appendPackets appends the packets of which m is made.
func appendPackets(to []mmsg.Message, m mmsg.Message) []mmsg.Message {
	size := m.Segment
	if size == 0 {
		return append(to, m)
	}
	for at := 0; at < m.N; at += size {
		p := m.Buf[at:min(at+size, m.N)]
		to = append(to, mmsg.Message{Buf: p, N: len(p), Addr: m.Addr})
	}
	return to
}

// WritePackets sends ms, whose buffers lie one behind the other in memory. What cannot be sent is lost.
func (s *Socket) WritePackets(ms []mmsg.Message, memory []byte) {
	if !s.cuts {
		s.writeAll(ms)
		return
	}
	s.out = s.out[:0]
	for at := 0; len(ms) > 0; {
		count, bytes := run(ms)
		m := ms[0]
		if count > 1 {
			m = mmsg.Message{Buf: memory[at : at+bytes], N: bytes, Addr: m.Addr, Segment: m.N}
		}
		s.out = append(s.out, m)
		ms, at = ms[count:], at+bytes
	}
	s.writeAll(s.out)
}

// run returns how many packets from the first on can go together, and their bytes: all go to one address
// and have one length, but for the last, which may be shorter.
func run(ms []mmsg.Message) (count, bytes int) {
	for _, m := range ms {
		if count == MaxSegments || m.Addr != ms[0].Addr || m.N > ms[0].N || bytes+m.N > MaxBytes && count > 0 {
			break
		}
		count++
		bytes += m.N
		if m.N < ms[0].N {
			break
		}
	}
	return count, bytes
}

// writeAll sends ms, and those that cannot be sent as one message packet by packet.
func (s *Socket) writeAll(ms []mmsg.Message) {
	for len(ms) > 0 {
		n, err := s.Write(ms)
		if err == nil {
			return
		}
		if ms[n].Segment > 0 {
			s.cuts = s.cuts && !errors.Is(err, syscall.EIO) // the card does not reckon checksums
			s.writeAll(appendPackets(nil, ms[n]))
		}
		ms = ms[n+1:]
	}
}
