package link_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/simnet"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

var controllers = map[string]func(*cc.Path, seqno.Seq) cc.Controller{
	"native": func(p *cc.Path, s seqno.Seq) cc.Controller { return cc.NewNative(p, s, 1) },
	"paced":  func(p *cc.Path, s seqno.Seq) cc.Controller { return cc.NewPaced(p, s) },
}

func TestGoodput(t *testing.T) {
	const size = 20 << 20
	for _, n := range []struct {
		name string
		simnet.Conditions
	}{
		{"1Gbit 20ms", simnet.Conditions{Delay: 10 * time.Millisecond, Rate: 125e6, Queue: 4 << 20}},
		{"1Gbit 20ms 0.1%", simnet.Conditions{Delay: 10 * time.Millisecond, Loss: 0.001, Rate: 125e6, Queue: 4 << 20}},
		{"1Gbit 20ms 1%", simnet.Conditions{Delay: 10 * time.Millisecond, Loss: 0.01, Rate: 125e6, Queue: 4 << 20}},
		{"1Gbit 40ms 5%", simnet.Conditions{Delay: 20 * time.Millisecond, Loss: 0.05, Rate: 125e6, Queue: 4 << 20}},
		{"100Mbit 20ms 256KiB", simnet.Conditions{Delay: 10 * time.Millisecond, Rate: 12.5e6, Queue: 256 << 10}},
		{"10Mbit 100ms 64KiB", simnet.Conditions{Delay: 50 * time.Millisecond, Rate: 1.25e6, Queue: 64 << 10}},
		{"jitter 3ms", simnet.Conditions{Delay: 5 * time.Millisecond, Jitter: 3 * time.Millisecond}},
	} {
		for name, c := range controllers {
			r := newRig(t, rigConfig{mode: wire.Stream, conditions: both(n.Conditions), controller: c})
			took := r.transfer(randomBytes(size, 1), 10*time.Minute)
			s := r.ends[0].Stats()
			t.Logf("%-20s %-7s %7.1f Mbit/s  resent %d of %d, probes %d, time-outs %d dup %d", n.name, name, size*8/took.Seconds()/1e6, s.Retransmitted, s.PacketsSent, s.Probes, s.Timeouts, r.ends[1].Stats().Duplicates)
		}
	}
}
