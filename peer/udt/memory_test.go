package udt_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// A memory is one end of a network of PacketConns that is nothing but memory. What finds its queue full
// is lost.
type memory struct {
	at    netip.AddrPort
	peers map[netip.AddrPort]*memory // shared by all
	queue chan datagram
	done  chan struct{}
	end   func(cause error)
	cause error // set before done is closed
}

type datagram struct {
	bytes []byte
	from  netip.AddrPort
}

func newMemory(peers map[netip.AddrPort]*memory, at string, queue int) *memory {
	m := &memory{at: netip.MustParseAddrPort(at), peers: peers, queue: make(chan datagram, queue), done: make(chan struct{})}
	var once sync.Once
	m.end = func(cause error) { once.Do(func() { m.cause = cause; close(m.done) }) }
	peers[m.at] = m
	return m
}

func (m *memory) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case d := <-m.queue:
		return copy(b, d.bytes), textAddr(d.from.String()), nil
	case <-m.done:
		return 0, nil, m.cause
	}
}

func (m *memory) WriteTo(b []byte, to net.Addr) (int, error) {
	if peer := m.peers[to.(*net.UDPAddr).AddrPort()]; peer != nil {
		select {
		case peer.queue <- datagram{bytes.Clone(b), m.at}:
		default:
		}
	}
	return len(b), nil
}

func (m *memory) Close() error                     { m.end(net.ErrClosed); return nil }
func (m *memory) LocalAddr() net.Addr              { return textAddr(m.at.String()) }
func (m *memory) SetDeadline(time.Time) error      { return os.ErrNoDeadline }
func (m *memory) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (m *memory) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

type textAddr string

func (textAddr) Network() string  { return "memory" }
func (a textAddr) String() string { return string(a) }

// connectMemory returns a connection over memory, from client to server.
func connectMemory(t *testing.T) (p pair, client, server *memory) {
	t.Helper()
	peers := map[netip.AddrPort]*memory{}
	client, server = newMemory(peers, "192.0.2.1:1", 1000), newMemory(peers, "192.0.2.2:2", 1000)
	var ports [2]*udt.Port
	for i, m := range []*memory{client, server} {
		port, err := udt.NewPort(m, &udt.Config{Linger: -1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { port.Close() })
		ports[i] = port
	}
	var err error
	if p.listener, err = ports[1].Listen(); err != nil {
		t.Fatal(err)
	}
	if p.client, err = ports[0].Dial(t.Context(), server.at.String()); err != nil {
		t.Fatal(err)
	}
	if p.server, err = p.listener.AcceptUDT(); err != nil {
		t.Fatal(err)
	}
	p.client.SetDeadline(time.Now().Add(patience))
	p.server.SetDeadline(time.Now().Add(patience))
	return p, client, server
}

func TestAnyPacketConn(t *testing.T) {
	p, client, _ := connectMemory(t)
	data, got := randomBytes(1<<20), make([]byte, 1<<20)
	var wg sync.WaitGroup
	wg.Go(func() { p.client.Write(data) })
	if _, err := io.ReadFull(p.server, got); err != nil || !bytes.Equal(got, data) {
		t.Errorf("what arrives over another PacketConn differs: %v", err)
	}
	wg.Wait()
	if got := p.server.RemoteAddr().String(); got != client.at.String() {
		t.Errorf("the client's address is %s, want %v", got, client.at)
	}
}

func TestFailingPacketConnEndsItsConnections(t *testing.T) {
	p, _, server := connectMemory(t)
	broken := errors.New("the cable was pulled")
	server.end(broken)
	if _, err := p.server.Read(make([]byte, 1)); !errors.Is(err, broken) {
		t.Errorf("Read: error %v, want that of ReadFrom", err)
	}
	if _, err := p.listener.Accept(); !errors.Is(err, broken) {
		t.Errorf("Accept: error %v, want that of ReadFrom", err)
	}
}

// FuzzStranger: whatever somebody sends who has shown nothing of himself, he gets no more than he sends.
func FuzzStranger(f *testing.F) {
	for _, kind := range []int32{1, 0, -1, -2, 1002} {
		f.Add(request(kind, 7))
	}
	f.Add([]byte{})
	peers := map[netip.AddrPort]*memory{}
	server := newMemory(peers, "192.0.2.2:2", 0) // so that a packet is taken when the one before was dealt with
	stranger := newMemory(peers, "192.0.2.3:3", 10)
	port, err := udt.NewPort(server, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { port.Close() })
	if _, err := port.Listen(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		server.queue <- datagram{packet, stranger.at}
		server.queue <- datagram{nil, stranger.at}
		for said := 0; len(stranger.queue) > 0; {
			if said += len((<-stranger.queue).bytes); said > len(packet) {
				t.Fatalf("%d bytes % x are answered with %d", len(packet), packet, said)
			}
		}
	})
}
