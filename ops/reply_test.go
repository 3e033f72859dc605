package ops_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
)

// A replyRig has rows written by hand go back through peers that have no sockets.
type replyRig struct {
	*rig
	burst *burst
	sent  []string // "/in/peer osc|raw text"
}

func newReplyRig(t *testing.T, op *ops.Reply, columns ...string) *replyRig {
	r := &replyRig{rig: &rig{t: t, g: graph.New(), closed: true}, burst: &burst{columns: columns}}
	if err := r.g.Edit(func(e *graph.Edit) {
		e.Add("in", &ops.TcpIp{Mode: "server"})
		e.Wire(e.Add("source", r.burst), e.Add("out", op))
	}); err != nil {
		t.Fatal(err)
	}
	var err error
	r.engine, err = cook.New(r.g, cook.Config{Offline: true, Sent: func(_ *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
		kind, isMessage := map[graph.Verb]string{peer.VerbRaw: "raw", peer.VerbOSC: "osc"}[verb]
		if !isMessage {
			return
		}
		r.sent = append(r.sent, to.(*peer.Peer).String()+" "+kind+" "+string(payload))
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.engine.Start(t.Context())
	r.source = r.g.Node("source")
	return r
}

func (r *replyRig) peer(port uint16) *peer.Peer {
	at := netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), port)
	return peer.NewOffline(peer.OfflineConfig{Owner: r.g.Node("in"), Protocol: "tcp", Addr: at})
}

// row appends a row and cooks.
func (r *replyRig) row(cells ...table.Value) {
	r.burst.todo = append(r.burst.todo, func(w *table.Writer) {
		w.Row()
		for col, v := range cells {
			w.Set(col, v)
		}
	})
	r.cook()
}

func TestReply(t *testing.T) {
	text, blob := table.StringValue("hi"), table.BytesValue([]byte{1, 0xff})
	list, err := table.ListValue(table.IntValue(65), table.Float64Value(66))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		op      ops.Reply
		columns []string // behind peer, which is first
		cells   []table.Value
		want    string
	}{
		{"osc", ops.Reply{}, []string{"address", "arg1"}, []table.Value{table.StringValue("/a"), table.IntValue(7)}, "osc /a\x00\x00,i\x00\x00\x00\x00\x00\x07"},
		{"osc of all columns", ops.Reply{}, []string{"address", "x"}, []table.Value{table.StringValue("/a"), text}, "osc /a\x00\x00,s\x00\x00hi\x00\x00"},
		{"text of the first column", ops.Reply{Format: "text", Terminator: "\n"}, []string{"n"}, []table.Value{table.Float32Value(0.1)}, "raw 0.1\n"},
		{"text of message", ops.Reply{Format: "text"}, []string{"bytes", "message"}, []table.Value{blob, text}, "raw hi"},
		{"text of bytes", ops.Reply{Format: "text"}, []string{"bytes"}, []table.Value{blob}, "raw 01ff"},
		{"bytes", ops.Reply{Format: "bytes"}, []string{"message", "bytes"}, []table.Value{text, blob}, "raw \x01\xff"},
		{"bytes of a list", ops.Reply{Format: "bytes", Column: "list"}, []string{"message", "list"}, []table.Value{text, list}, "raw AB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newReplyRig(t, &tt.op, append([]string{"peer"}, tt.columns...)...)
			one, two := r.peer(1), r.peer(2)
			r.row(append([]table.Value{table.PeerValue(two)}, tt.cells...)...)
			r.row(append([]table.Value{table.PeerValue(one)}, tt.cells...)...)
			expect(t, "sent", r.sent, "10.0.0.1:2 "+tt.want, "10.0.0.1:1 "+tt.want)
			if err := r.g.Node("out").Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What cannot go back is an error of its row, and is counted; the other rows go.
func TestReplyThatCannotGo(t *testing.T) {
	tests := []struct {
		name    string
		op      ops.Reply
		columns []string
		cell    table.Value
		want    string
	}{
		{"no column", ops.Reply{}, []string{"sender"}, table.IntValue(1), `row 0: the input has no column "peer"; what receives adds it with peer: on`},
		{"no peer", ops.Reply{Peer: "from"}, []string{"from"}, table.StringValue("10.0.0.1:2"), `row 0: column "from" holds string "10.0.0.1:2" and no peer`},
		{"nothing", ops.Reply{}, []string{"peer"}, table.Value{}, `row 0: column "peer" holds nil "" and no peer`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newReplyRig(t, &tt.op, tt.columns...)
			r.row(tt.cell)
			checkUnsent(t, r, tt.want)
		})
	}
	tests = []struct {
		name    string
		op      ops.Reply
		columns []string
		cell    table.Value
		want    string
	}{
		{"no address", ops.Reply{}, []string{"peer", "x"}, table.IntValue(1), "row 0: the input has no column address"},
		{"wrong address", ops.Reply{}, []string{"peer", "address"}, table.StringValue("a"), `row 0: address "a" does not begin with /`},
		{"no such column", ops.Reply{Format: "text", Column: "y"}, []string{"peer", "x"}, table.IntValue(1), `row 0: the input has no column "y"`},
		{"no column to send", ops.Reply{Format: "text"}, []string{"peer"}, table.Value{}, "row 0: the input has no column to send"},
		{"no bytes", ops.Reply{Format: "bytes"}, []string{"peer", "x"}, table.IntValue(1), `row 0: column "x": int "1" is neither bytes nor text nor a list of numbers`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newReplyRig(t, &tt.op, tt.columns...)
			r.row([]table.Value{table.PeerValue(r.peer(1)), tt.cell}[:len(tt.columns)]...)
			checkUnsent(t, r, tt.want)
		})
	}
}

func checkUnsent(t *testing.T, r *replyRig, want string) {
	t.Helper()
	n := r.g.Node("out")
	if err := n.Err(); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("Err() = %v, want ...%s", err, want)
	}
	if lost := n.Stats().Counters["unsent"]; lost != 1 || len(r.sent) > 0 {
		t.Errorf("%d rows were counted as unsent, and sent was %q; want 1 and nothing", lost, r.sent)
	}
}

