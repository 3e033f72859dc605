package peer_test

import (
	"errors"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/osc"
)

// udtKinds are the ways to speak UDT, with which everything else is the same.
var udtKinds = map[string]peer.StreamConfig{
	"stream":   {Protocol: peer.UDTStream, Framing: framing.Size},
	"messages": {Protocol: peer.UDTMessages},
}

// dialUDT connects a client of a rig to a server.
func dialUDT(r *rig, l *peer.Listener, cfg peer.StreamConfig) *peer.Dialer {
	r.t.Helper()
	cfg.Owner, cfg.Address, cfg.Port = r.node, "localhost", int(l.LocalAddr().Port())
	d, err := peer.Dial(cfg)
	return closing(r.t, d, err)
}

var (
	question = osc.Pair{Address: "/what", Values: []any{1, "time"}}
	asked    = "/what\x00\x00\x00,is\x00\x00\x00\x00\x01time\x00\x00\x00\x00"
	answered = "/this\x00\x00\x00,\x00\x00\x00"
)

func answer(c *graph.Cook, e graph.Event) {
	if e.Kind == graph.Message {
		remote(e).In(c).SendOSC(osc.Options{}, osc.Pair{Address: "/this", Values: []any{}})
	}
}

func TestUDTAnswersClosesAndConnectsAgain(t *testing.T) {
	for name, cfg := range udtKinds {
		t.Run(name, func(t *testing.T) {
			near, far := newRig(t, nil), newRig(t, answer)
			cfg.Owner = far.node
			l := listen(t, cfg)
			d := dialUDT(near, l, cfg)
			p := remote(near.expect(graph.Connect, ""))
			if p.Protocol() != "udt" || p.AddrPort() != l.LocalAddr() || d.Peer() != p {
				t.Errorf("the server is %s %s, Peer() %v; want udt %s", p.Protocol(), p, d.Peer(), l.LocalAddr())
			}
			caller := remote(far.expect(graph.Connect, ""))
			for range 2 {
				if n, err := p.SendOSC(osc.Options{}, question); n != len(asked) || err != nil {
					t.Errorf("SendOSC = %d, %v; want %d, nil", n, err, len(asked))
				}
				far.expect(graph.Message, asked)
				near.expect(graph.Message, answered)
			}
			if !caller.Close() || caller.Close() {
				t.Error("Close is not true once")
			}
			if e := far.expect(graph.Close, ""); !errors.Is(e.Err, peer.ErrClosed) {
				t.Errorf("Close event of the end that closed: %v, want ErrClosed", e.Err)
			}
			if e := near.expect(graph.Close, ""); e.Err != nil || e.Peer != p {
				t.Errorf("Close event of %v: %v; want %v and nil, the other end closed", e.Peer, e.Err, p)
			}
			if again := remote(near.expect(graph.Connect, "")); again == p {
				t.Error("the second connection is the same peer as the first")
			}
		})
	}
}
