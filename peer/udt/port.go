package udt

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/segment"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// socketBuffer is what the kernel is asked for, in bytes, each way.
const socketBuffer = 12_288_000

// A Port is a UDP port and the connections on it.
type Port struct {
	cfg      Config
	pc       *segment.Socket
	epoch    time.Time // what internal times count from; in the past, so that none is 0
	pool     *buffer.Pool
	recvRoom int // bytes of receive buffer that the kernel granted
	timers   timers
	wg       sync.WaitGroup
	shut     func() error
	quit     chan struct{} // closed with the port

	mu       sync.RWMutex
	conns    map[wire.ID]*Conn
	accepted map[client]*Conn
	gone     graveyard
	listener *Listener
	lastID   wire.ID
	users    int  // connections, and the listener
	own      bool // nobody has the port itself, so that it goes with its last user
	closed   bool
}

// A client is what tells the connections of a listener apart before they have an ID.
type client struct {
	addr netip.AddrPort
	id   wire.ID
}

// Open binds a UDP port at the local address, such as ":9000"; network is "udp", "udp4" or "udp6".
func Open(network, address string, cfg *Config) (*Port, error) {
	local, err := net.ResolveUDPAddr(network, address)
	if err != nil {
		return nil, err
	}
	pc, err := net.ListenUDP(network, local)
	if err != nil {
		return nil, err
	}
	p, err := NewPort(pc, cfg)
	if err != nil {
		pc.Close()
		return nil, err
	}
	return p, nil
}

// NewPort returns a port on pc, which it owns from then on and closes, unless there is an error. Anything
// but a [net.UDPConn] moves a packet a call; its addresses must read as those of UDP do, and those it is
// given are of type [net.UDPAddr]. An error of its ReadFrom ends the port and all its connections.
func NewPort(pc net.PacketConn, cfg *Config) (*Port, error) {
	full, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	socket, room, err := newSocket(pc, full.MSS)
	if err != nil {
		return nil, fmt.Errorf("udt: %w", err)
	}
	p := &Port{
		cfg: full, pc: socket, epoch: time.Now().Add(-time.Hour), recvRoom: room,
		pool:     buffer.NewPool(full.MSS - wire.Overhead),
		conns:    map[wire.ID]*Conn{},
		accepted: map[client]*Conn{},
		gone:     graveyard{},
		quit:     make(chan struct{}),
		lastID:   wire.ID(randomWord() >> 2),
	}
	p.timers.init()
	p.shut = sync.OnceValue(p.shutDown)
	p.wg.Go(p.receive)
	p.wg.Go(p.send)
	return p, nil
}

// newSocket returns the best socket that pc allows, and the bytes of its receive buffer.
func newSocket(pc net.PacketConn, mss int) (*segment.Socket, int, error) {
	udp, ok := pc.(*net.UDPConn)
	if !ok {
		return segment.NewPlain(pc, mss), socketBuffer, nil
	}
	conn, err := mmsg.New(udp)
	if err != nil {
		return nil, 0, err
	}
	room, err := conn.SetReadBuffer(socketBuffer)
	if err = errors.Join(err, udp.SetWriteBuffer(socketBuffer/8)); err != nil {
		return nil, 0, err
	}
	return segment.New(conn, mss), room, nil
}

// Addr returns the local address.
func (p *Port) Addr() net.Addr { return p.pc.LocalAddr() }

// Close closes the listener and all connections, each as its Close does, and then the UDP port.
func (p *Port) Close() error {
	p.mu.Lock()
	p.closed = true
	listener, conns := p.listener, slices.Collect(maps.Values(p.conns))
	p.mu.Unlock()
	if listener != nil {
		listener.Close()
	}
	var wg sync.WaitGroup
	for _, c := range conns {
		wg.Go(func() { c.Close() })
	}
	wg.Wait()
	return p.shut()
}

// fail ends all connections of a port that reads no more.
func (p *Port) fail(cause error) {
	p.mu.Lock()
	p.closed = true
	listener, conns := p.listener, slices.Collect(maps.Values(p.conns))
	p.mu.Unlock()
	if listener != nil {
		listener.fail(cause)
	}
	for _, c := range conns {
		c.fail(cause)
	}
}

func (p *Port) shutDown() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	err := p.pc.Close()
	close(p.quit)
	p.timers.stop()
	p.wg.Wait()
	return err
}

// now is the time that everything inside reckons with.
func (p *Port) now() time.Duration { return time.Since(p.epoch) }

// add gives a new connection an ID.
func (p *Port) add(c *Conn) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return net.ErrClosed
	}
	for used := true; used; _, used = p.conns[p.lastID] {
		if p.lastID--; p.lastID == 0 || p.lastID > wire.MaxID>>1 {
			p.lastID = wire.MaxID >> 1
		}
	}
	c.id = p.lastID
	p.conns[c.id] = c
	p.users++
	return nil
}

// remove forgets a connection that has ended.
func (p *Port) remove(c *Conn, peer wire.ID) {
	p.timers.remove(c)
	p.mu.Lock()
	delete(p.conns, c.id)
	if from := (client{c.remote, peer}); p.accepted[from] == c {
		delete(p.accepted, from)
	}
	if peer != 0 {
		p.gone.bury(c, peer, p.now())
	}
	p.mu.Unlock()
	p.leave()
}

// leave counts a user less, and closes the port after the last one if it is nobody's own.
func (p *Port) leave() {
	p.mu.Lock()
	p.users--
	last := p.own && p.users == 0
	p.mu.Unlock()
	if last {
		_ = p.shut() // nobody is left to be told
	}
}

// disown makes the port end with its last user.
func (p *Port) disown() *Port {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.own = true
	return p
}

// recvBuffer returns how many packets a connection from addr may have on their way to it. On loopback,
// where nothing else slows a sender down, that is what the kernel's buffer takes, which counts about 800
// bytes more for each packet and twice of what it says it grants.
func (p *Port) recvBuffer(addr netip.Addr) int {
	if !addr.IsLoopback() {
		return p.cfg.RecvBuffer
	}
	return max(32, min(p.cfg.RecvBuffer, 2*p.recvRoom/(p.cfg.MSS+800)))
}

func randomWord() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // does not fail
	return binary.BigEndian.Uint32(b[:])
}
