package peer_test

import (
	"errors"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// What a peer without a socket is sent is told, by whom it was sent, and its end follows its closing
// as that of a real one does.
func TestOfflinePeer(t *testing.T) {
	r := newCooker(t)
	var sent []string
	r.node.Attach(graph.Env{Sent: func(from *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
		if verb == peer.VerbRaw {
			sent = append(sent, from.Name()+" "+to.(*peer.Peer).String()+" "+string(payload))
		}
	}})
	p := peer.NewOffline(peer.OfflineConfig{
		Owner: r.node, Protocol: "tcp", Addr: netip.MustParseAddrPort("10.0.0.7:5000"),
	})
	_ = r.node.Inbox().Put(graph.Event{Kind: graph.Connect, Peer: p})
	r.cook(func(c *graph.Cook) {
		if n, err := p.In(c).Send("\n", "hello"); n != 6 || err != nil {
			t.Errorf("Send = %d, %v; want 6, nil", n, err)
		}
		if !p.In(c).Close() {
			t.Error("Close() = false, want true")
		}
	})
	if want := []string{"in 10.0.0.7:5000 hello\n"}; !slices.Equal(sent, want) {
		t.Errorf("told of %q, want %q", sent, want)
	}
	r.cook(func(c *graph.Cook) {
		if e := c.Events(); len(e) != 1 || e[0].Kind != graph.Close || e[0].Peer != p {
			t.Errorf("after Close the node's events are %v, want the end of the connection", e)
		}
	})
	if p.Alive() || p.Hostname() != "10.0.0.7" {
		t.Errorf("Alive, Hostname = %t, %q; want false and the address", p.Alive(), p.Hostname())
	}
}

// The end of a recorded peer is put by the caller, whoever closes it.
func TestRecordedPeer(t *testing.T) {
	r := newCooker(t)
	id := uuid.Must(uuid.NewV7())
	p := peer.NewOffline(peer.OfflineConfig{Owner: r.node, Protocol: "tcp", ID: id, Recorded: true})
	if !p.Close() || p.Alive() {
		t.Errorf("Close did not close: Alive() = %t", p.Alive())
	}
	r.cook(func(c *graph.Cook) {
		if e := c.Events(); len(e) != 0 {
			t.Errorf("after Close the node's events are %v, want none", e)
		}
	})
	reason := errors.New("reset")
	if p.End(reason); p.Reason() != reason || p.ID() != id {
		t.Errorf("after End(%v): Reason() = %v, ID() = %v; want that, and %v", reason, p.Reason(), p.ID(), id)
	}
}
