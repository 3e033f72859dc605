package ops_test

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/udt"
)

// An endpoint is what all operators with sockets have.
type endpoint interface {
	LocalAddr() netip.AddrPort
	Peers() []*peer.Peer
}

const countMessages = `
seen = []
def onReceive(dat, rowIndex, message, bytes, peer):
    seen.append(peer)
    peer.send('%d of one: %s' % (len(seen), all([p == peer for p in seen])), terminator='')
`

var countPackets = strings.NewReplacer(
	"onReceive(", "onReceiveOSC(", "message, bytes, peer", "message, bytes, timeStamp, address, args, peer", "peer.send(", "peer.sendBytes(", ", terminator=''", "",
).Replace(countMessages)

// receivers are operators that others send to, and how.
var receivers = []struct {
	name    string
	op      func(graph.Script) graph.Operator
	dial    func(t *testing.T, at netip.AddrPort) net.Conn
	message string
	sockets string // a parameter that the socket is opened with, and a value
}{
	{"udpin", func(s graph.Script) graph.Operator { return &ops.UdpIn{Hooks: ops.Hooks{Callbacks: s}} }, viaUDP, "hello", "maxmessage=1000"},
	{"tcpip", func(s graph.Script) graph.Operator {
		return &ops.TcpIp{Mode: "server", Hooks: ops.Hooks{Callbacks: s}}
	}, viaTCP, "hello\n", "maxmessage=1000"},
	{"udtin", func(s graph.Script) graph.Operator {
		return &ops.UdtIn{Mode: "server", Udt: ops.Udt{Hooks: ops.Hooks{Callbacks: s}}}
	}, viaUDT, "hello", "maxpeers=7"},
	{"oscin", func(s graph.Script) graph.Operator { return &ops.OscIn{Hooks: ops.Hooks{Callbacks: s}} }, viaUDP, "/a\x00\x00,\x00\x00\x00", "recvbuffer=100000"},
	{"oscin tcp", func(s graph.Script) graph.Operator {
		return &ops.OscIn{Protocol: "tcp", Framing: "size", Hooks: ops.Hooks{Callbacks: s}}
	}, viaTCP, "\x00\x00\x00\x08/a\x00\x00,\x00\x00\x00", "framing=auto"},
	{"oscin udt", func(s graph.Script) graph.Operator {
		return &ops.OscIn{Protocol: "reliablemsging", Hooks: ops.Hooks{Callbacks: s}}
	}, viaUDT, "/a\x00\x00,\x00\x00\x00", "maxpeers=7"},
}

func viaUDP(t *testing.T, at netip.AddrPort) net.Conn { return dialUDP(t, at) }
func viaTCP(t *testing.T, at netip.AddrPort) net.Conn { return dialTCP(t, at) }
func viaUDT(t *testing.T, at netip.AddrPort) net.Conn { return dialUDT(t, at, udt.Messages) }

// TestSocketsStayWhenParametersChange changes parameters of operators that others are connected to.
func TestSocketsStayWhenParametersChange(t *testing.T) {
	for _, tt := range receivers {
		t.Run(tt.name, func(t *testing.T) {
			script := graph.Script{Text: countMessages}
			if strings.HasPrefix(tt.name, "oscin") {
				script.Text = countPackets
			}
			var n *graph.Node
			engine, _ := runLive(t, func(e *graph.Edit) { n = e.Add("in", tt.op(script)) })
			at := func() endpoint { return operator(engine.Do, n).(endpoint) }
			set := func(settings ...string) {
				t.Helper()
				err := engine.Edit(func(e *graph.Edit) {
					for _, s := range settings {
						param, value, _ := strings.Cut(s, "=")
						e.Set(n, param, value)
					}
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			first := at()
			conn := tt.dial(t, first.LocalAddr())
			ask := func(want string) {
				t.Helper()
				send(t, conn, tt.message)
				if got := receive(t, conn); got != want {
					t.Errorf("answer %q, want %q", got, want)
				}
			}
			ask("1 of one: True")
			peers := first.Peers()
			set("maxlines=5", "time=on")
			ask("2 of one: True")
			set("maxlines=6")
			if at() == first || at().LocalAddr() != first.LocalAddr() || !slices.Equal(at().Peers(), peers) {
				t.Errorf("another operator has %v and peers %v, want %v and %v", at().LocalAddr(), at().Peers(), first.LocalAddr(), peers)
			}
			ask("3 of one: True")
			set("callbacks=" + strings.ReplaceAll(script.Text, "seen", "heard"))
			ask("1 of one: True")

			set(tt.sockets)
			for end := time.Now().Add(patience); !at().LocalAddr().IsValid(); {
				if time.Now().After(end) {
					t.Fatal("no other socket was opened")
				}
			}
			conn = tt.dial(t, at().LocalAddr())
			ask("2 of one: False")
			engine.Do(func(*graph.Graph) {
				if s := n.Stats(); s.Inbox.Dropped > 0 || s.Errors > 0 || n.Table().NumRows() != 5 {
					t.Errorf("table has %d rows, and statistics are %+v", n.Table().NumRows(), s)
				}
			})
		})
	}
}

func operator(do func(func(*graph.Graph)), n *graph.Node) (op graph.Operator) {
	do(func(*graph.Graph) { op = n.Operator() })
	return op
}

// TestSendersStayWhenParametersChange changes parameters of operators that send. What they send comes from the same
// socket, unless that is to be another one.
func TestSendersStayWhenParametersChange(t *testing.T) {
	for _, tt := range []struct {
		name             string
		op               func(port int) graph.Operator
		stays, restarts  string
		message, changed string
	}{
		{"udpout", func(port int) graph.Operator { return &ops.UdpOut{Port: port} }, "terminator=!", "replies=on", "/m", "/m!"},
		{"oscout", func(port int) graph.Operator { return &ops.OscOut{Port: port} }, "maxpeers=1024", "replies=on", "/m\x00\x00,\x00\x00\x00", "/m\x00\x00,\x00\x00\x00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, port := listenUDP(t)
			b := &burst{columns: []string{"address"}}
			r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", b), e.Add("out", tt.op(port))) })
			hear := func(want string) string {
				t.Helper()
				r.say(b, "/m")
				buf := make([]byte, 100)
				n, from, err := conn.ReadFrom(buf)
				if err != nil || string(buf[:n]) != want {
					t.Fatalf("received %q, %v, want %q", buf[:n], err, want)
				}
				return from.String()
			}
			set := func(setting string) {
				t.Helper()
				param, value, _ := strings.Cut(setting, "=")
				if err := r.engine.Edit(func(e *graph.Edit) { e.Set(r.g.Node("out"), param, value) }); err != nil {
					t.Fatal(err)
				}
			}
			from := hear(tt.message)
			set(tt.stays)
			if again := hear(tt.changed); again != from {
				t.Errorf("after %s it sends from %s, want %s", tt.stays, again, from)
			}
			set(tt.restarts)
			if again := hear(tt.changed); again == from {
				t.Errorf("after %s it still sends from %s", tt.restarts, from)
			}
			if s := r.g.Node("out").Stats(); s.Errors > 0 {
				t.Errorf("statistics %+v, want no errors", s)
			}
		})
	}
}
