package link_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/cc"
	"linecook.dev/linecook/peer/udt/internal/link"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/simnet"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

func randomBytes(n int, seed uint64) []byte {
	random := rand.NewChaCha8([32]byte{byte(seed)})
	b := make([]byte, n)
	random.Read(b)
	return b
}

// transfer sends bytes from end 0 to end 1, in pieces of random size, and returns how long it took.
func (r *rig) transfer(data []byte, limit time.Duration) time.Duration {
	r.t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	begin, left, got := r.now, data, make([]byte, 0, len(data))
	chunk := make([]byte, 1<<16)
	r.step = func() {
		left = left[r.ends[0].Write(left[:min(len(left), random.IntN(1<<16))]):]
		for r.ends[1].Readable() {
			n := r.ends[1].Read(chunk[:1+random.IntN(len(chunk)-1)], r.now)
			got = append(got, chunk[:n]...)
		}
	}
	r.run(limit, func() bool { return len(got) == len(data) && r.ends[0].Unacknowledged() == 0 })
	if !bytes.Equal(got, data) {
		r.t.Fatal("what arrived is not what was sent")
	}
	return r.now - begin
}

var networks = []struct {
	name string
	simnet.Conditions
}{
	{"perfect", simnet.Conditions{}},
	{"delay", simnet.Conditions{Delay: 10 * time.Millisecond}},
	{"1% loss", simnet.Conditions{Delay: 10 * time.Millisecond, Loss: 0.01}},
	{"20% loss", simnet.Conditions{Delay: 20 * time.Millisecond, Loss: 0.2}},
	{"reordering", simnet.Conditions{Delay: 5 * time.Millisecond, Jitter: 3 * time.Millisecond}},
	{"duplication", simnet.Conditions{Delay: 5 * time.Millisecond, Jitter: time.Millisecond, Duplicate: 0.3}},
	{"bottleneck", simnet.Conditions{Delay: 10 * time.Millisecond, Rate: 12.5e6, Queue: 256 << 10}},
	{"outage", simnet.Conditions{Delay: 10 * time.Millisecond, Loss: 0.01, OutageFrom: 1100 * time.Millisecond, OutageTo: 3 * time.Second}},
	{"everything", simnet.Conditions{Delay: 20 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Duplicate: 0.05, Rate: 5e6, Queue: 100 << 10}},
}

func TestStreamArrivesIntact(t *testing.T) {
	for name, controller := range map[string]func(*cc.Path, seqno.Seq) cc.Controller{"native": nil, "paced": paced} {
		for _, n := range networks {
			t.Run(name+"/"+n.name, func(t *testing.T) {
				for seed := range uint64(3) {
					r := newRig(t, rigConfig{
						mode: wire.Stream, conditions: both(n.Conditions), seed: seed,
						isn: [2]seqno.Seq{seqno.Max - 500, 7}, controller: controller,
					})
					r.transfer(randomBytes(3<<20, seed), 10*time.Minute)
				}
			})
		}
	}
}

func TestSmallBuffers(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Stream, window: 32, conditions: both(simnet.Conditions{Delay: time.Millisecond, Loss: 0.05})})
	r.transfer(randomBytes(1<<20, 1), 10*time.Minute)
}

func TestSlowReader(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Stream, window: 64, idle: 5 * time.Second, conditions: both(simnet.Conditions{Delay: time.Millisecond})})
	data := randomBytes(400_000, 1)
	left, got, chunk := data, []byte(nil), make([]byte, 50_000)
	wake := r.now + 20*time.Second // long after the buffers are full
	r.step = func() {
		left = left[r.ends[0].Write(left):]
		if r.now > wake {
			wake = r.now + 100*time.Millisecond
			n := r.ends[1].Read(chunk, r.now)
			got = append(got, chunk[:n]...)
		}
	}
	r.run(time.Minute, func() bool { return len(got) == len(data) })
	if !bytes.Equal(got, data) {
		t.Error("what arrived is not what was sent")
	}
	if s := r.ends[1].Stats(); s.Beyond > 0 {
		t.Errorf("%d packets came into a full buffer, want 0", s.Beyond)
	}
}

func TestIdleLinksStayAlive(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Stream, idle: 5 * time.Second, conditions: both(simnet.Conditions{Delay: time.Millisecond, Loss: 0.1})})
	end := r.now + time.Hour
	r.run(2*time.Hour, func() bool { return r.now >= end })
	for i, l := range r.ends {
		if l.Err() != nil {
			t.Errorf("after an idle hour Err() of end %d = %v, want nil", i, l.Err())
		}
	}
}

func TestSilenceEndsALink(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Stream, idle: 5 * time.Second, conditions: both(simnet.Conditions{Loss: 1})})
	begin := r.now
	r.ends[0].Write([]byte("anybody there?"))
	r.run(time.Minute, func() bool { return r.ends[0].Err() != nil })
	if took := r.now - begin; !errors.Is(r.ends[0].Err(), link.ErrIdle) || took > 5*time.Second+time.Millisecond {
		t.Errorf("after %v Err() = %v; want ErrIdle after 5 s", took, r.ends[0].Err())
	}
}

func TestShutdownEndsTheOtherEnd(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Stream})
	r.ends[0].Write([]byte("bye"))
	r.run(time.Second, func() bool { return r.ends[0].Unacknowledged() == 0 })
	r.ends[0].Shutdown(r.now)
	r.run(time.Second, func() bool { return r.ends[1].Err() != nil })
	if !errors.Is(r.ends[1].Err(), link.ErrShutdown) {
		t.Errorf("Err() = %v, want ErrShutdown", r.ends[1].Err())
	}
	p := make([]byte, 10)
	if n := r.ends[1].Read(p, r.now); string(p[:n]) != "bye" {
		t.Errorf("what was sent before the end reads %q, want bye", p[:n])
	}
}

// TestGarbageDoesNotEndALink: damaged packets may damage what arrives, as nothing in UDT checks it, but
// not the link.
func TestGarbageDoesNotEndALink(t *testing.T) {
	for seed := range uint64(5) {
		r := newRig(t, rigConfig{mode: wire.Stream, seed: seed, conditions: both(simnet.Conditions{Delay: time.Millisecond, Corrupt: 0.02, Loss: 0.01})})
		left, chunk := randomBytes(500_000, seed), make([]byte, 1<<16)
		r.step = func() {
			left = left[r.ends[0].Write(left):]
			for r.ends[1].Readable() {
				r.ends[1].Read(chunk, r.now)
			}
		}
		r.run(10*time.Minute, func() bool {
			return r.ends[0].Err() != nil || r.ends[1].Err() != nil || len(left) == 0 && r.ends[0].Unacknowledged() == 0
		})
	}
}
