package ops_test

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/osc"
)

func message(t testing.TB, address string, v float32) string {
	return string(build(t, func(b *osc.Builder) {
		b.BeginMessage(address)
		b.Float32(v)
		b.EndMessage()
	}))
}

// nested is a bundle with a message, and a bundle of two in it.
func nested(b *osc.Builder) {
	b.BeginBundle(osc.Immediately)
	floatMessage(b, "/a")
	b.BeginBundle(osc.TimeTag(1 << 63))
	floatMessage(b, "/b/x")
	tuioMessage(b)
	b.EndBundle()
	b.EndBundle()
}

func TestOscInColumns(t *testing.T) {
	bundle := string(build(t, nested))
	every := string(build(t, everyType))
	tests := []struct {
		name string
		op   *ops.OscIn
		sent string
		want []string // the columns, then the rows
	}{
		{"messages of a bundle", &ops.OscIn{}, bundle, []string{
			"address arg1 arg2 arg3 arg4 arg5 arg6 arg7",
			"/a|0.25||||||", "/b/x|0.25||||||", "/tuio/2Dcur|set|12|0.5|0.5|0.5|0.5|0.5",
		}},
		{"scope", &ops.OscIn{AddScope: "/a /t* ^*Dcur"}, bundle, []string{"address arg1", "/a|0.25"}},
		{"types and time", &ops.OscIn{TypeTag: true, BundleTimestamp: true, AddScope: "/a /b*"}, bundle, []string{
			"address types timestamp arg1", "/a|f|" + timeTag(1) + "|0.25", "/b/x|f|" + timeTag(1<<63) + "|0.25",
		}},
		{"a message has no bundle's time", &ops.OscIn{BundleTimestamp: true}, message(t, "/a", 2), []string{
			"address timestamp arg1", "/a||2",
		}},
		{"messages as text", &ops.OscIn{SplitMessage: graph.Off}, bundle, []string{
			"message", "/a 0.25", "/b/x 0.25", `/tuio/2Dcur "set" 12 0.5 0.5 0.5 0.5 0.5`,
		}},
		{"bundle as a row", &ops.OscIn{SplitBundle: graph.Off, BundleTimestamp: true, AddScope: "^/t*"}, bundle, []string{
			"address timestamp arg1 arg2", "#bundle|" + timeTag(1) + "|[/a, 0.25]|[/b/x, 0.25]",
		}},
		{"bundle as text", &ops.OscIn{SplitBundle: graph.Off, SplitMessage: graph.Off, AddScope: "^/t*"}, bundle, []string{
			"message", "/a 0.25\n/b/x 0.25",
		}},
		{"packet in bytes", &ops.OscIn{Extras: ops.Extras{Bytes: true}}, "/a\x00\x00,\x00\x00\x00", []string{
			"address bytes", "/a|2f6100002c000000",
		}},
		{"no type tags", &ops.OscIn{}, "/a\x00\x00", []string{"address", "/a"}},
		{"arrays", &ops.OscIn{SplitMessage: graph.On}, every, []string{
			"address " + columns(17),
			"/every|-1|0.1|text é|0001ff|7|0.1|" + timeTag(1<<63) + "|sym|x|01020304|01903c7f|true|false||infinitum|[1, [deep, ]]|9",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, func(e *graph.Edit) { e.Add("in", tt.op) })
			rows := r.watch("in")
			send(t, dialUDP(t, tt.op.LocalAddr()), tt.sent)
			r.cookUntil("rows", has(rows, len(tt.want)-1))
			var names []string
			for _, name := range r.g.Node("in").Table().Schema().Names() {
				names = append(names, name)
			}
			expect(t, "columns and rows", append([]string{strings.Join(names, " ")}, *rows...), tt.want...)
		})
	}
}

func columns(n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("arg%d", i+1))
	}
	return strings.Join(names, " ")
}

func timeTag(t uint64) string { return fmt.Sprintf("%016x", t) }

