package peer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/udt"
)

// callUDT connects to a server without package peer's help.
func callUDT(t testing.TB, l *peer.Listener, cfg udt.Config) *udt.Conn {
	t.Helper()
	c, err := udt.Dial(t.Context(), "udp", l.LocalAddr().String(), &cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.SetLinger(0)
		c.Close()
	})
	return c
}

func mode(p peer.Protocol) udt.Mode {
	if p == peer.UDTMessages {
		return udt.Messages
	}
	return udt.Stream
}

func TestUDTSlowPeerIsClosed(t *testing.T) {
	for name, cfg := range udtKinds {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			cfg.Owner, cfg.SlowAfter = r.node, 200*time.Millisecond
			callUDT(t, listen(t, cfg), udt.Config{Mode: mode(cfg.Protocol), RecvBuffer: 64})
			p := remote(r.expect(graph.Connect, ""))
			piece := strings.Repeat("x", 32<<10)
			full := false
			eventually(t, "the peer to be closed", func() bool {
				var err error
				for err == nil {
					_, err = p.Send("", piece)
				}
				full = full || errors.Is(err, peer.ErrQueueFull)
				return errors.Is(err, peer.ErrClosed)
			})
			slow, ok := errors.AsType[*peer.SlowError](r.ended().Err)
			if !ok || slow.Waiting == 0 || !full {
				t.Errorf("Close event with reason %v, queue full before: %t; want a SlowError, true", slow, full)
			}
			if got := r.node.Counter("slowpeers").Load(); got != 1 {
				t.Errorf("counter slowpeers is %d, want 1", got)
			}
		})
	}
}

func TestUDTWhoMayConnect(t *testing.T) {
	r := newRig(t, nil)
	allow, _ := peer.ParseAllow([]string{"127.0.0.2"})
	l := listen(t, peer.StreamConfig{Owner: r.node, Protocol: peer.UDTMessages, Allow: allow})
	if _, err := udt.Dial(t.Context(), "udp", l.LocalAddr().String(), &udt.Config{Mode: udt.Messages}); !errors.Is(err, udt.ErrRefused) {
		t.Errorf("Dial from an address that is not allowed: %v, want ErrRefused", err)
	}
	if got := r.node.Counter("refused").Load(); got == 0 {
		t.Error("counter refused is 0")
	}
	l = listen(t, peer.StreamConfig{Owner: r.node, Protocol: peer.UDTMessages, MaxPeers: 2, MaxPerSource: 2})
	for range 2 {
		callUDT(t, l, udt.Config{Mode: udt.Messages})
		r.expect(graph.Connect, "")
	}
	if _, err := callUDT(t, l, udt.Config{Mode: udt.Messages}).ReadMessage(nil); !errors.Is(err, io.EOF) {
		t.Errorf("the third of two clients reads %v, want io.EOF", err)
	}
	if got := r.node.Counter("peersfull").Load(); got != 1 || len(l.Peers()) != 2 {
		t.Errorf("counter peersfull is %d with %d peers, want 1 and 2", got, len(l.Peers()))
	}
}

func TestUDTMessagesThatAreTooLong(t *testing.T) {
	r := newRig(t, nil)
	c := callUDT(t, listen(t, peer.StreamConfig{Owner: r.node, Protocol: peer.UDTMessages, MaxMessage: 5000}), udt.Config{Mode: udt.Messages})
	p := remote(r.expect(graph.Connect, ""))
	write(t, c, strings.Repeat("x", 5001))
	write(t, c, strings.Repeat("y", 5000))
	r.expect(graph.Message, strings.Repeat("y", 5000))
	if got := r.node.Counter("toolong").Load(); got != 1 {
		t.Errorf("counter toolong is %d, want 1", got)
	}
	if _, err := p.Send("", strings.Repeat("z", 1<<20+1)); err == nil {
		t.Error("a message of more than 1 MiB is sent")
	} else if _, ok := errors.AsType[*peer.SizeError](err); !ok {
		t.Errorf("Send of more than 1 MiB: %v, want a SizeError", err)
	}
}

func TestUDTIdle(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node, Protocol: peer.UDTMessages, IdleTimeout: 50 * time.Millisecond})
	c := callUDT(t, l, udt.Config{Mode: udt.Messages})
	r.expect(graph.Connect, "")
	if e := r.ended(); !errors.Is(e.Err, peer.ErrIdle) {
		t.Errorf("Close event with reason %v, want ErrIdle", e.Err)
	}
	if _, err := c.ReadMessage(nil); !errors.Is(err, io.EOF) {
		t.Errorf("the client reads %v, want io.EOF", err)
	}
}

// Whoever leaves right behind its last words is heard to the end, even while it is being answered.
func TestUDTLastWords(t *testing.T) {
	for name, cfg := range udtKinds {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, echo)
			cfg.Owner = r.node
			c := callUDT(t, listen(t, cfg), udt.Config{Mode: mode(cfg.Protocol)})
			r.expect(graph.Connect, "")
			for i := range 300 {
				write(t, c, string(cfg.Framing.Append(nil, fmt.Appendf(nil, "word %d", i))))
			}
			if err := c.Close(); err != nil {
				t.Errorf("Close() = %v", err)
			}
			for i := range 300 {
				r.expect(graph.Message, fmt.Sprintf("word %d", i))
			}
			if e := r.expect(graph.Close, ""); e.Err != nil {
				t.Errorf("Close event with reason %v, want nil", e.Err)
			}
		})
	}
}

