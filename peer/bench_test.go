package peer_test

import (
	"net"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/osc"
)

const flight = 512 // messages under way at most, so that no buffer overflows

func report(b *testing.B, messages uint64) {
	b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(messages), "ns/message")
}

// BenchmarkDatagram sends OSC messages by a Peer through loopback into the inbox of a node.
func BenchmarkDatagram(b *testing.B) {
	r := newSilentRig(b)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(b, d, err)
	o, err := peer.DialDatagram(peer.DatagramConfig{Owner: newSilentRig(b).node, Address: "127.0.0.1", Port: int(d.LocalAddr().Port())})
	closing(b, o, err)
	benchmark(b, r, func() error {
		_, err := o.Peer().SendOSC(osc.Options{}, pairs...)
		return err
	})
}

var pairs = []osc.Pair{{
	Address: "/tuio/2Dcur",
	Values:  []any{"set", 12, float32(0.5), float32(0.25), float32(0), float32(0), float32(0)},
}}

// BenchmarkStream does the same over a connection, one write for each message.
func BenchmarkStream(b *testing.B) {
	r := newSilentRig(b)
	l := listen(b, peer.StreamConfig{Owner: r.node, Framing: framing.Size, OSC: true})
	far := newRig(b, nil)
	o, err := peer.Dial(peer.StreamConfig{Owner: far.node, Address: "127.0.0.1", Port: int(l.LocalAddr().Port()), Framing: framing.Size})
	closing(b, o, err)
	p := remote(far.expect(graph.Connect, ""))
	benchmark(b, r, func() error {
		_, err := p.SendOSC(osc.Options{}, pairs...)
		return err
	})
}

// BenchmarkStreamIn has lines written to a connection in large pieces.
func BenchmarkStreamIn(b *testing.B) {
	r := newSilentRig(b)
	l := listen(b, peer.StreamConfig{Owner: r.node, Framing: framing.PerLine})
	c, err := net.Dial("tcp", l.LocalAddr().String())
	closing(b, c, err)
	lines := make([]byte, 0, flight*32)
	for range flight {
		lines = append(lines, "a line of thirty-two characters\n"...)
	}
	sent := uint64(0)
	for b.Loop() {
		if _, err := c.Write(lines); err != nil {
			b.Fatal(err)
		}
		sent += flight
		r.op.await(sent)
	}
	report(b, sent)
}

func benchmark(b *testing.B, r *rig, send func() error) {
	sent := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		for range flight {
			if err := send(); err != nil {
				b.Fatal(err)
			}
		}
		sent += flight
		r.op.await(sent)
	}
	report(b, sent)
}
