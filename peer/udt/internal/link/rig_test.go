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

// A rig is two links and the ways between them, in virtual time.
type rig struct {
	t    testing.TB
	now  time.Duration
	ends [2]*link.Link
	ways [2]*simnet.Way // ways[i] leads away from ends[i]
	step func()         // called after each moment
}

type rigConfig struct {
	mode       wire.Mode
	isn        [2]seqno.Seq // of each end
	window     int          // packets of all buffers; 0 means 8192
	conditions [2]simnet.Conditions
	idle       time.Duration
	seed       uint64
	controller func(*cc.Path, seqno.Seq) cc.Controller // nil means the native one
}

const longest = 1500 - 28 // bytes of a packet, without headers of IPv4 and UDP

// mostPause is the longest time without a moment.
const mostPause = 10 * time.Millisecond

func both(c simnet.Conditions) [2]simnet.Conditions { return [2]simnet.Conditions{c, c} }

func newRig(t testing.TB, cfg rigConfig) *rig {
	if cfg.window == 0 {
		cfg.window = 8192
	}
	if cfg.controller == nil {
		cfg.controller = func(p *cc.Path, s seqno.Seq) cc.Controller { return cc.NewNative(p, s, cfg.seed) }
	}
	const start = time.Second
	r := &rig{t: t, now: start, step: func() {}}
	pool := buffer.NewPool(1456)
	for i := range r.ends {
		r.ends[i] = link.New(link.Config{
			Peer: wire.ID(2 - i), Mode: cfg.mode, SendISN: cfg.isn[i], RecvISN: cfg.isn[1-i], MSS: 1500,
			PeerWindow: cfg.window, SendBuffer: cfg.window, RecvBuffer: cfg.window,
			Pool: pool, Idle: cfg.idle, Opened: start, Controller: cfg.controller,
		}, start)
		r.ways[i] = simnet.NewWay(cfg.conditions[i], cfg.seed*2+uint64(i))
	}
	return r
}

// run lets time pass until done, or until the limit, which is a failure.
func (r *rig) run(limit time.Duration, done func() bool) {
	r.t.Helper()
	var scratch []byte
	for until := r.now + limit; ; {
		for i, end := range r.ends {
			for p, ok := r.ways[1-i].Receive(r.now); ok; p, ok = r.ways[1-i].Receive(r.now) {
				end.Receive(p, r.now)
			}
		}
		r.step()
		for i, end := range r.ends {
			for scratch = end.Poll(scratch[:0], r.now); len(scratch) > 0; scratch = end.Poll(scratch[:0], r.now) {
				if len(scratch) > longest {
					r.t.Fatalf("end %d sends %d bytes, want at most %d", i, len(scratch), longest)
				}
				r.ways[i].Send(scratch, r.now)
			}
		}
		if done() {
			return
		}
		next := min(r.ends[0].Next(), r.ends[1].Next(), r.ways[0].Next(), r.ways[1].Next())
		r.now = max(r.now+time.Microsecond, min(next, r.now+mostPause)) // done may wait for a time
		if r.now > until {
			r.t.Fatalf("not done after %v\nends: %+v\n%+v", limit, r.ends[0].Stats(), r.ends[1].Stats())
		}
	}
}
