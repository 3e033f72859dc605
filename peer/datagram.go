package peer

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/internal/mmsg"
)

// Limits of datagram sockets (reliability R12 to R16).
const (
	MaxDatagram   = 65507 // bytes of the longest datagram on IPv4
	sendMessages  = 64 << 10
	sendBytes     = 16 << 20
	batchMessages = 64                      // that one system call moves, at most
	flushTime     = 1500 * time.Millisecond // for what is queued when a socket is closed
	lastWait      = 10 * time.Millisecond   // for what has arrived when a socket is closed
	lastReads     = 300 * time.Millisecond  // for all of it
	dropsEvery    = 250 * time.Millisecond  // between two looks at the kernel's drops
)

// DatagramConfig says how a UDP socket is to be. Owner is needed; every other field's zero value
// means its default.
type DatagramConfig struct {
	Owner *graph.Node // whose inbox gets the messages, if it has one, and whose counters count

	// Address is where DialDatagram sends to: an IP address or a name. For OpenDatagram it is the
	// multicast group to join; empty for none.
	Address string
	Port    int // to listen at, 0 for one that is free; the destination's for DialDatagram

	// LocalAddress is the IP address to bind to, and for multicast that of the interface. Empty is
	// loopback for OpenDatagram, any for DialDatagram, and the system's default for multicast.
	LocalAddress string

	Allow       []netip.Prefix // who may send here; nil for everyone
	MaxMessage  int            // longest datagram taken, in bytes; 0 means MaxDatagram
	MaxPeers    int            // source addresses that are remembered; 0 means 1024
	IdleTimeout time.Duration  // after which a silent one is forgotten; 0 means 60 s
	RecvBuffer  int            // bytes to ask of the kernel; 0 means 4 MiB
	NoReplies   bool           // DialDatagram: nothing is read, even if the owner has an inbox
	TTL         int            // hops of multicast datagrams; 0 means 1
	NoLoop      bool           // multicast is not heard on this machine
	Resolver    Resolver       // nil is the system's
}

func (c DatagramConfig) withDefaults() DatagramConfig {
	c.MaxMessage = cmp.Or(c.MaxMessage, MaxDatagram)
	c.MaxPeers = cmp.Or(c.MaxPeers, 1024)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, time.Minute)
	c.RecvBuffer = cmp.Or(c.RecvBuffer, 4<<20)
	c.TTL = cmp.Or(c.TTL, 1)
	return c
}

// A Datagram is a UDP socket. It has a goroutine that reads, and another one while something is to
// be sent that a cook does not send itself. Batches are read into 512 KiB, or 4 MiB once much has arrived
// at once, most of which no small datagram ever touches.
type Datagram struct {
	cfg     DatagramConfig
	conn    *mmsg.Conn
	bound   netip.AddrPort
	reads   bool
	guarded bool // answers are limited: anybody could have sent, under any address (R14)
	hosts   *Hosts
	count   datagramCounters
	ctx     context.Context
	stop    context.CancelFunc
	close   func() error

	readers, senders sync.WaitGroup
	drops            dropWatch
	trouble          trouble

	mu       sync.Mutex // guards contacts
	contacts contacts

	remote *Peer                          // of DialDatagram, else nil
	dest   atomic.Pointer[netip.AddrPort] // where remote is, once that is known
	queue  sendQueue
	spare  pool[scratch]
}

type datagramCounters struct {
	refused, toolong, evicted, peersfull, readerrors, kerneldrops *graph.Counter
	sendfull, senderrors, unproven, lookuperrors                  *graph.Counter
}

// OpenDatagram opens a socket that listens, and logs where. Its error is an [AddressError] if the
// system does not give the address.
func OpenDatagram(cfg DatagramConfig) (*Datagram, error) {
	cfg = cfg.withDefaults()
	pc, err := bindDatagram(cfg)
	if err != nil {
		return nil, err
	}
	d, err := newDatagram(cfg, pc)
	if err != nil {
		pc.Close()
		return nil, err
	}
	granted, err := d.conn.SetReadBuffer(cfg.RecvBuffer)
	if err != nil {
		pc.Close()
		return nil, err
	}
	cfg.Owner.Counter("recvbuffer").Store(uint64(granted))
	log := cfg.Owner.Logger()
	log.Info("listening", slog.String("proto", "udp"), slog.String("addr", d.bound.String()))
	if granted < cfg.RecvBuffer {
		log.Warn("receive buffer is smaller than asked for; see net.core.rmem_max",
			slog.Int("asked", cfg.RecvBuffer), slog.Int("granted", granted))
	}
	d.startReading()
	return d, nil
}

