package peer_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// echo answers every message with itself.
func echo(c *graph.Cook, e graph.Event) {
	if e.Kind == graph.Message {
		remote(e).In(c).SendBytes(e.Data)
	}
}

func dialUDP(t testing.TB, to netip.AddrPort) *net.UDPConn {
	t.Helper()
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	return closing(t, c, err)
}

func receive(t testing.TB, c net.Conn) string {
	t.Helper()
	buf := make([]byte, 1<<17)
	n, err := c.Read(buf)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return string(buf[:n])
}

func TestDatagramEcho(t *testing.T) {
	r := newRig(t, echo)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(t, d, err)
	if got, want := r.log.String(), fmt.Sprintf("msg=listening node=/in proto=udp addr=%v", d.LocalAddr()); !strings.Contains(got, want) {
		t.Errorf("log is %q, want it to have %q", got, want)
	}
	c := dialUDP(t, d.LocalAddr())
	var first *peer.Peer
	for _, message := range []string{"one", "two", strings.Repeat("x", peer.MaxDatagram), ""} {
		if _, err := c.Write([]byte(message)); err != nil {
			t.Fatal(err)
		}
		e := r.expect(graph.Message, message)
		if got := receive(t, c); got != message {
			t.Errorf("answer to %.20q is %.20q", message, got)
		}
		if first == nil {
			first = remote(e)
		}
		if remote(e) != first {
			t.Errorf("%.20q came from another peer than the first message", message)
		}
	}
	if got, want := first.String(), c.LocalAddr().String(); got != want || first.Protocol() != "udp" || first.Owner() != r.node {
		t.Errorf("peer is %s %s of %s, want udp %s of /in", first.Protocol(), got, first.Owner(), want)
	}
}

func TestDialDatagram(t *testing.T) {
	in, out := newRig(t, echo), newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: in.node})
	closing(t, d, err)
	o, err := peer.DialDatagram(peer.DatagramConfig{Owner: out.node, Address: "localhost", Port: int(d.LocalAddr().Port())})
	closing(t, o, err)
	n, err := o.Peer().SendOSC(osc.Options{}, osc.Pair{Address: "/a", Values: []any{1}})
	if n != 12 || err != nil {
		t.Errorf("SendOSC(/a, 1) = %d, %v; want 12, nil", n, err)
	}
	in.expect(graph.Message, "/a\x00\x00,i\x00\x00\x00\x00\x00\x01")
	e := out.expect(graph.Message, "/a\x00\x00,i\x00\x00\x00\x00\x00\x01")
	if remote(e) != o.Peer() {
		t.Errorf("the answer came from %v, want the peer that was dialled, %v", e.Peer, o.Peer())
	}
}

func TestCloseReadsWhatHasArrived(t *testing.T) {
	const messages = 500
	for range 20 {
		r := newRig(t, nil)
		d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("udp", d.LocalAddr().String())
		if err != nil {
			t.Fatal(err)
		}
		for range messages {
			if _, err := c.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(d.Close(), c.Close()); err != nil {
			t.Fatal(err)
		}
		if got := r.node.Inbox().Stats().Events; got != messages {
			t.Fatalf("%d of %d datagrams that had arrived were read before Close returned", got, messages)
		}
	}
}