func TestReplyToAPeerThatHasGone(t *testing.T) {
	r := newReplyRig(t, &ops.Reply{Format: "text"}, "peer", "x")
	gone, there := r.peer(1), r.peer(2)
	gone.Close()
	if err := r.g.Node("in").Inbox().Put(graph.Event{Kind: graph.Close, Peer: gone}); err != nil {
		t.Fatal(err)
	}
	r.engine.Step()
	for _, p := range []*peer.Peer{gone, there} {
		r.row(table.PeerValue(p), table.StringValue("x"))
	}
	expect(t, "sent", r.sent, "10.0.0.1:2 raw x")
	n := r.g.Node("out")
	faults := n.Faults()
	if len(faults) != 1 || faults[0].Kind != graph.FaultRow || faults[0].Count != 1 || !errors.Is(faults[0].LastError, peer.ErrClosed) {
		t.Errorf("Faults() = %+v, want one row that found %v", faults, peer.ErrClosed)
	}
	if lost := n.Stats().Counters["unsent"]; lost != 1 {
		t.Errorf("%d rows were counted as unsent, want 1", lost)
	}
	expect(t, "mistakes", mistakes(&ops.Reply{Column: "x", Terminator: "\n"}),
		"add /n: column: it is for formats text and bytes", "add /n: terminator: it is for formats text and bytes",
		"wire /n: reply has 0 inputs; it takes 1 or more")
}

func TestReplyAllocatesNothing(t *testing.T) {
	for _, format := range []string{"osc", "text", "bytes"} {
		r := newReplyRig(t, &ops.Reply{Format: format, Column: map[string]string{"text": "address", "bytes": "address"}[format]}, "peer", "address", "arg1")
		to, source, out := r.peer(1), r.g.Node("source"), r.g.Node("out")
		out.Attach(graph.Env{Offline: true})
		write := func(w *table.Writer) {
			for range 100 {
				w.Row()
				w.SetPeer(0, to)
				w.SetString(1, "/a/b")
				w.SetInt(2, 1)
			}
			w.Expire(w.End() - 100)
		}
		frame := int64(0)
		run := func() {
			frame++
			r.burst.todo = append(r.burst.todo, write)
			for _, n := range []*graph.Node{source, out} {
				if _, _, err := n.Run(frame, oracleTime(frame)); err != nil {
					t.Fatal(err)
				}
				n.Flush(graph.Moment{Frame: frame})
				n.Release()
			}
		}
		for range 100 {
			run()
		}
		if err := out.Err(); err != nil {
			t.Fatal(err)
		}
		if allocs := testing.AllocsPerRun(100, run); allocs != 0 {
			t.Errorf("a frame in which reply {format: %s} sends 100 rows allocates %v times, want 0", format, allocs)
		}
	}
}
