package peer_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// TestEachDestinationGetsItsDatagramsInOrder: what goes out together, of whatever sizes and to whomever,
// arrives as it was sent.
func TestEachDestinationGetsItsDatagramsInOrder(t *testing.T) {
	r := newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(t, d, err)
	var sinks []*net.UDPConn
	var peers []*peer.Peer
	for i := range 3 {
		sinks = append(sinks, dialUDP(t, d.LocalAddr()))
		fmt.Fprint(sinks[i], i)
		peers = append(peers, remote(r.expect(graph.Message, fmt.Sprint(i))))
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		want := make([][][]byte, len(peers))
		for sent := 0; sent < 40; { // as many as any receive buffer has room for
			to, size := random.IntN(len(peers)), []int{0, 1, 52, 52, 52, 1232, 1233}[random.IntN(7)]
			for range 1 + random.IntN(max(20, 70-size)) { // of one size, to one destination
				payload := bytes.Repeat([]byte{byte(sent)}, size)
				if _, err := peers[to].SendBytes(payload); err != nil {
					t.Fatal(err)
				}
				want[to] = append(want[to], payload)
				sent++
			}
		}
		for i := range sinks {
			for n, payload := range want[i] {
				if got := receive(t, sinks[i]); got != string(payload) {
					t.Fatalf("destination %d: datagram %d has %d bytes %.8q, want %d bytes %.8q", i, n, len(got), got, len(payload), payload)
				}
			}
		}
	}
	if got := r.node.Counter("senderrors").Load(); got != 0 {
		t.Errorf("counter senderrors is %d, want 0", got)
	}
}
