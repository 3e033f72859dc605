package peer_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

func TestFullInboxHoldsTheStreamBack(t *testing.T) {
	r := newCooker(t)
	l, err := peer.Listen(peer.StreamConfig{Owner: r.node, Framing: framing.PerLine})
	if err != nil {
		t.Fatal(err)
	}
	c := dialTCP(t, l)
	const lines = graph.InboxEvents + 1000
	var wg sync.WaitGroup
	wg.Go(func() { write(t, c, strings.Repeat("line\n", lines)) })
	eventually(t, "the inbox to be full", func() bool { return r.node.Inbox().Stats().Stalls == 1 })
	got := 0
	for got < lines {
		for _, e := range r.next() {
			if e.Kind == graph.Message {
				got++
			}
		}
	}
	wg.Wait()
	if s := r.node.Inbox().Stats(); s.Dropped != 0 {
		t.Errorf("%d events were dropped, want none", s.Dropped)
	}
	wg.Go(func() { _, _ = c.Write([]byte(strings.Repeat("line\n", 4*lines))) })
	eventually(t, "the inbox to be full again", func() bool { return r.node.Inbox().Stats().Stalls == 2 })
	_ = r.node.Stop() // says that nobody waits for room any more
	if err := l.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	wg.Wait()
	var last graph.Event
	for more := true; more; {
		r.cook(func(c *graph.Cook) {
			if more = len(c.Events()) > 0; more {
				last = c.Events()[len(c.Events())-1]
			}
		})
	}
	if last.Kind != graph.Close {
		t.Errorf("the last event is of kind %d, want Close", last.Kind)
	}
}

func TestKernelDropsAreCounted(t *testing.T) {
	r := newCooker(t)
	release := make(chan struct{})
	r.decode = func() { <-release }
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, RecvBuffer: 4096})
	closing(t, d, err)
	if got := r.node.Counter("recvbuffer").Load(); got < 1024 || got > 64<<10 {
		t.Errorf("counter recvbuffer is %d, want about the 4096 that were asked for", got)
	}
	c := dialUDP(t, d.LocalAddr())
	for range 1000 {
		write(t, c, strings.Repeat("x", 1000))
	}
	close(release)
	eventually(t, "the kernel's drops", func() bool {
		return r.node.Inbox().Stats().Events+r.node.Counter("kerneldrops").Load() == 1000
	})
	if got := r.node.Counter("kerneldrops").Load(); got == 0 {
		t.Error("counter kerneldrops is 0")
	}
}

func TestNobodyListens(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node})
	port := int(l.LocalAddr().Port())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := peer.Dial(peer.StreamConfig{Owner: r.node, Address: "127.0.0.1", Port: port})
	closing(t, d, err)
	r.count("connecterrors", 2)
	if d.Peer() != nil || !errors.Is(d.Err(), syscall.ECONNREFUSED) {
		t.Errorf("Peer() = %v, Err() = %v; want nil and %v", d.Peer(), d.Err(), syscall.ECONNREFUSED)
	}
	listen(t, peer.StreamConfig{Owner: r.node, Port: port})
	r.expect(graph.Connect, "")
	r.expect(graph.Connect, "")
	if err := d.Err(); err != nil {
		t.Errorf("Err() = %v while connected", err)
	}
	if want := `msg=fault node=/in op=connect err="cannot connect to `; !strings.Contains(r.log.String(), want) {
		t.Errorf("log is %q, want %q in it", r.log, want)
	}
}

func TestNameOfServerIsLookedUp(t *testing.T) {
	r, far := newRig(t, nil), newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: far.node})
	resolver := newSlowResolver()
	d, err := peer.Dial(peer.StreamConfig{Owner: r.node, Address: "desk.example", Port: int(l.LocalAddr().Port()), Resolver: resolver})
	closing(t, d, err)
	resolver.addrs <- nil
	r.count("connecterrors", 1)
	resolver.addrs <- []string{"127.0.0.9", "127.0.0.1"} // nobody is at the first one
	r.expect(graph.Connect, "")
}

// certificate returns one for 127.0.0.1, signed by itself.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestSecureCloseDoesNotWait closes a listener whose peer reads nothing: it has the time of any
// other, and not that which TLS has to say that this is the end.
func TestSecureCloseDoesNotWait(t *testing.T) {
	cert := certificate(t)
	r := newRig(t, nil)
	l, err := peer.Listen(peer.StreamConfig{Owner: r.node, Secure: func(ctx context.Context, nc net.Conn) (net.Conn, error) {
		if err := nc.(*net.TCPConn).SetWriteBuffer(4096); err != nil {
			return nil, err
		}
		c := tls.Server(nc, &tls.Config{Certificates: []tls.Certificate{cert}})
		return c, c.HandshakeContext(ctx)
	}})
	if err != nil {
		t.Fatal(err)
	}
	near := dialTCP(t, l)
	if err := near.SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	far := tls.Client(near, &tls.Config{InsecureSkipVerify: true})
	if err := far.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := remote(r.expect(graph.Connect, ""))
	if _, err = p.Send("", strings.Repeat("x", 1<<20)); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_ = l.Close() // what was not sent is none of this test's business
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("Close took %v, want 1.5 s and no more than TLS's 5 s", took)
	}
}

// TestSecurePanics ends the connection with which code of the node's has panicked.
func TestSecurePanics(t *testing.T) {
	r := newSilentRig(t)
	l := listen(t, peer.StreamConfig{Owner: r.node, Secure: func(context.Context, net.Conn) (net.Conn, error) {
		panic("no certificate")
	}})
	dropped(t, dialTCP(t, l))
}

func TestSecure(t *testing.T) {
	cert := certificate(t)
	pool := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(leaf)
	r, far := newRig(t, nil), newRig(t, echo)
	l := listen(t, peer.StreamConfig{Owner: far.node, Framing: framing.PerLine, Secure: func(ctx context.Context, nc net.Conn) (net.Conn, error) {
		c := tls.Server(nc, &tls.Config{Certificates: []tls.Certificate{cert}})
		return c, c.HandshakeContext(ctx)
	}})
	plain := dialTCP(t, l)
	write(t, plain, "this is no handshake")
	far.count("handshakes", 1)
	d, err := peer.Dial(peer.StreamConfig{
		Owner: r.node, Address: "127.0.0.1", Port: int(l.LocalAddr().Port()),
		Secure: func(ctx context.Context, nc net.Conn) (net.Conn, error) {
			c := tls.Client(nc, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"})
			return c, c.HandshakeContext(ctx)
		},
	})
	closing(t, d, err)
	p := remote(r.expect(graph.Connect, ""))
	long := strings.Repeat("x", 500_000)
	if _, err := p.Send("\n", long); err != nil {
		t.Fatal(err)
	}
	far.expect(graph.Connect, "")
	far.expect(graph.Message, long)
	p.Close()
	if e := far.ended(); e.Err != nil {
		t.Errorf("Close event with reason %v, want nil", e.Err)
	}
}
