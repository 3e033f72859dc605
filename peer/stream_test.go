package peer_test

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

func listen(t testing.TB, cfg peer.StreamConfig) *peer.Listener {
	t.Helper()
	l, err := peer.Listen(cfg)
	return closing(t, l, err)
}

func dialTCP(t testing.TB, l *peer.Listener) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", l.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

func write(t testing.TB, c net.Conn, s string) {
	t.Helper()
	if _, err := c.Write([]byte(s)); err != nil {
		t.Fatalf("Write(%.20q): %v", s, err)
	}
}

func readAll(t testing.TB, c net.Conn) string {
	t.Helper()
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("reading until the end: %v after %.60q", err, b)
	}
	return string(b)
}

func TestStreamAnswersWhatCameBeforeTheEnd(t *testing.T) {
	r := newRig(t, func(c *graph.Cook, e graph.Event) {
		if e.Kind == graph.Message {
			remote(e).In(c).Send("\n", string(e.Data))
		}
	})
	l := listen(t, peer.StreamConfig{Owner: r.node, Framing: framing.PerLine})
	c := dialTCP(t, l)
	write(t, c, "one\r\ntwo\nthr")
	write(t, c, "ee")
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, want := readAll(t, c), "one\ntwo\nthree\n"; got != want {
		t.Errorf("answers are %q, want %q", got, want)
	}
	first := r.expect(graph.Connect, "")
	r.expect(graph.Message, "one")
	r.expect(graph.Message, "two")
	r.expect(graph.Message, "three")
	last := r.expect(graph.Close, "")
	if last.Err != nil || last.Peer != first.Peer {
		t.Errorf("Close event of %v with error %v, want %v and nil", last.Peer, last.Err, first.Peer)
	}
}

func TestCloseDeliversWhatIsQueued(t *testing.T) {
	answer := "HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("x", 600_000)
	r := newRig(t, func(c *graph.Cook, e graph.Event) {
		if e.Kind == graph.Connect {
			h := remote(e).In(c)
			n, err := h.Send("", answer)
			if n != len(answer) || err != nil {
				t.Errorf("Send of %d bytes = %d, %v", len(answer), n, err)
			}
			if first, second := h.Close(), h.Close(); !first || second {
				t.Errorf("Close() = %t, then %t; want true, then false", first, second)
			}
			if _, err := h.Send("", "more"); !errors.Is(err, peer.ErrClosed) {
				t.Errorf("Send after Close: %v, want %v", err, peer.ErrClosed)
			}
		}
	})
	l := listen(t, peer.StreamConfig{Owner: r.node})
	c := dialTCP(t, l)
	write(t, c, strings.Repeat("a request that nobody reads to its end\n", 2000))
	if got := readAll(t, c); got != answer {
		t.Errorf("%d bytes came, want all %d of the answer", len(got), len(answer))
	}
	r.expect(graph.Connect, "")
	for e := r.next(); ; e = r.next() {
		if e.Kind == graph.Message {
			continue
		}
		if e.Kind != graph.Close || !errors.Is(e.Err, peer.ErrClosed) {
			t.Errorf("event of kind %d with error %v, want Close with %v", e.Kind, e.Err, peer.ErrClosed)
		}
		break
	}
}

func TestDialer(t *testing.T) {
	r, far := newRig(t, nil), newRig(t, echo)
	l := listen(t, peer.StreamConfig{Owner: far.node})
	d, err := peer.Dial(peer.StreamConfig{Owner: r.node, Address: "localhost", Port: int(l.LocalAddr().Port())})
	closing(t, d, err)
	p := remote(r.expect(graph.Connect, ""))
	if d.Peer() != p {
		t.Errorf("Peer() = %v, want %v", d.Peer(), p)
	}
	if n, err := p.SendBytes("a", 98, []byte("c")); n != 3 || err != nil {
		t.Errorf("SendBytes(a, 98, c) = %d, %v; want 3, nil", n, err)
	}
	r.expect(graph.Message, "abc")
	remote(far.expect(graph.Connect, "")).Close()
	if e := r.expect(graph.Close, ""); e.Err != nil {
		t.Errorf("Close event with error %v, want nil: the other end closed", e.Err)
	}
	if again := remote(r.expect(graph.Connect, "")); again == p {
		t.Error("the second connection is the same peer as the first")
	}
}

// loopbacks returns the loopback addresses of this machine.
func loopbacks(t *testing.T) (addrs []netip.Addr) {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().IsLoopback() {
			addrs = append(addrs, p.Addr())
		}
	}
	return addrs
}

func TestAddressFamilies(t *testing.T) {
	for _, a := range loopbacks(t) {
		t.Run(a.String(), func(t *testing.T) {
			r := newRig(t, echo)
			l := listen(t, peer.StreamConfig{Owner: r.node, LocalAddress: a.String()})
			d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, LocalAddress: a.String()})
			closing(t, d, err)
			for _, c := range []net.Conn{dialTCP(t, l), dialUDP(t, d.LocalAddr())} {
				write(t, c, "hello")
				if got := receive(t, c); got != "hello" {
					t.Errorf("%s: received %q", c.LocalAddr().Network(), got)
				}
				e := r.next()
				if e.Kind == graph.Connect {
					e = r.next()
				}
				if p := remote(e); p.String() != c.LocalAddr().String() || p.LocalAddr().Addr() != a {
					t.Errorf("%s: the peer is %v at %v, want %v at %v", p.Protocol(), p, p.LocalAddr(), c.LocalAddr(), a)
				}
			}
		})
	}
}
