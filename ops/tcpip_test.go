package ops_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
)

// newServer starts a tcpip server called in.
func newServer(t testing.TB, op *ops.TcpIp) *rig {
	t.Helper()
	op.Mode = "server"
	return newRig(t, func(e *graph.Edit) { e.Add("in", op) })
}

func TestTcpIpFormats(t *testing.T) {
	tests := []struct {
		format, sent string
		want         []string
	}{
		{"perline", "a\nb\rc\r\n\r\nd\x00last", []string{"a", "b", "c", "", "d", "last"}},
		{"perbyte", "ab\n", []string{"a", "b", "\n"}},
		{"size", "\x00\x00\x00\x02ab\x00\x00\x00\x01c", []string{"ab", "c"}},
		{"slip", "\xc0ab\xc0\xc0c\xdb\xdc\xc0", []string{"ab", "c\ufffd"}},
		{"all", "whatever\n", []string{"whatever\n"}},
		{"perline", "caf\xe9\xff!\n", []string{"caf\ufffd\ufffd!"}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %q", tt.format, tt.sent), func(t *testing.T) {
			op := &ops.TcpIp{Format: tt.format}
			r := newServer(t, op)
			rows := r.watch("in")
			c := dialTCP(t, op.LocalAddr())
			send(t, c, tt.sent)
			if err := c.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			r.cookUntil("rows", has(rows, len(tt.want)))
			expect(t, "rows", *rows, tt.want...)
		})
	}
}

func TestTcpIpTooLongLine(t *testing.T) {
	op := &ops.TcpIp{MaxMessage: 4}
	r := newServer(t, op)
	rows := r.watch("in")
	send(t, dialTCP(t, op.LocalAddr()), "12345\nok\n")
	r.cookUntil("a row", has(rows, 1))
	expect(t, "rows", *rows, "ok")
	if n := r.g.Node("in").Counter("toolong").Load(); n != 1 {
		t.Errorf("counter toolong is %d, want 1", n)
	}
}

func TestTcpIpExtraColumns(t *testing.T) {
	op := &ops.TcpIp{Extras: ops.Extras{Bytes: true, Peer: true}}
	r := newServer(t, op)
	rows := r.watch("in")
	c := dialTCP(t, op.LocalAddr())
	send(t, c, "h\xe9\n")
	r.cookUntil("a row", has(rows, 1))
	expect(t, "rows", *rows, fmt.Sprintf("h\ufffd|%s|68e9", c.LocalAddr()))
}

// A journal is Go hooks that write down what they are called for.
type journal struct{ lines []string }

func (j *journal) note(format string, args ...any) error {
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
	return nil
}

func (j *journal) hooks() ops.Hooks {
	return ops.Hooks{
		OnConnect: func(_ *ops.Dat, p peer.Handle) error { return j.note("connect %s", p) },
		OnReceive: func(_ *ops.Dat, m ops.Received) error { return j.note("%s %s", m.Message, m.Peer) },
		OnClose:   func(_ *ops.Dat, p peer.Handle) error { return j.note("close %s", p) },
	}
}

// check reports what was not called in order for a connection with that many messages.
func (j *journal) check(t *testing.T, who net.Addr, messages int) {
	t.Helper()
	var of []string
	for _, line := range j.lines {
		if strings.HasSuffix(line, " "+who.String()) {
			of = append(of, strings.Fields(line)[0])
		}
	}
	want := []string{"connect"}
	for i := range messages {
		want = append(want, fmt.Sprint(i))
	}
	expect(t, "hooks of one connection", of, append(want, "close")...)
}

