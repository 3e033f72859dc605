package peer

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/framing"
)

// Limits of streams (reliability R10 to R19).
const (
	streamMessages = 1024    // queued for one peer
	streamBytes    = 1 << 20 // the same, framing included
	fewPeers       = 16      // that one address may have in any case: one host, or all behind one router
	connectTimeout = 5 * time.Second
	secureTimeout  = 10 * time.Second
	lingerTime     = 2 * time.Second       // for the other end to close after us
	graceTime      = 50 * time.Millisecond // for what came while this process was stopped
	quietLinger    = 5 * time.Millisecond  // the same, if nothing was sent lately
	answerTime     = time.Second           // for a node to answer to what came before the end
)

// A SlowPolicy says what happens to a stream peer that does not read what is sent to it.
type SlowPolicy uint8

// The policies.
const (
	SlowClose SlowPolicy = iota // it is closed when it has taken nothing for SlowAfter
	SlowDrop                    // it is kept; what its queue has no room for is lost
)

// StreamConfig says how connections are to be. Owner is needed; every other field's zero value
// means its default.
type StreamConfig struct {
	Owner    *graph.Node // whose inbox gets the events, if it has one, and whose counters count
	Protocol Protocol

	Address      string  // for Dial: an IP address or a name
	Port         int     // to listen at, 0 for one that is free; for Dial, the other end's
	LocalAddress string  // IP address to bind to; empty is loopback for Listen, any for Dial
	LocalPort    int     // for Dial with UDT: to connect from; 0 is one that is free
	Meeting      Meeting // for Dial

	Framing    framing.Format // not of UDTMessages, which need none
	OSC        bool           // frames are OSC packets: a length that is no multiple of 4 is a fault
	MaxMessage int            // longest frame taken, in bytes; 0 means 1 MiB

	// Allow has who may connect; nil for everyone. MaxPeers is how many at once, 0 means 1024, and
	// MaxPerSource how many from one address (one /64 network with IPv6), 0 means a quarter of
	// MaxPeers, but 16 if MaxPeers allows them. Loopback is no exception: somebody who runs hundreds of clients on
	// this machine raises one of the two.
	Allow        []netip.Prefix
	MaxPeers     int
	MaxPerSource int

	IdleTimeout  time.Duration // silence that ends a connection; 0 means never
	FrameTimeout time.Duration // for a frame that has begun to end; 0 means 10 s, < 0 never
	SlowPeer     SlowPolicy
	SlowAfter    time.Duration // without progress; 0 means 5 s
	NoKeepAlive  bool          // dead links are not looked for (TCP: after 15 s, every 15 s, 3 times; UDT: 10 s of silence)

	// Secure wraps a new TCP connection, for TLS; nil leaves it as it is. It is called in the connection's
	// own goroutine, before its Connect event, and has 10 s. A write that timed out leaves TLS of no
	// use, so that a slow peer is closed then, whatever SlowPeer says.
	Secure   func(ctx context.Context, nc net.Conn) (net.Conn, error)
	Resolver Resolver // nil is the system's
}

func (c StreamConfig) withDefaults() StreamConfig {
	c.MaxMessage = cmp.Or(c.MaxMessage, framing.DefaultMaxFrame)
	c.MaxPeers = cmp.Or(c.MaxPeers, 1024)
	c.MaxPerSource = cmp.Or(c.MaxPerSource, max(min(c.MaxPeers, fewPeers), c.MaxPeers/4))
	c.FrameTimeout = cmp.Or(c.FrameTimeout, 10*time.Second)
	c.SlowAfter = cmp.Or(c.SlowAfter, 5*time.Second)
	if c.Protocol == UDTMessages {
		c.Framing = framing.All
	}
	return c
}

func (c StreamConfig) keepAlive() net.KeepAliveConfig {
	return net.KeepAliveConfig{Enable: !c.NoKeepAlive, Idle: 15 * time.Second, Interval: 15 * time.Second, Count: 3}
}

// streams are the connections of a listener or a dialer.
type streams struct {
	cfg    StreamConfig
	medium medium
	inbox  *graph.Inbox
	hosts  *Hosts
	count  streamCounters
	ctx    context.Context
	stop   context.CancelFunc
	wg     sync.WaitGroup

	spare    pool[scratch]
	incoming pool[readBuffer]
	outgoing pool[buffer]

	mu       sync.Mutex
	conns    map[*conn]struct{}
	bySource map[netip.Addr]int
	ended    bool      // no connection is taken any more
	told     time.Time // when it was logged last that one was refused
}

