package ops_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer/udt"
)

// listenUDT returns a server, and its port.
func listenUDT(t testing.TB, mode udt.Mode) (*udt.Listener, int) {
	t.Helper()
	l, err := udt.Listen("udp", "127.0.0.1:0", &udt.Config{Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, l.Addr().(*net.UDPAddr).Port
}

// newSource returns a rig with an operator that sends the rows of a burst, and its node out.
func newSource(t testing.TB, op graph.Operator) (*rig, *burst) {
	t.Helper()
	source := &burst{columns: []string{"message"}}
	return newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", op)) }), source
}

// say has a row sent with that message.
func (r *rig) say(b *burst, text string) {
	b.todo = append(b.todo, func(w *table.Writer) {
		w.Row()
		w.SetString(0, text)
	})
	r.cook()
}

func TestUdtOutServer(t *testing.T) {
	op := &ops.UdtOut{}
	r, b := newSource(t, op)
	rows := r.watch("out")
	r.say(b, "nobody hears this")
	if n := r.g.Node("out").Loss("unsent").Load(); n != 1 {
		t.Errorf("counter unsent is %d with nobody connected, want 1", n)
	}
	var clients []*udt.Conn
	for i := range 2 {
		clients = append(clients, dialUDT(t, op.LocalAddr(), udt.Messages))
		r.cookUntil("a connection", func() bool { return r.g.Node("out").Stats().Inbox.Events > uint64(i) })
	}
	r.say(b, "to all")
	for _, c := range clients {
		if got := receive(t, c); got != "to all" {
			t.Errorf("a client received %q, want %q", got, "to all")
		}
	}
	r.say(b, "once")
	r.say(b, "and no more")
	for _, c := range clients {
		if got := receive(t, c) + ", " + receive(t, c); got != "once, and no more" {
			t.Errorf("a client received %q, want %q", got, "once, and no more")
		}
	}
	send(t, clients[1], "a reply")
	r.cookUntil("a row", has(rows, 1))
	expect(t, "rows", *rows, "a reply")
}

// What a client has to send before it is connected, and between two connections, waits.
func TestUdtOutClientKeepsRows(t *testing.T) {
	for _, mode := range []udt.Mode{udt.Messages, udt.Stream} {
		t.Run(fmt.Sprint(mode), func(t *testing.T) {
			l, port := listenUDT(t, mode)
			op := &ops.UdtOut{Mode: "client", Port: port}
			want := "first"
			if mode == udt.Stream {
				op.Protocol, op.Format, want = "faststreaming", "size", "\x00\x00\x00\x05first"
			}
			r, b := newSource(t, op)
			for visit := range uint64(2) {
				r.say(b, "first")
				c, err := l.Accept()
				if err != nil {
					t.Fatal(err)
				}
				closing(t, c)
				r.cookUntil("the row to be sent", func() bool { return r.g.Node("out").Stats().Sent > 2*visit })
				if got := receive(t, c); got != want {
					t.Errorf("server received %q, want %q", got, want)
				}
				c.Close()
				r.cookUntil("the end", func() bool { return r.g.Node("out").Stats().Sent > 2*visit+1 })
			}
		})
	}
}

// The ends of connections are cooked after all has been closed, which is no error of what was sending.
func TestUdtOutEndsWell(t *testing.T) {
	op := &ops.UdtOut{}
	r, b := newSource(t, op)
	c := dialUDT(t, op.LocalAddr(), udt.Messages)
	r.cookUntil("a connection", func() bool { return r.g.Node("out").Stats().Inbox.Events > 0 })
	r.say(b, "hello")
	if got := receive(t, c); got != "hello" {
		t.Errorf("the client received %q, want hello", got)
	}
	r.close()
	if err := r.g.Node("out").Err(); err != nil {
		t.Errorf("after the end the node's error is %v, want nil", err)
	}
}

// An empty message, which UDT does not have, is no message that nobody misses.
func TestUdtOutEmptyMessage(t *testing.T) {
	l, port := listenUDT(t, udt.Messages)
	r, b := newSource(t, &ops.UdtOut{Mode: "client", Port: port})
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	closing(t, c)
	r.say(b, "")
	if err := r.g.Node("out").Err(); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("after a row with an empty cell the node's error is %v, want one that says so", err)
	}
	r.say(b, "next")
	r.cookUntil("the next row to be sent", func() bool { return r.g.Node("out").Stats().Sent > 0 })
	if got := receive(t, c); got != "next" {
		t.Errorf("the server received %q, want the next row", got)
	}
}

func TestUdtOutHoldsSoMuch(t *testing.T) {
	gone, port := listenUDT(t, udt.Messages)
	gone.Close()
	r, b := newSource(t, &ops.UdtOut{Mode: "client", Port: port})
	for range 1025 {
		r.say(b, "x")
	}
	n := r.g.Node("out")
	if lost := n.Loss("unsent").Load(); lost != 1 || n.Err() == nil {
		t.Errorf("after 1025 rows without a server unsent is %d, error %v; want 1 and an error", lost, n.Err())
	}
	r.close()
	if lost := n.Loss("unsent").Load(); lost != 1025 {
		t.Errorf("after the end unsent is %d, want 1025", lost)
	}
}

// OSC goes from one node to another by UDT, whichever of the two listens.
func TestOscByUDT(t *testing.T) {
	tests := map[string]struct {
		in  func(port int) *ops.OscIn
		out func(port int) *ops.OscOut
	}{
		"to a server": {
			func(port int) *ops.OscIn { return &ops.OscIn{Port: port} },
			func(port int) *ops.OscOut { return &ops.OscOut{Port: port} },
		},
		"to a client": {
			func(port int) *ops.OscIn { return &ops.OscIn{Port: port, Mode: "client", Address: "127.0.0.1"} },
			func(port int) *ops.OscOut { return &ops.OscOut{Port: port, Mode: "server"} },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			port := freePort(t)
			in, out := tt.in(port), tt.out(port)
			in.Protocol, out.Protocol = "reliablemsging", "reliablemsging"
			source := &burst{columns: []string{"address", "arg1"}}
			r := newRig(t, func(e *graph.Edit) {
				e.Wire(e.Add("source", source), e.Add("out", out))
				e.Add("in", in)
			})
			rows := r.watch("in")
			r.cookUntil("the connection", func() bool {
				return r.g.Node("in").Stats().Inbox.Events > 0 && r.g.Node("out").Stats().Inbox.Events > 0
			})
			source.add(2)
			r.cook()
			r.cookUntil("rows", has(rows, 2))
			expect(t, "rows", *rows, "/abc|1", "/abc|2")
		})
	}
}

// freePort returns a UDP port that nobody uses now.
func freePort(t *testing.T) int {
	t.Helper()
	c, port := listenUDP(t)
	c.Close()
	return port
}
