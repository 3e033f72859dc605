package link_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/buffer"
	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/link"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/simnet"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A flow is a connection that always has something to send, over a way that it shares.
type flow struct {
	ends  [2]*link.Link
	begin time.Duration
	got   int // bytes
}

// share lets flows run over the same pair of ways.
func share(ways [2]*simnet.Way, flows []*flow, from, until time.Duration) {
	data, scratch := make([]byte, 1<<16), make([]byte, 0, 2000)
	for now := from; now < until; {
		next := min(ways[0].Next(), ways[1].Next())
		for i, way := range ways {
			for p, ok := way.Receive(now); ok; p, ok = way.Receive(now) {
				flows[p[0]].ends[1-i].Receive(p[1:], now)
			}
		}
		for n, f := range flows {
			if now < f.begin {
				next = min(next, f.begin)
				continue
			}
			f.ends[0].Write(data)
			f.got += f.ends[1].Read(data, now)
			for i, end := range f.ends {
				for p := end.Poll(append(scratch, byte(n)), now); len(p) > 1; p = end.Poll(append(scratch, byte(n)), now) {
					ways[i].Send(p, now)
				}
				next = min(next, end.Next())
			}
		}
		next = min(next, ways[0].Next(), ways[1].Next())
		now = max(now+time.Microsecond, next)
	}
}

func newFlow(begin time.Duration, controller func(*cc.Path, seqno.Seq) cc.Controller) *flow {
	f, pool := &flow{begin: begin}, buffer.NewPool(1456)
	for i := range f.ends {
		f.ends[i] = link.New(link.Config{
			Peer: wire.ID(2 - i), Mode: wire.Stream, MSS: 1500, PeerWindow: 8192, SendBuffer: 8192, RecvBuffer: 8192,
			Pool: pool, Opened: begin, Controller: controller,
		}, begin)
	}
	return f
}

// fairness is Jain's index: 1 if all have the same.
func fairness(rates ...float64) float64 {
	sum, squares := 0.0, 0.0
	for _, r := range rates {
		sum, squares = sum+r, squares+r*r
	}
	return sum * sum / (float64(len(rates)) * squares)
}

// TestTwoFlowsShareABottleneck: the second begins when the first has all, and gets its share, also where
// one controls congestion as the reference library does.
func TestTwoFlowsShareABottleneck(t *testing.T) {
	bottleneck := simnet.Conditions{Delay: 10 * time.Millisecond, Rate: 12.5e6, Queue: 256 << 10}
	native := func(p *cc.Path, s seqno.Seq) cc.Controller { return cc.NewNative(p, s, 1) }
	for _, tt := range []struct {
		name          string
		first, second func(*cc.Path, seqno.Seq) cc.Controller
	}{
		{"paced and paced", paced, paced},
		{"native and paced", native, paced},
		{"paced and native", paced, native},
		{"native and native", native, native},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const begin, settled, end = 2 * time.Second, 5 * time.Second, 13 * time.Second
			flows := []*flow{newFlow(time.Second, tt.first), newFlow(begin, tt.second)}
			ways := [2]*simnet.Way{simnet.NewWay(bottleneck, 1), simnet.NewWay(bottleneck, 2)}
			share(ways, flows, time.Second, settled)
			before := [2]int{flows[0].got, flows[1].got}
			share(ways, flows, settled, end)
			var rates [2]float64
			for i, f := range flows {
				rates[i] = float64(f.got-before[i]) * 8 / 1e6 / (end - settled).Seconds()
			}
			jain := fairness(rates[:]...)
			if jain < 0.9 || rates[0]+rates[1] < 85 {
				t.Errorf("%.1f of 100 Mbit/s, fairness %.3f; want 85 and 0.9", rates, jain)
			}
			t.Logf("%.1f Mbit/s, fairness %.3f", rates, jain)
		})
	}
}
