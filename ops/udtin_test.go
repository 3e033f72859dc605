package ops_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/udt"
)

// dialUDT connects to a server.
func dialUDT(t testing.TB, to netip.AddrPort, mode udt.Mode) *udt.Conn {
	t.Helper()
	c, err := udt.Dial(t.Context(), "udp", to.String(), &udt.Config{Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, c)
}

func newUdtServer(t testing.TB, op *ops.UdtIn) *rig {
	t.Helper()
	op.Mode = "server"
	return newRig(t, func(e *graph.Edit) { e.Add("in", op) })
}

func TestUdtInFormats(t *testing.T) {
	tests := []struct {
		protocol, format string
		sent             []string
		want             []string
	}{
		{"reliablemsging", "permessage", []string{"a\nb", "c"}, []string{"a\nb", "c"}},
		{"reliablemsging", "perline", []string{"a\nb", "c\r\n"}, []string{"a", "b", "c"}},
		{"reliablemsging", "perbyte", []string{"ab", "c"}, []string{"a", "b", "c"}},
		{"faststreaming", "permessage", []string{"whatever\n"}, []string{"whatever\n"}},
		{"faststreaming", "perline", []string{"a\nb", "c\r\nlast"}, []string{"a", "bc", "last"}},
		{"faststreaming", "perbyte", []string{"ab", "c"}, []string{"a", "b", "c"}},
		{"faststreaming", "size", []string{"\x00\x00\x00\x02a", "b\x00\x00\x00\x01c"}, []string{"ab", "c"}},
		{"faststreaming", "slip", []string{"\xc0ab\xc0", "\xc0c\xc0"}, []string{"ab", "c"}},
	}
	for _, tt := range tests {
		t.Run(tt.protocol+" "+tt.format, func(t *testing.T) {
			op := &ops.UdtIn{Udt: ops.Udt{Protocol: tt.protocol, Format: tt.format}}
			r := newUdtServer(t, op)
			rows := r.watch("in")
			mode := udt.Messages
			if tt.protocol == "faststreaming" {
				mode = udt.Stream
			}
			c := dialUDT(t, op.LocalAddr(), mode)
			send(t, c, tt.sent...)
			c.Close() // waits until all has come
			r.cookUntil("rows", has(rows, len(tt.want)))
			expect(t, "rows", *rows, tt.want...)
		})
	}
}

// Two operators talk: the callbacks of both ends are called in order, and the client comes back.
func TestUdtInCallbacks(t *testing.T) {
	var server, client journal
	in := &ops.UdtIn{Udt: ops.Udt{Hooks: server.hooks()}}
	r := newUdtServer(t, in)
	out := &ops.UdtIn{Port: int(in.LocalAddr().Port()), Udt: ops.Udt{Hooks: client.hooks()}}
	out.OnConnect = func(_ *ops.Dat, p peer.Handle) error {
		_, err := p.Send("", fmt.Sprint("hello to ", p.Protocol()))
		return err
	}
	in.OnReceive = func(dat *ops.Dat, m ops.Received) error {
		if _, err := dat.Send("", "welcome"); err != nil {
			return err
		}
		if !m.Peer.Close() {
			t.Error("Handle.Close is not true")
		}
		return server.note("%s", m.Message)
	}
	if err := r.engine.Edit(func(e *graph.Edit) { e.Add("client", out) }); err != nil {
		t.Fatal(err)
	}
	r.cookUntil("two visits", func() bool { return len(server.lines) >= 6 && len(client.lines) >= 4 })
	for i, line := range server.lines[:6] {
		want := []string{"connect", "hello to udt", "close"}[i%3]
		if len(line) < len(want) || line[:len(want)] != want {
			t.Errorf("call %d of the server is %q, want %s", i, line, want)
		}
	}
	at := in.LocalAddr().String()
	expect(t, "calls of the client", client.lines[:4], "welcome "+at, "close "+at, "welcome "+at, "close "+at)
}

// The examples of TouchDesigner's page on peers, to a peer by UDT: each call is a message.
func TestPeerExamplesByUDT(t *testing.T) {
	op := &ops.UdtIn{}
	op.Callbacks = graph.Script{Text: `
def onReceive(dat, rowIndex, message, bytes, n):
    vals = [1, b'abc', 'apple', [6,7,8], True, None, float("infinity")]
    sent = [
        n.sendBytes( 'TYPE', 23, 255, 12, 0x34, b'\x01\x00\x02\x00\x03\x00\x00\x00'),
        n.sendOSC('/abc', vals),
        n.send('Hello', 'World',  terminator='\r\n'),
        n.send('x'),
    ]
    n.sendBytes(str(sent), ' ', n.owner.name, ' ', n.address, ' ', n.hostname, ' ', str(n.port))
    n.close()
`}
	r := newUdtServer(t, op)
	c := dialUDT(t, op.LocalAddr(), udt.Messages)
	send(t, c, "go")
	r.cookUntil("the answers", func() bool { return r.g.Node("in").Stats().Sent >= 6 })
	if err := r.g.Node("in").Err(); err != nil {
		t.Fatal(err)
	}
	at := c.LocalAddr().(*net.UDPAddr)
	for _, want := range []string{
		"TYPE\x17\xff\f4\x01\x00\x02\x00\x03\x00\x00\x00",
		"/abc\x00\x00\x00\x00,ibs[iii]TNI\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x03abc\x00apple\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\a\x00\x00\x00\b",
		"Hello\r\nWorld\r\n", "x\x00",
		fmt.Sprintf("[16, 56, 14, 2] in 127.0.0.1 127.0.0.1 %d", at.Port),
	} {
		if got := receive(t, c); got != want {
			t.Errorf("a message is %q, want %q", got, want)
		}
	}
	if _, err := c.Read(nil); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last message: %v, want io.EOF", err)
	}
}
