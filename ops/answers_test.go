package ops_test

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// answer reads a datagram from sink and sends packets back to where it came from.
func answer(t *testing.T, sink *net.UDPConn, packets ...string) {
	t.Helper()
	_, from, err := sink.ReadFromUDPAddrPort(make([]byte, 1<<16))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packets {
		if _, err := sink.WriteToUDPAddrPort([]byte(p), netip.AddrPortFrom(from.Addr().Unmap(), from.Port())); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUdpOutHasReplies(t *testing.T) {
	sink, port := listenUDP(t)
	out := &ops.UdpOut{Port: port, Answers: ops.Answers{Replies: true, Extras: ops.Extras{Peer: true}}, Format: "perline"}
	var heard []string
	out.OnReceive = func(dat *ops.Dat, m ops.Received) error {
		heard = append(heard, fmt.Sprint(m.Message, m.RowIndex, m.Peer == dat.Peers()[0]))
		_, err := dat.Send("", "thanks")
		return err
	}
	source := &burst{columns: []string{"a"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", out)) })
	rows := r.watch("out")
	source.add(1)
	r.cook()
	answer(t, sink, "yes\nno\n")
	r.cookUntil("two replies", has(rows, 2))
	expect(t, "rows", *rows, fmt.Sprintf("yes|127.0.0.1:%d", port), fmt.Sprintf("no|127.0.0.1:%d", port))
	expect(t, "onReceive", heard, "yes0 true", "no1 true")
	if got := receive(t, sink); got != "thanks" {
		t.Errorf("dat.Send of an udpout sent %q to its destination, want thanks", got)
	}
}

func TestOscOutHasReplies(t *testing.T) {
	sink, port := listenUDP(t)
	out := &ops.OscOut{Port: port, AddScope: "/ack", Answers: ops.Answers{Replies: true}}
	source := &burst{columns: []string{"address", "arg1"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", out)) })
	rows := r.watch("out")
	source.add(1)
	r.cook()
	answer(t, sink, string(build(t, func(b *osc.Builder) { floatMessage(b, "/other") })), string(build(t, func(b *osc.Builder) { floatMessage(b, "/ack") })))
	r.cookUntil("a reply", has(rows, 1))
	if len(*rows) != 1 || (*rows)[0][:4] != "/ack" {
		t.Errorf("replies /other and /ack with addscope /ack made the rows %q, want one, of /ack", *rows)
	}
}

func TestRepliesThatNobodyReads(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.UdpOut{Port: 1, Format: "perline", Answers: ops.Answers{Extras: ops.Extras{Bytes: true}}}),
		"add /n: format: it is for replies: on", "add /n: bytes: it is for replies: on", "wire /n: udpout has 0 inputs; it takes 1 or more")
}

// Who sent datagrams is what was cooked of them: no more, whoever has sent since, and no less.
func TestPeersAreThoseThatWereCooked(t *testing.T) {
	in := &ops.UdpIn{Access: ops.Access{IdleTimeout: 100 * time.Millisecond, MaxPeers: 2}}
	var seen []string
	in.OnReceive = func(dat *ops.Dat, m ops.Received) error {
		var ports []int
		for _, p := range dat.Peers() {
			ports = append(ports, p.Port())
		}
		seen = append(seen, fmt.Sprint(m.Message, ports))
		if m.Message == "bye" {
			m.Peer.Close()
		}
		return nil
	}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Add("in", in) }); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{FPS: 10, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	n, peers := g.Node("in"), map[uint16]*peer.Peer{}
	put := func(port uint16, message string) {
		p := peers[port]
		if p == nil {
			p = peer.NewOffline(peer.OfflineConfig{Owner: n, Protocol: "udp", Addr: netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), port)})
			peers[port] = p
		}
		if err := n.Inbox().Put(graph.Event{Peer: p, Data: []byte(message)}); err != nil {
			t.Fatal(err)
		}
	}
	put(1, "a")
	put(2, "b")
	e.Step()
	put(3, "c") // one too many
	put(2, "d")
	e.Step()
	put(2, "e") // in time
	e.Step()
	put(2, "f") // the other one was silent for longer than 100 ms
	e.Step()
	put(3, "bye")
	put(2, "g")
	e.Step()
	expect(t, "peers", seen, "a[1]", "b[1 2]", "c[2 3]", "d[3 2]", "e[3 2]", "f[2]", "bye[2 3]", "g[2]")
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