func TestOscInMalformed(t *testing.T) {
	op := &ops.OscIn{}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	rows := r.watch("in")
	unknown := string(build(t, func(b *osc.Builder) {
		b.BeginBundle(osc.Immediately)
		floatMessage(b, "/b")
		floatMessage(b, "/c")
		b.EndBundle()
	}))
	unknown = strings.Replace(unknown, ",f", ",?", 1)
	send(t, dialUDP(t, op.LocalAddr()), "rubbish", message(t, "/a", 1), unknown)
	r.cookUntil("rows", has(rows, 2))
	expect(t, "rows", *rows, "/a|1", "/c|0.25")
	n := r.g.Node("in")
	if got := n.Stats().Inbox.Malformed; got != 1 {
		t.Errorf("Malformed = %d, want 1", got)
	}
	if got := n.Counter("discarded").Load(); got != 1 {
		t.Errorf("counter discarded = %d, want 1", got)
	}
}

func TestOscInTCPAnswersInKind(t *testing.T) {
	for _, format := range []framing.Format{framing.Size, framing.SLIP} {
		t.Run(format.String(), func(t *testing.T) {
			op := &ops.OscIn{Protocol: "tcp"}
			op.OnReceiveOSC = func(_ *ops.Dat, m ops.ReceivedOSC) error {
				f, _ := m.Args[0].Number()
				_, err := m.Peer.SendOSC(osc.Options{}, osc.Pair{Address: "/ack" + m.Address, Values: float32(f)})
				return err
			}
			r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
			c := dialTCP(t, op.LocalAddr())
			send(t, c, string(format.Append(nil, []byte(message(t, "/a", 0.5)))))
			r.cookUntil("an answer", func() bool { return r.g.Node("in").Stats().Sent == 1 })
			want := string(format.Append(nil, []byte(message(t, "/ack/a", 0.5))))
			if got := receive(t, c); got != want {
				t.Errorf("received %q, want %q", got, want)
			}
		})
	}
}

func TestOscInTCPClosesOnBadLength(t *testing.T) {
	var ends []string
	op := &ops.OscIn{Protocol: "tcp", MaxMessage: 1 << 10}
	op.OnClose = func(_ *ops.Dat, p peer.Handle) error { ends = append(ends, p.String()); return nil }
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	c := dialTCP(t, op.LocalAddr())
	send(t, c, string(binary.BigEndian.AppendUint32(nil, 1<<20)))
	r.cookUntil("the end", has(&ends, 1))
	expect(t, "ends", ends, c.LocalAddr().String())
}

func TestOscInMistakes(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.OscIn{Protocol: "multicastmsging"}),
		"add /n: protocol: multicastmsging needs address, the group to join")
	var blamed []string
	for _, m := range mistakes(&ops.OscIn{
		Address: "10.0.0.1", AddScope: "/a[", Access: ops.Access{Allow: []string{"x", "y"}, LocalAddress: "nowhere"},
	}) {
		blamed = append(blamed, strings.Fields(m)[2])
	}
	expect(t, "parameters with mistakes", blamed, "allow:", "allow:", "localaddress:", "address:", "addscope:")
	expect(t, "mistakes", mistakes(&ops.OscIn{Protocol: "tcp", Address: "239.255.0.1"}),
		"add /n: address: it is for multicast and for clients; where tcp listens is localaddress")
	expect(t, "mistakes", mistakes(&ops.OscIn{Protocol: "reliablemsging", Mode: "client"}),
		"add /n: mode: a client needs address and port, to connect to")
}

