package peer

import (
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/osc"
)

// A Peer is one remote end: of a connection, or the source address of datagrams. It is handed
// around as a pointer, and two pointers are equal as long as it is the same connection, or the same
// address was never forgotten in between. Any goroutine may use it; while a node cooks, use
// [Peer.In].
type Peer struct {
	owner *graph.Node
	addr  netip.AddrPort // of a destination given by name: not valid
	host  string         // the destination's name, else ""
	port  uint16
	via   transport
	hosts *Hosts
	since time.Time

	id      atomic.Pointer[uuid.UUID]
	in, out traffic
	failed  atomic.Uint64
	queued  atomic.Int64
	closed  atomic.Bool           // no more is sent
	gone    atomic.Bool           // the owner has cooked the end
	ended   atomic.Pointer[error] // why, once that is known

	mu    sync.Mutex
	views []*view

	contact contact // of a datagram peer; guarded by its table's lock
	guard   guard   // of a datagram peer; guarded by its queue's lock
}

// A transport carries what its peers send: a datagram socket for all of its peers, a connection
// for one.
type transport interface {
	protocol() string
	scratches() pool[scratch]
	local() netip.AddrPort
	longest() int                            // bytes of a message, framing included
	measure(o outgoing) (total, longest int) // bytes in the queue, of all messages and of the longest
	room(p *Peer) (messages, bytes int)      // that the queue would take now
	put(p *Peer, o outgoing) error           // queues copies of all messages or none; never waits
	shut(p *Peer) bool                       // closes after what is queued; false if it was done before
	flush()                                  // sends what was put with more to come, as far as it does not wait
	released(p *Peer)                        // the owner has cooked the end and sends nothing more
}

// traffic counts one direction.
type traffic struct{ messages, bytes atomic.Uint64 }

func (t *traffic) add(messages, bytes int) {
	t.messages.Add(uint64(messages))
	t.bytes.Add(uint64(bytes))
}

// Owner returns the node that the peer reached, or was reached from.
func (p *Peer) Owner() *graph.Node { return p.owner }

// Port returns the remote port.
func (p *Peer) Port() int { return int(p.port) }

// Address returns the remote IP address. For the destination of [DialDatagram] it is what the
// configuration says, a name or an address.
func (p *Peer) Address() string {
	if p.host != "" {
		return p.host
	}
	return p.addr.Addr().String()
}

// AddrPort returns the remote address and port. It is not valid for a destination given by name.
func (p *Peer) AddrPort() netip.AddrPort { return p.addr }

// String returns "address:port".
func (p *Peer) String() string {
	if p.host != "" {
		return joinHostPort(p.host, int(p.port))
	}
	return p.addr.String()
}

// Hostname returns the remote host's name. It is looked up in the background when first asked for;
// until it is known, and if there is none, it is the address. It never waits.
func (p *Peer) Hostname() string {
	if p.host != "" {
		return p.host
	}
	return p.hosts.Name(p.addr.Addr())
}

// Protocol returns "udp", "tcp" or "udt".
func (p *Peer) Protocol() string { return p.via.protocol() }

// LocalAddr returns the address of the socket on this machine.
func (p *Peer) LocalAddr() netip.AddrPort { return p.via.local() }

// Alive reports whether a send can still succeed.
func (p *Peer) Alive() bool { return !p.closed.Load() }

// Reason returns why the connection has ended: nil if the other end closed it, or if it has not.
func (p *Peer) Reason() error {
	if err := p.ended.Load(); err != nil {
		return *err
	}
	return nil
}

// ID returns the identity of the peer: a UUID of version 7, with the time of its first message or
// connection.
func (p *Peer) ID() uuid.UUID {
	if id := p.id.Load(); id != nil {
		return *id
	}
	id := uuid.New()
	ms := uint64(p.since.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	p.id.CompareAndSwap(nil, &id)
	return *p.id.Load()
}

// Stats counts what went to and came from one peer.
type Stats struct {
	Since                   time.Time // of its first message or connection
	MessagesIn, MessagesOut uint64    // of a stream: frames in, sends out
	BytesIn, BytesOut       uint64    // framing included
	Failed                  uint64    // sends that were refused or lost
	Queued                  int       // messages that wait to be sent
}

// Stats returns the counters as they are now.
func (p *Peer) Stats() Stats {
	return Stats{
		Since:      p.since,
		MessagesIn: p.in.messages.Load(), MessagesOut: p.out.messages.Load(),
		BytesIn: p.in.bytes.Load(), BytesOut: p.out.bytes.Load(),
		Failed: p.failed.Load(), Queued: int(p.queued.Load()),
	}
}

// Send implements [Sender]. It sends at once.
func (p *Peer) Send(terminator string, messages ...string) (int, error) {
	return p.send(encodeText(p.via.scratches(), terminator, messages))
}

// SendBytes implements [Sender]. It sends at once.
func (p *Peer) SendBytes(messages ...any) (int, error) {
	return p.send(encodeBytes(p.via.scratches(), messages))
}

// SendOSC implements [Sender]. It sends at once.
func (p *Peer) SendOSC(o osc.Options, pairs ...osc.Pair) (int, error) {
	return p.send(encodeOSC(p.via.scratches(), o, p.via.longest(), pairs))
}

func (p *Peer) send(s *scratch) (int, error) {
	defer s.release()
	if s.err == nil && len(s.ends) > 0 {
		s.err = p.put(outgoing{verb: s.verb, buf: s.buf, ends: s.ends})
	}
	if s.err != nil {
		p.failed.Add(1)
		return 0, s.err
	}
	return len(s.buf), nil
}

func (p *Peer) put(o outgoing) error {
	if _, n := p.via.measure(o); n > p.via.longest() {
		return &SizeError{n, p.via.longest()}
	}
	return p.via.put(p, o)
}

// Close ends the connection once what is queued has been sent, or forgets a datagram peer. It is
// true the first time. Sends fail with [ErrClosed] from then on.
func (p *Peer) Close() bool { return p.via.shut(p) }

// Accept implements [graph.Sink], by which what was sent in a cook goes out. That the connection has
// ended since is counted, but is no error: its Close event is on the way.
func (p *Peer) Accept(verb graph.Verb, payload []byte) error {
	switch verb {
	case VerbClose:
		p.Close()
		return nil
	case verbGone:
		p.via.released(p)
		return nil
	}
	err := p.put(outgoing{verb: verb, buf: payload, more: true})
	if err == nil {
		return nil
	}
	p.failed.Add(1)
	if errors.Is(err, ErrClosed) {
		p.owner.Counter("senderrors").Add(1)
		return nil
	}
	return err
}

// Flush implements [graph.Flusher].
func (p *Peer) Flush() { p.via.flush() }
