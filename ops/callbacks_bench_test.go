package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer/osc"
)

// BenchmarkCallbacks puts messages into an inbox, 64 a frame, and cooks their callbacks.
func BenchmarkCallbacks(b *testing.B) {
	float := build(b, func(b *osc.Builder) { floatMessage(b, "/abc") })
	receive := func(*ops.Dat, ops.Received) error { return nil }
	receiveOSC := func(*ops.Dat, ops.ReceivedOSC) error { return nil }
	tests := []struct {
		name string
		op   graph.Operator
		data []byte
	}{
		{"udpin none", &ops.UdpIn{}, []byte("hello")},
		{"udpin Go", &ops.UdpIn{Hooks: ops.Hooks{OnReceive: receive}}, []byte("hello")},
		{"udpin script", &ops.UdpIn{Hooks: script("def onReceive(dat, rowIndex, message, bytes, peer):\n    pass\n")}, []byte("hello")},
		{"oscin Go", &ops.OscIn{Hooks: ops.Hooks{OnReceiveOSC: receiveOSC}}, float},
		{"oscin script", &ops.OscIn{Hooks: script("def onReceiveOSC(dat, i, message, bytes, timeStamp, address, args, peer):\n    pass\n")}, float},
	}
	for _, tt := range tests {
		b.Run(tt.name, func(b *testing.B) {
			const batch = 64
			r := newRig(b, func(e *graph.Edit) { e.Add("in", tt.op) })
			n, e := r.g.Node("in"), graph.Event{Peer: name("p"), Data: tt.data}
			for b.Loop() {
				for range batch {
					if err := n.Inbox().Put(e); err != nil {
						b.Fatal(err)
					}
				}
				r.engine.Step()
			}
			if err := n.Err(); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(batch*b.N), "ns/message")
		})
	}
}