func newDatagram(cfg DatagramConfig, pc *net.UDPConn) (*Datagram, error) {
	conn, err := mmsg.New(pc)
	if err != nil {
		return nil, err
	}
	d := &Datagram{
		cfg:      cfg,
		conn:     conn,
		bound:    unmapped(pc.LocalAddr().(*net.UDPAddr).AddrPort()),
		hosts:    NewHosts(cfg.Resolver),
		count:    newDatagramCounters(cfg.Owner),
		spare:    newPool[scratch](),
		trouble:  trouble{owner: cfg.Owner},
		contacts: newContacts(cfg.MaxPeers, cfg.IdleTimeout),
	}
	d.guarded = len(cfg.Allow) == 0 && !d.bound.Addr().IsLoopback()
	d.ctx, d.stop = context.WithCancel(context.Background())
	d.close = sync.OnceValue(d.shutdown)
	d.drops.init(d)
	d.queue.init(d)
	return d, nil
}

func newDatagramCounters(n *graph.Node) datagramCounters {
	return datagramCounters{
		refused: n.Loss("refused"), toolong: n.Loss("toolong"), evicted: n.Counter("evicted"),
		peersfull: n.Loss("peersfull"), sendfull: n.Loss("sendfull"),
		senderrors: n.Loss("senderrors"), readerrors: n.Counter("readerrors"),
		lookuperrors: n.Counter("lookuperrors"), unproven: n.Loss("unproven"), kerneldrops: n.Loss("kerneldrops"),
	}
}

// LocalAddr returns the address that the socket is bound to.
func (d *Datagram) LocalAddr() netip.AddrPort { return d.bound }

// Peer returns the destination of [DialDatagram]; nil for a socket that listens.
func (d *Datagram) Peer() *Peer { return d.remote }

// Err returns why the destination of [DialDatagram] is not known, as far as it was looked for.
func (d *Datagram) Err() error { return d.trouble.get() }

// Peers returns the source addresses that are remembered, in order of address.
func (d *Datagram) Peers() []*Peer {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.contacts.expire(time.Now())
	return slices.SortedFunc(maps.Values(d.contacts.byAddr), func(a, b *Peer) int { return a.addr.Compare(b.addr) })
}

// Close reads what the system has received until now, sends what is queued for at most 1.5 s, and
// closes the socket. It waits until all has ended.
func (d *Datagram) Close() error { return d.close() }

func (d *Datagram) shutdown() error {
	d.stop()
	_ = d.conn.SetReadDeadline(longAgo) // can fail only if the socket is closed already
	d.queue.end()
	_ = d.conn.SetWriteDeadline(time.Now().Add(flushTime))
	d.senders.Wait()
	d.readers.Wait()
	d.forgetAll()
	if d.reads {
		d.drops.end()
	}
	err := d.conn.Close()
	return cmp.Or(err, d.hosts.Close())
}

// forgetAll lets the peers know that nothing can be sent any more.
func (d *Datagram) forgetAll() {
	for _, p := range d.Peers() {
		p.closed.Store(true)
	}
	if d.remote != nil {
		d.remote.closed.Store(true)
	}
}

// A dropWatch reads the kernel's count of drops a while after something was read: it costs a system
// call, so not for each batch, and nothing while the socket is silent.
type dropWatch struct {
	d     *Datagram
	timer *time.Timer
	armed atomic.Bool

	mu   sync.Mutex
	seen uint64
}

func (w *dropWatch) init(d *Datagram) {
	w.d = d
	w.timer = time.AfterFunc(time.Hour, w.look)
	w.timer.Stop()
}

// soon has the drops counted, at most dropsEvery from now.
func (w *dropWatch) soon() {
	if !w.armed.Swap(true) {
		w.timer.Reset(dropsEvery)
	}
}

func (w *dropWatch) look() {
	w.armed.Store(false)
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.d.conn.Drops()
	w.d.count.kerneldrops.Add(now - w.seen)
	w.seen = now
}

func (w *dropWatch) end() {
	w.timer.Stop()
	w.look()
}
