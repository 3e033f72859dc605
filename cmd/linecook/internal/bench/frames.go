package bench

import (
	"context"
	"encoding/binary"
	"math"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

const (
	frameFPS      = 60
	frameMessages = 100_000 / frameFPS // of one frame
	frameCount    = 600
)

// framesOurs returns how much of a frame's time its cut and its cooks take on average, in per cent. What puts the
// messages into the inbox, as the socket's goroutine does otherwise, is not counted.
func framesOurs(ctx context.Context, c *Config) (float64, error) {
	f, err := newFrames(ctx, cook.Config{Offline: true})
	if err != nil {
		return 0, err
	}
	count, took := c.times(frameCount), time.Duration(0)
	for i := range frameFPS + count { // memory grows in the first second
		f.arrive(frameMessages)
		began := time.Now()
		f.e.Step()
		if i >= frameFPS {
			took += time.Since(began)
		}
	}
	return 100 * took.Seconds() * frameFPS / float64(count), f.e.Close()
}

// frames is an engine with ten operators that are given messages.
type frames struct {
	g      *graph.Graph
	e      *cook.Engine
	inbox  *graph.Inbox
	packet []byte
	serial uint32
}

// newFrames returns them; those that are offline are started.
func newFrames(ctx context.Context, config cook.Config) (*frames, error) {
	f := &frames{g: graph.New(), packet: []byte("/sensor/00\x00\x00,fi\x00........")}
	err := f.g.Edit(func(e *graph.Edit) {
		window := ops.Window{MaxLines: 10_000}
		in := e.Add("in", &ops.OscIn{Window: window})
		var last *graph.Node
		chain := func(name string, op graph.Operator, from ...*graph.Node) *graph.Node {
			last = e.Add(name, op)
			for _, n := range from {
				e.Wire(n, last)
			}
			return last
		}
		loud := chain("loud", &ops.Select{Where: "arg1 > 0.25"}, in)
		scaled := chain("scaled", &ops.Eval{Expr: []string{"level = arg1 * 100", "half = arg1 / 2"}}, loud)
		cast := chain("cast", &ops.Cast{Types: []string{"arg2=float"}}, scaled)
		site := chain("site", &ops.Insert{Name: "site", Value: "hall"}, cast)
		renamed := chain("renamed", &ops.Rename{RenameFrom: []string{"arg1"}, RenameTo: []string{"value"}}, site)
		chain("order", &ops.Reorder{Order: []string{"site", "address"}}, renamed)
		chain("few", &ops.Sample{Every: 10}, last)
		chain("tail", &ops.Limit{MaxLines: 1000}, last)
		chain("newest", &ops.Latest{}, renamed)
		f.inbox = in.Inbox()
	})
	if err != nil {
		return nil, err
	}
	config.FPS = frameFPS
	if f.e, err = cook.New(f.g, config); err != nil {
		return nil, err
	}
	for _, name := range []string{"tail", "newest"} {
		f.e.Want(f.g.Node(name))
	}
	if config.Offline {
		f.e.Start(ctx)
	}
	return f, nil
}

// arrive puts messages into the inbox.
func (f *frames) arrive(count int) {
	for range count {
		f.serial++
		f.packet[8], f.packet[9] = '0'+byte(f.serial/10%3), '0'+byte(f.serial%10)
		binary.BigEndian.PutUint32(f.packet[16:], math.Float32bits(float32(f.serial%1000)/1000))
		binary.BigEndian.PutUint32(f.packet[20:], f.serial)
		_ = f.inbox.Put(graph.Event{Kind: graph.Message, Data: f.packet}) // what is lost would show in the rows
	}
}
