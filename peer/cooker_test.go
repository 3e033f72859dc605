package peer_test

import (
	"net"
	"slices"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// A cooker is a node that cooks when a test says so.
type cooker struct {
	t       testing.TB
	node    *graph.Node
	frame   int64
	do      func(c *graph.Cook)
	more    bool   // the last cut left something
	decode  func() // by each message; nil for nothing
	arrived chan struct{}
}

func (*cooker) Listens() bool { return true }

func (r *cooker) Decode(*graph.Event, *table.Writer) error {
	if r.decode != nil {
		r.decode()
	}
	return nil
}

func (r *cooker) Cook(c *graph.Cook) error {
	r.do(c)
	return nil
}

func newCooker(t testing.TB) *cooker {
	r := &cooker{t: t, arrived: make(chan struct{}, 1)}
	var g graph.Graph
	if err := g.Edit(func(e *graph.Edit) { r.node = e.Add("in", r) }); err != nil {
		t.Fatal(err)
	}
	r.node.Attach(graph.Env{Wake: func(*graph.Node) {
		select {
		case r.arrived <- struct{}{}:
		default:
		}
	}})
	if err := r.node.Start(t.Context(), graph.Moment{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// cook cooks one frame, and sends what was sent in it.
func (r *cooker) cook(do func(c *graph.Cook)) {
	r.do = do
	r.frame++
	at := graph.Moment{Frame: r.frame}
	r.more, _ = r.node.Cut(at)
	if _, _, err := r.node.Run(r.frame, 0); err != nil {
		r.t.Errorf("cook: %v", err)
	}
	r.node.Flush(at)
}

// next waits until something has arrived, and returns what a cook sees of it.
func (r *cooker) next() (events []graph.Event) {
	if !r.more {
		<-r.arrived
	}
	r.cook(func(c *graph.Cook) { events = slices.Clone(c.Events()) })
	return events
}

// datagramPeer returns a peer of a socket of the node, and its far end.
func (r *cooker) datagramPeer(t *testing.T) (*peer.Peer, net.Conn) {
	t.Helper()
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(t, d, err)
	far := dialUDP(t, d.LocalAddr())
	write(t, far, "hi")
	return remote(r.next()[0]), far
}

// streamPeer is datagramPeer for a connection.
func (r *cooker) streamPeer(t *testing.T) (*peer.Peer, net.Conn) {
	t.Helper()
	l := listen(t, peer.StreamConfig{Owner: r.node})
	far := dialTCP(t, l)
	return remote(r.next()[0]), far
}
