package main

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"time"

	"linecook.dev/linecook/peer/udt/interop"
	"linecook.dev/linecook/peer/udt/interop/relay"
)

// Kinds of ends.
const (
	ours    = "ours"
	library = "library"
	tcp     = "tcp"
)

// patience is how long an experiment may take.
const patience = 2 * time.Minute

// A lab has what experiments need.
type lab struct {
	dir      string
	programs map[string]string // by kind
	scale    float64
}

func newLab(ctx context.Context, scale float64) (*lab, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "udt")
	if err != nil {
		return nil, err
	}
	theirs, err := interop.Build(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &lab{dir, map[string]string{ours: self, tcp: self, library: theirs}, scale}, nil
}

func (l *lab) close() error { return os.RemoveAll(l.dir) }

// count scales a number of things.
func (l *lab) count(full int) int { return max(1, int(float64(full)*l.scale)) }

// last scales a time, to some milliseconds at least.
func (l *lab) last(full time.Duration) time.Duration {
	return max(50*time.Millisecond, time.Duration(float64(full)*l.scale))
}

// A way is how packets get from a sender to an address: by what stands for it.
type way func(address string) (string, error)

func direct(address string) (string, error) { return address, nil }

// A flow is a sender and a receiver.
type flow struct{ sender, receiver *interop.Process }

// start starts the two ends of a flow, of k, whose Work is that of the receiver.
func (l *lab) start(ctx context.Context, from, to, work string, k interop.Task, by way) (flow, error) {
	k.IP, k.Open = "127.0.0.1", "listen"
	if to == tcp {
		k.Mode = tcp
	}
	receiver, err := interop.Start(ctx, l.programs[to], k)
	if err != nil {
		return flow{}, err
	}
	k.Open, k.Work = "dial", work
	sender, err := l.dial(ctx, from, k, receiver.Address(), by)
	if err != nil {
		receiver.Kill()
		return flow{}, err
	}
	return flow{sender, receiver}, nil
}

// dial starts an end that goes to an address.
func (l *lab) dial(ctx context.Context, kind string, k interop.Task, address string, by way) (*interop.Process, error) {
	address, err := by(address)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if k.Peer, err = strconv.Atoi(port); err != nil {
		return nil, err
	}
	return interop.Start(ctx, l.programs[kind], k)
}

// A result is of one flow, or of all together.
type result struct {
	bytes   float64
	seconds float64
	cpu     time.Duration // of both ends
}

func (r result) megabits() float64 { return r.bytes * 8 / 1e6 / r.seconds }

// kill ends both processes.
func (f flow) kill() {
	f.sender.Kill()
	f.receiver.Kill()
}

// end waits until the receiver has what it wants. If that is a time, the processes are killed: a library
// end whose peer has gone without a word would wait for 46 s.
func (f flow) end(k interop.Task) (result, error) {
	n, err := f.receiver.Numbers("rate")
	if err != nil {
		return result{}, err
	}
	if k.Last > 0 {
		f.kill()
	} else if err := errors.Join(f.sender.Wait(), f.receiver.Wait()); err != nil {
		return result{}, err
	}
	return result{n[0], n[1], f.sender.CPU() + f.receiver.CPU()}, nil
}

// transfer moves what k says from one end to another.
func (l *lab) transfer(ctx context.Context, from, to string, k interop.Task, by way) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	k.Work = "drain"
	f, err := l.start(ctx, from, to, "fill", k, by)
	if err != nil {
		return result{}, err
	}
	defer f.kill()
	return f.end(k)
}

// through calls use with a way through a new relay, and returns what the relay has counted.
func through(there, back relay.Path, use func(way) error) (relay.Counts, error) {
	r, err := relay.New(there, back, uint64(time.Now().UnixNano()))
	if err != nil {
		return relay.Counts{}, err
	}
	err = use(r.Forward)
	c := r.Counts()
	return c, errors.Join(err, r.Close())
}
