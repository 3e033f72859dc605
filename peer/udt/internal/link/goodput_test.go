package link_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/simnet"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

func paced(p *cc.Path, s seqno.Seq) cc.Controller { return cc.NewPaced(p, s) }

// TestGoodput: the network is simulated and the time virtual, so that the rates, of 20 MiB from the start
// on, are the same in every run. The reference library sends 27 to 33 Mbit/s over 20 ms with a loss of 1 %,
// and 152 to 158 with 0.1 %.
func TestGoodput(t *testing.T) {
	const size = 20 << 20
	gigabit := simnet.Conditions{Rate: 125e6, Queue: 4 << 20}
	with := func(c simnet.Conditions, delay time.Duration, loss float64) simnet.Conditions {
		c.Delay, c.Loss = delay, loss
		return c
	}
	for _, tt := range []struct {
		name       string
		conditions simnet.Conditions
		least      float64 // Mbit/s
	}{
		{"no loss", with(gigabit, 10*time.Millisecond, 0), 400},
		{"loss of 0.1%", with(gigabit, 10*time.Millisecond, 0.001), 350},
		{"loss of 1%", with(gigabit, 10*time.Millisecond, 0.01), 350},
		{"loss of 5%, 40 ms", with(gigabit, 20*time.Millisecond, 0.05), 150},
		{"bottleneck of 100 Mbit/s", simnet.Conditions{Delay: 10 * time.Millisecond, Rate: 12.5e6, Queue: 256 << 10}, 90},
		{"bottleneck of 10 Mbit/s", simnet.Conditions{Delay: 50 * time.Millisecond, Rate: 1.25e6, Queue: 64 << 10}, 9},
		{"short queue", simnet.Conditions{Delay: 50 * time.Microsecond, Rate: 250e6, Queue: 280 << 10}, 1000},
		{"tiny queue", simnet.Conditions{Delay: 10 * time.Millisecond, Rate: 12.5e6, Queue: 32 << 10}, 50},
		{"loss and jitter", simnet.Conditions{Delay: 10 * time.Millisecond, Jitter: 10 * time.Millisecond, Rate: 125e6, Queue: 4 << 20, Loss: 0.01}, 200},
		{"reordering", simnet.Conditions{Delay: 5 * time.Millisecond, Jitter: 3 * time.Millisecond}, 600},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, rigConfig{mode: wire.Stream, conditions: both(tt.conditions), controller: paced})
			took := r.transfer(randomBytes(size, 1), 10*time.Minute)
			got := size * 8 / took.Seconds() / 1e6
			t.Logf("%.1f Mbit/s, %d of %d packets sent again", got, r.ends[0].Stats().Retransmitted, r.ends[0].Stats().PacketsSent)
			if got < tt.least {
				t.Errorf("%.1f Mbit/s, want at least %.0f\n%+v", got, tt.least, r.ends[0].Stats())
			}
		})
	}
}

// TestTrickleThenBurst: somebody who has sent little for a while is not taken for somebody whose path
// takes no more.
func TestTrickleThenBurst(t *testing.T) {
	for seed := range uint64(10) {
		r := newRig(t, rigConfig{
			mode: wire.Messages, conditions: both(simnet.Conditions{Delay: time.Millisecond, Loss: 0.01}), seed: seed, controller: paced,
		})
		received := 0
		receive := func() {
			for m, ok := r.ends[1].ReadMessage(nil, r.now); ok; m, ok = r.ends[1].ReadMessage(m[:0], r.now) {
				received++
			}
		}
		send := func(packets int) {
			if ok, err := r.ends[0].WriteMessage(make([]byte, 1456*packets), true, 0); !ok || err != nil {
				t.Fatalf("WriteMessage = %t, %v", ok, err)
			}
		}
		for sent := range 500 {
			send(1 + sent%3)
			until := r.now + 20*time.Millisecond
			r.run(time.Second, func() bool { receive(); return r.now >= until })
		}
		r.run(10*time.Second, func() bool { receive(); return received == 500 })
		began := r.now
		send(64)
		r.run(10*time.Second, func() bool { receive(); return received == 501 })
		if took := r.now - began; took > 300*time.Millisecond {
			t.Errorf("seed %d: a message of 64 packets took %v\n%+v", seed, took, r.ends[0].Stats())
		}
	}
}