func TestConnectFirstCloseLastOnce(t *testing.T) {
	var j journal
	op := &ops.TcpIp{Hooks: j.hooks()}
	r := newServer(t, op)
	var clients []*net.TCPConn
	for range 8 {
		c := dialTCP(t, op.LocalAddr())
		for i := range 50 {
			send(t, c, fmt.Sprintf("%d\n", i))
		}
		clients = append(clients, c)
	}
	for _, c := range clients[:4] {
		if err := c.CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	r.cookUntil("all messages and four ends", func() bool { return len(j.lines) == 8+8*50+4 })
	r.close() // the other four are connected
	for _, c := range clients {
		j.check(t, c.LocalAddr(), 50)
	}
}

func TestTcpIpSends(t *testing.T) {
	op := &ops.TcpIp{}
	op.OnReceive = func(dat *ops.Dat, m ops.Received) error {
		n, err := dat.Send("", "all:", m.Message, "\n")
		if want := 2 * (len(m.Message) + 5); n != want {
			t.Errorf("Dat.Send to two peers = %d, want %d", n, want)
		}
		if got := len(dat.Peers()); got != 2 {
			t.Errorf("Dat.Peers() has %d, want 2", got)
		}
		return err
	}
	r := newServer(t, op)
	a, b := dialTCP(t, op.LocalAddr()), dialTCP(t, op.LocalAddr())
	r.cookUntil("two connections", func() bool { return len(op.Peers()) == 2 && len(r.g.Node("in").Faults()) == 0 && connected(r) == 2 })
	send(t, a, "x\n")
	cooked := r.g.Node("in").Stats().Sent
	r.cookUntil("an answer", func() bool { return r.g.Node("in").Stats().Sent == cooked+2 })
	for _, c := range []net.Conn{a, b} {
		if got := receive(t, c); got != "all:x\n" {
			t.Errorf("a client received %q, want %q", got, "all:x\n")
		}
	}
	if n, err := op.SendBytes("now", 10); n != 8 || err != nil {
		t.Errorf("SendBytes from outside = %d, %v, want 8, nil", n, err)
	}
	if got := receive(t, b); got != "now\n" {
		t.Errorf("a client received %q, want %q", got, "now\n")
	}
}

// connected returns how many Connect events were counted.
func connected(r *rig) uint64 { return r.g.Node("in").Stats().Inbox.Events }

func TestTcpIpClient(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	op := &ops.TcpIp{Port: l.Addr().(*net.TCPAddr).Port}
	op.OnConnect = func(_ *ops.Dat, p peer.Handle) error {
		_, err := p.Send("\n", "hello")
		return err
	}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	rows := r.watch("in")
	for i := range 2 { // it connects again
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		closing(t, c)
		r.cookUntil("the greeting", func() bool { return r.g.Node("in").Stats().Sent >= uint64(2*i+1) })
		if got := receive(t, c); got != "hello\n" {
			t.Errorf("server received %q, want %q", got, "hello\n")
		}
		send(t, c, fmt.Sprintf("welcome %d\n", i))
		r.cookUntil("a row", has(rows, i+1))
		c.Close()
		r.cookUntil("the end", func() bool { return r.g.Node("in").Stats().Sent >= uint64(2*i+2) })
	}
	expect(t, "rows", *rows, "welcome 0", "welcome 1")
}

func TestClosePeerFromHook(t *testing.T) {
	op := &ops.TcpIp{}
	op.OnReceive = func(_ *ops.Dat, m ops.Received) error {
		if _, err := m.Peer.Send("", "bye"); err != nil {
			return err
		}
		if !m.Peer.Close() || m.Peer.Close() {
			t.Error("Handle.Close is not true once")
		}
		if _, err := m.Peer.Send("", "more"); !errors.Is(err, peer.ErrClosed) {
			t.Errorf("Send after Close: %v, want ErrClosed", err)
		}
		return nil
	}
	var ended int
	op.OnClose = func(*ops.Dat, peer.Handle) error { ended++; return nil }
	r := newServer(t, op)
	c := dialTCP(t, op.LocalAddr())
	send(t, c, "x\n")
	r.cookUntil("the close", func() bool { return r.g.Node("in").Stats().Sent >= 2 })
	if got, err := io.ReadAll(c); string(got) != "bye" || err != nil {
		t.Errorf("client read %q, %v, want bye", got, err)
	}
	c.Close()
	r.cookUntil("onClose", func() bool { return ended == 1 })
}