func TestUDTCloseDeliversWhatIsQueued(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node, Protocol: peer.UDTStream})
	c := callUDT(t, l, udt.Config{})
	p, last := remote(r.expect(graph.Connect, "")), strings.Repeat("x", 1<<20)
	if _, err := p.Send("", last); err != nil || !p.Close() {
		t.Fatalf("Send: %v, or Close is false", err)
	}
	if got := readAll(t, c); got != last {
		t.Errorf("%d bytes came, want %d", len(got), len(last))
	}
	if e := r.ended(); !errors.Is(e.Err, peer.ErrClosed) {
		t.Errorf("Close event with reason %v, want ErrClosed", e.Err)
	}
}

func TestUDTCloseOfListenerIsBounded(t *testing.T) {
	r := newRig(t, nil)
	l, err := peer.Listen(peer.StreamConfig{Owner: r.node, Protocol: peer.UDTMessages, SlowPeer: peer.SlowDrop})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		callUDT(t, l, udt.Config{Mode: udt.Messages, RecvBuffer: 64})
		r.expect(graph.Connect, "")
	}
	p := l.Peers()[0]
	eventually(t, "the queue to be full", func() bool {
		_, err := p.Send("", strings.Repeat("x", 32<<10))
		return errors.Is(err, peer.ErrQueueFull)
	})
	start := time.Now()
	if err := l.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("Close took %v with a stuck peer, want at most 2 s", took)
	}
	for range 20 {
		r.ended()
	}
	if got := r.node.Counter("senderrors").Load(); got == 0 {
		t.Error("counter senderrors is 0 although a peer did not take what was sent to it")
	}
}

func TestRendezvous(t *testing.T) {
	a, b := newRig(t, nil), newRig(t, answer)
	ports := make([]int, 2)
	for i := range ports {
		o, err := peer.OpenDatagram(peer.DatagramConfig{Owner: a.node})
		if err != nil {
			t.Fatal(err)
		}
		ports[i] = int(o.LocalAddr().Port())
		defer o.Close()
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range []*rig{a, b} {
		d, err := peer.Dial(peer.StreamConfig{
			Owner: r.node, Protocol: peer.UDTMessages, Meeting: peer.Rendezvous,
			Address: "127.0.0.1", Port: ports[1-i], LocalPort: ports[i],
		})
		closing(t, d, err)
	}
	p := remote(a.expect(graph.Connect, ""))
	b.expect(graph.Connect, "")
	if _, err := p.Send("", "hello"); err != nil || p.Port() != ports[1] {
		t.Errorf("Send to %v: %v; want it to be port %d", p, err, ports[1])
	}
	b.expect(graph.Message, "hello")
	a.expect(graph.Message, answered)
}

// addresses is a resolver that knows where everybody is.
type addresses []netip.Addr

func (a addresses) LookupAddr(context.Context, string) ([]string, error) { return nil, nil }

func (a addresses) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return slices.Clone(a), nil
}

// Nobody says that nobody is at an address, and servers listen at 127.0.0.1.
func TestUDTTriesIPv4First(t *testing.T) {
	near, far := newRig(t, nil), newSilentRig(t)
	cfg := peer.StreamConfig{Owner: far.node, Protocol: peer.UDTMessages}
	l := listen(t, cfg)
	cfg.Port, cfg.LocalAddress = int(l.LocalAddr().Port()), "::1"
	listen(t, cfg)
	d, err := peer.Dial(peer.StreamConfig{
		Owner: near.node, Protocol: peer.UDTMessages, Address: "desk.example", Port: cfg.Port,
		Resolver: addresses{netip.IPv6Loopback(), netip.MustParseAddr("127.0.0.1")},
	})
	closing(t, d, err)
	if p := remote(near.expect(graph.Connect, "")); p.AddrPort() != l.LocalAddr() {
		t.Errorf("a name that is ::1 and 127.0.0.1 connects to %v, want %v", p, l.LocalAddr())
	}
}

func TestUDTLocalPortInUse(t *testing.T) {
	r := newSilentRig(t)
	l := listen(t, peer.StreamConfig{Owner: r.node, Protocol: peer.UDTMessages})
	d, err := peer.Dial(peer.StreamConfig{
		Owner: r.node, Protocol: peer.UDTMessages, Address: "127.0.0.1", Port: 9,
		LocalAddress: "127.0.0.1", LocalPort: int(l.LocalAddr().Port()),
	})
	closing(t, d, err)
	eventually(t, "an error", func() bool { return d.Err() != nil })
	if got, ok := errors.AsType[*peer.AddressError](d.Err()); !ok || got.Addr != l.LocalAddr().String() {
		t.Errorf("Err() = %v, want an AddressError with %v", d.Err(), l.LocalAddr())
	}
}

func TestUDTMistakes(t *testing.T) {
	r := newSilentRig(t)
	l := listen(t, peer.StreamConfig{Owner: r.node, Protocol: peer.UDTMessages, Framing: framing.Size})
	for name, cfg := range map[string]peer.StreamConfig{
		"a port that is taken":    {Protocol: peer.UDTStream, Port: int(l.LocalAddr().Port())},
		"no such protocol":        {Protocol: 7},
		"rendezvous by TCP":       {Meeting: peer.Rendezvous},
		"a local port with TCP":   {LocalPort: 7},
		"a local port of no kind": {Protocol: peer.UDTStream, LocalPort: 70000},
	} {
		cfg.Owner = r.node
		if got, err := peer.Listen(cfg); err == nil {
			got.Close()
			t.Errorf("%s: Listen has no error", name)
		}
	}
	_, err := peer.Listen(peer.StreamConfig{Owner: r.node, Protocol: peer.UDTStream, Port: int(l.LocalAddr().Port())})
	if e, ok := errors.AsType[*peer.AddressError](err); !ok || !strings.Contains(e.Error(), "in use") || errors.Is(err, os.ErrNotExist) {
		t.Errorf("Listen at a port that is taken: %v, want an AddressError that says so", err)
	}
}
