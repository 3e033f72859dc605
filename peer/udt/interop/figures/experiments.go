package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"linecook.dev/linecook/peer/udt/interop"
	"linecook.dev/linecook/peer/udt/interop/relay"
)

// An experiment adds what it measures to a series.
type experiment struct {
	name    string
	measure func(ctx context.Context, l *lab, s series) error
}

// experiments are a round, in an order in which those that are compared are neighbours.
var experiments = []experiment{
	loopback("stream", ours, ours),
	loopback("stream", library, library),
	loopback("stream", tcp, tcp),
	loopback("stream", ours, library),
	loopback("stream", library, ours),
	loopback("messages", ours, ours),
	loopback("messages", library, library),
	lossy("no loss", 0, ours, ours),
	lossy("no loss", 0, library, library),
	lossy("loss 0.1 %", 0.001, ours, ours),
	lossy("loss 0.1 %", 0.001, library, library),
	lossy("loss 1 %", 0.01, ours, ours),
	lossy("loss 1 %", 0.01, library, library),
	lossy("loss 1 %", 0.01, ours, library),
	lossy("loss 1 %", 0.01, library, ours),
	narrow(ours), narrow(library),
	shared(ours, ours), shared(ours, library), shared(library, library),
	echo(ours), echo(library),
	idle(ours), idle(library),
}

// pair names the ends of an experiment.
func pair(what, from, to string) string { return what + ": " + from + " to " + to }

func loopback(what, from, to string) experiment {
	name := pair(what, from, to)
	return experiment{name, func(ctx context.Context, l *lab, s series) error {
		k := interop.Task{Mode: "stream", Bytes: l.count(1<<10) << 20, Size: 1 << 18}
		if what == "messages" {
			k = interop.Task{Mode: "inorder", Bytes: l.count(100_000) * 1200, Size: 1200}
		}
		r, err := l.transfer(ctx, from, to, k, direct)
		if err != nil {
			return err
		}
		s.add(name, r.megabits())
		s.add(name+", CPU", r.cpu.Seconds()/(r.bytes/(1<<30)))
		return nil
	}}
}

// delay is of each direction.
const delay = 10 * time.Millisecond

func lossy(what string, loss float64, from, to string) experiment {
	name := pair(what, from, to)
	return experiment{name, func(ctx context.Context, l *lab, s series) error {
		k := interop.Task{Mode: "stream", Bytes: math.MaxInt64, Size: 1 << 18, Last: l.last(8 * time.Second)}
		path := relay.Path{Loss: loss, Delay: delay}
		c, err := through(path, path, func(by way) error {
			r, err := l.transfer(ctx, from, to, k, by)
			if err == nil {
				s.add(name, r.megabits())
			}
			return err
		})
		if c.Overrun > 0 {
			err = errors.Join(err, fmt.Errorf("the relay was overrun: %+v", c))
		}
		return err
	}}
}

// bottleneck is of 100 Mbit/s.
var bottleneck = relay.Path{Rate: 100e6 / 8, Queue: 256 << 10, Delay: delay}

func narrow(kind string) experiment {
	name := "bottleneck: " + kind
	return experiment{name, func(ctx context.Context, l *lab, s series) error {
		k := interop.Task{Mode: "stream", Bytes: math.MaxInt64, Size: 1 << 18, Last: l.last(8 * time.Second)}
		_, err := through(bottleneck, bottleneck, func(by way) error {
			r, err := l.transfer(ctx, kind, kind, k, by)
			if err == nil {
				s.add(name, r.megabits())
			}
			return err
		})
		return err
	}}
}

// shared has two flows through one bottleneck, and says Jain's index of their rates: 1 if they are alike,
// and 0.5 if one has all.
func shared(one, other string) experiment {
	name := "shared bottleneck: " + one + " and " + other
	return experiment{name, func(ctx context.Context, l *lab, s series) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		k := interop.Task{Mode: "stream", Work: "drain", Bytes: math.MaxInt64, Size: 1 << 18, Last: l.last(12 * time.Second)}
		_, err := through(bottleneck, bottleneck, func(by way) error {
			a, err := l.start(ctx, one, one, "fill", k, by)
			if err != nil {
				return err
			}
			defer a.kill()
			b, err := l.start(ctx, other, other, "fill", k, by)
			if err != nil {
				return err
			}
			defer b.kill()
			first, err := a.end(k)
			if err != nil {
				return err
			}
			second, err := b.end(k)
			if err != nil {
				return err
			}
			x, y := first.megabits(), second.megabits()
			s.add(name, (x+y)*(x+y)/(2*(x*x+y*y)))
			s.add(name+", together", x+y)
			s.add(name+", first", x)
			return nil
		})
		return err
	}}
}

func echo(kind string) experiment {
	name := "echo: " + kind
	return experiment{name, func(ctx context.Context, l *lab, s series) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		k := interop.Task{Mode: "stream", Work: "echo", Bytes: l.count(20_000) * 1000, Size: 1000}
		f, err := l.start(ctx, kind, kind, "ping", k, direct)
		if err != nil {
			return err
		}
		defer f.kill()
		n, err := f.sender.Numbers("rtt")
		if err != nil {
			return err
		}
		s.add(name, n[0]*1e6)
		return nil
	}}
}

func idle(kind string) experiment {
	name := "idle: " + kind
	return experiment{name, func(ctx context.Context, l *lab, s series) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		k := interop.Task{Mode: "stream", Work: "idle", Connections: l.count(1000), Last: l.last(5 * time.Second)}
		f, err := l.start(ctx, kind, kind, "idle", k, direct)
		if err != nil {
			return err
		}
		defer f.kill()
		for _, p := range []*interop.Process{f.receiver, f.sender} {
			n, err := p.Numbers("idle")
			if err != nil {
				return err
			}
			s.add(name+", resident", n[0]/float64(k.Connections))
			s.add(name+", heap", n[1]/float64(k.Connections))
			s.add(name+", CPU", 100*n[2]/k.Last.Seconds())
		}
		return nil
	}}
}
