// Package segment moves many packets of one size as one datagram of the kernel's, where it can: it cuts
// what is sent, and joins what comes, behind the network card's back.
package segment

import (
	"linecook.dev/linecook/peer/internal/mmsg"
)

const (
	// MaxBytes is the most that is moved at once.
	MaxBytes = 65000

	// MaxSegments is the most packets that are sent at once.
	MaxSegments = 64
)

// A Socket is a UDP socket. One goroutine may read and one write.
type Socket struct {
	*mmsg.Conn
	joins bool // what comes may be many packets
	cuts  bool // what is sent may be

	buf      []byte // of what comes, when it may be many packets
	inOOB    []byte
	outOOB   []byte
	messages []mmsg.Message
}

// packets is how many come at once at most.
const packets = 64

// New returns a socket that reads packets of at most size bytes.
func New(pc *mmsg.Conn, size int) *Socket {
	s := &Socket{Conn: pc}
	s.enable()
	if s.joins {
		s.buf = make([]byte, 1<<16)
		s.messages = make([]mmsg.Message, 0, packets)
		return s
	}
	s.messages = make([]mmsg.Message, packets)
	for i := range s.messages {
		s.messages[i].Buf = make([]byte, size)
	}
	return s
}

// ReadPackets waits for packets and returns them. They are valid until the next call.
func (s *Socket) ReadPackets() ([]mmsg.Message, error) {
	if !s.joins {
		n, err := s.Conn.Read(s.messages)
		return s.messages[:n], err
	}
	n, size, from, err := s.readJoined()
	if err != nil {
		return nil, err
	}
	s.messages = s.messages[:0]
	for at := 0; at < n; at += size {
		p := s.buf[at:min(at+size, n)]
		s.messages = append(s.messages, mmsg.Message{Buf: p, N: len(p), Addr: from})
	}
	return s.messages, nil
}

// WritePackets sends ms, whose buffers lie one behind the other in memory. What cannot be sent is lost.
func (s *Socket) WritePackets(ms []mmsg.Message, memory []byte) {
	from, at := 0, 0 // of those that go one by one, and of memory
	for i := 0; i < len(ms); {
		count, bytes := run(ms[i:])
		if count > 1 && s.cuts {
			s.writeEach(ms[from:i])
			if s.writeCut(memory[at:at+bytes], ms[i].N, ms[i].Addr) != nil {
				s.writeEach(ms[i : i+count])
			}
			from = i + count
		}
		i, at = i+count, at+bytes
	}
	s.writeEach(ms[from:])
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

func (s *Socket) writeEach(ms []mmsg.Message) {
	for len(ms) > 0 {
		n, err := s.Conn.Write(ms)
		if err != nil {
			n++
		}
		ms = ms[n:]
	}
}