// Parameters that say something are not passed over in silence.
func TestMisplacedParameters(t *testing.T) {
	stream := ops.StreamOptions{SlowPeer: "drop", KeepAlive: graph.Off}
	tests := []struct {
		name string
		op   graph.Operator
		want []string
	}{
		{"UDP in", &ops.OscIn{Framing: "slip", Mode: "client", StreamOptions: stream}, []string{"framing:", "mode:", "slowpeer:", "keepalive:"}},
		{"TCP in", &ops.OscIn{Protocol: "tcp", RecvBuffer: 1 << 20, Mode: "client"}, []string{"mode:", "recvbuffer:"}},
		{"UDT in", &ops.OscIn{Protocol: "reliablemsging", RecvBuffer: 1 << 20, Framing: "size"}, []string{"framing:", "recvbuffer:"}},
		{"what UDT in takes", &ops.OscIn{Protocol: "reliablemsging", Mode: "client", Address: "desk", Port: 1, StreamOptions: stream}, nil},
		{"UDP out", &ops.OscOut{Port: 1, Mode: "server", StreamOptions: stream}, []string{"mode:", "slowpeer:", "keepalive:"}},
		{"UDT server out", &ops.OscOut{Protocol: "reliablemsging", Mode: "server", Address: "desk"}, []string{"address:"}},
		{"no group", &ops.OscOut{Port: 1, Protocol: "multicastmsging"}, []string{"address:"}},
		{"no port", &ops.OscOut{}, []string{"port:"}},
		{"udtin server", &ops.UdtIn{Mode: "server", Address: "desk", LocalPort: 7}, []string{"address:", "localport:"}},
		{"udtin client", &ops.UdtIn{}, []string{"port:"}},
		{"udtout framing", &ops.UdtOut{Udt: ops.Udt{Format: "slip"}}, []string{"format:"}},
	}
	for _, tt := range tests {
		var blamed []string
		for _, m := range mistakes(tt.op) {
			if f := strings.Fields(m)[2]; strings.HasSuffix(f, ":") {
				blamed = append(blamed, f)
			}
		}
		expect(t, tt.name, blamed, tt.want...)
	}
}

func TestUdpInFormats(t *testing.T) {
	tests := []struct {
		format, sent string
		want         []string
	}{
		{"permessage", "a\nb\n", []string{"a\nb\n"}},
		{"permessage", "", []string{""}},
		{"perline", "a\r\nb\rc\x00\nlast", []string{"a", "b", "c", "", "last"}},
		{"perbyte", "ab", []string{"a", "b"}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %q", tt.format, tt.sent), func(t *testing.T) {
			op := &ops.UdpIn{Format: tt.format}
			var called []string
			op.OnReceive = func(_ *ops.Dat, m ops.Received) error { called = append(called, string(m.Bytes)); return nil }
			r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
			rows := r.watch("in")
			send(t, dialUDP(t, op.LocalAddr()), tt.sent)
			r.cookUntil("rows", has(rows, len(tt.want)))
			expect(t, "rows", *rows, tt.want...)
			expect(t, "messages of hooks", called, tt.want...)
		})
	}
}

// Answers of the operator itself go to who sent last, as cooked.
func TestUdpInAnswersLastSender(t *testing.T) {
	op := &ops.UdpIn{}
	op.OnReceive = func(dat *ops.Dat, m ops.Received) error {
		_, err := dat.Send("", "re:"+m.Message)
		return err
	}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	if n, err := op.Send("", "nobody"); n != 0 || err != nil {
		t.Errorf("Send before anybody sent = %d, %v, want 0, nil", n, err)
	}
	a, b := dialUDP(t, op.LocalAddr()), dialUDP(t, op.LocalAddr())
	send(t, a, "a")
	r.cookUntil("a", func() bool { return r.g.Node("in").Stats().Sent == 1 })
	send(t, b, "b")
	r.cookUntil("b", func() bool { return r.g.Node("in").Stats().Sent == 2 })
	if n, err := op.SendBytes("later"); n != 5 || err != nil {
		t.Errorf("SendBytes = %d, %v, want 5, nil", n, err)
	}
	for i, want := range []string{"re:a", "re:b", "later"} {
		if got := receive(t, []net.Conn{a, b, b}[i]); got != want {
			t.Errorf("received %q, want %q", got, want)
		}
	}
	if got := len(op.Peers()); got != 2 {
		t.Errorf("Peers() has %d, want 2", got)
	}
}