type streamCounters struct {
	refused, peersfull, toolong, malformed, sendfull, senderrors, readerrors *graph.Counter
	accepterrors, connecterrors, handshakes, slowpeers, frametimeouts        *graph.Counter
	idlepeers, sourcefull                                                    *graph.Counter
}

func newStreams(cfg StreamConfig) *streams {
	n := cfg.Owner
	s := &streams{
		cfg: cfg, medium: cfg.Protocol.medium(), inbox: n.Inbox(), hosts: NewHosts(cfg.Resolver),
		spare: newPool[scratch](), incoming: newPool[readBuffer](), outgoing: newPool[buffer](),
		conns: map[*conn]struct{}{}, bySource: map[netip.Addr]int{},
		count: streamCounters{
			refused: n.Loss("refused"), peersfull: n.Loss("peersfull"), toolong: n.Loss("toolong"),
			malformed: n.Loss("malformed"), sendfull: n.Loss("sendfull"), senderrors: n.Loss("senderrors"),
			readerrors: n.Counter("readerrors"), accepterrors: n.Counter("accepterrors"),
			connecterrors: n.Counter("connecterrors"), handshakes: n.Counter("handshakes"), slowpeers: n.Counter("slowpeers"),
			frametimeouts: n.Counter("frametimeouts"), idlepeers: n.Counter("idlepeers"), sourcefull: n.Loss("sourcefull"),
		},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Peers returns the peers that are connected, the oldest first.
func (s *streams) Peers() []*Peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Peer
	for c := range s.conns {
		if c.isOpen() {
			out = append(out, &c.peer)
		}
	}
	slices.SortFunc(out, func(a, b *Peer) int {
		return cmp.Or(a.since.Compare(b.since), a.addr.Compare(b.addr))
	})
	return out
}

// Errors of connections that are not wanted. They are counted already.
var (
	errNotAllowed = errors.New("the address that answered is in none of the networks of allow")
	errPeersFull  = errors.New("there are as many connections as maxpeers allows")
	errSourceFull = errors.New("there are as many connections from its address as maxpersource allows; raise that if all are wanted")
)

// allows reports whether somebody at addr may connect.
func (s *streams) allows(addr netip.AddrPort) bool {
	ok := allows(s.cfg.Allow, addr.Addr().Unmap())
	if !ok {
		s.count.refused.Add(1)
	}
	return ok
}

// admit makes a connection of nc, if it may be one. The caller serves it.
func (s *streams) admit(nc net.Conn) (*conn, error) {
	addr := addrPort(nc.RemoteAddr())
	if !s.allows(addr) {
		return nil, errNotAllowed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	from := source(addr.Addr())
	switch {
	case len(s.conns) >= s.cfg.MaxPeers:
		s.count.peersfull.Add(1)
		return nil, s.full(addr, errPeersFull, s.cfg.MaxPeers)
	case s.bySource[from] >= s.cfg.MaxPerSource:
		s.count.sourcefull.Add(1)
		return nil, s.full(addr, errSourceFull, s.cfg.MaxPerSource)
	}
	if s.ended {
		return nil, ErrClosed
	}
	c := newConn(s, nc, addr)
	s.conns[c] = struct{}{}
	s.bySource[from]++
	return c, nil
}

// full logs, at most once a second, why there is no room for another connection, and returns it. s.mu
// is held.
func (s *streams) full(addr netip.AddrPort, why error, limit int) error {
	if now := time.Now(); now.Sub(s.told) >= time.Second {
		s.told = now
		s.cfg.Owner.Logger().Warn("connection refused", "peer", addr.String(), "err", why, "limit", limit)
	}
	return why
}

func (s *streams) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	from := source(c.peer.addr.Addr())
	if s.bySource[from]--; s.bySource[from] == 0 {
		delete(s.bySource, from)
	}
}

// source returns what counts as one source: an address, or the /64 network of an IPv6 address, all of
// which one host may have.
func source(a netip.Addr) netip.Addr {
	if a.Is4() {
		return a
	}
	p, _ := a.WithZone("").Prefix(64) // cannot fail: 64 bits there are
	return p.Addr()
}

// end closes all connections, which have flushTime to send what is queued, and waits for them.
func (s *streams) end() error {
	s.stop()
	until := time.Now().Add(flushTime)
	s.mu.Lock()
	s.ended = true
	open := slices.Collect(maps.Keys(s.conns))
	s.mu.Unlock()
	for _, c := range open {
		c.end(until)
	}
	s.wg.Wait()
	return s.hosts.Close()
}
