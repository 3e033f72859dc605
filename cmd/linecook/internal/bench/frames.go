package bench

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
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

// framesOurs returns how much of a frame's time its cut and its cooks take, in per cent: of the frame at which 99 of
// 100 are done. What puts the messages into the inbox, which the socket's goroutine does otherwise, is not counted.
func framesOurs(ctx context.Context, c *Config) (float64, error) {
	r, err := newFrames(ctx)
	if err != nil {
		return 0, err
	}
	var took []float64
	for i := range c.times(frameCount) {
		r.arrive()
		began := time.Now()
		r.e.Step()
		if i >= frameFPS { // memory grows in the first second
			took = append(took, time.Since(began).Seconds())
		}
	}
	if err := r.e.Close(); err != nil {
		return 0, err
	}
	slices.Sort(took)
	return 100 * frameFPS * took[len(took)*99/100], nil
}

// frames is an engine with ten operators that are given messages.
type frames struct {
	e      *cook.Engine
	inbox  *graph.Inbox
	packet []byte
	serial uint32
}

func newFrames(ctx context.Context) (*frames, error) {
	f := &frames{packet: []byte("/sensor/00\x00\x00,fi\x00........")}
	g := graph.New()
	err := g.Edit(func(e *graph.Edit) {
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
	if f.e, err = cook.New(g, cook.Config{FPS: frameFPS, Offline: true}); err != nil {
		return nil, err
	}
	for _, name := range []string{"tail", "newest"} {
		f.e.Want(g.Node(name))
	}
	f.e.Start(ctx)
	return f, nil
}

// arrive puts the messages of one frame into the inbox.
func (f *frames) arrive() {
	for range frameMessages {
		f.serial++
		f.packet[8], f.packet[9] = '0'+byte(f.serial/10%3), '0'+byte(f.serial%10)
		binary.BigEndian.PutUint32(f.packet[16:], math.Float32bits(float32(f.serial%1000)/1000))
		binary.BigEndian.PutUint32(f.packet[20:], f.serial)
		_ = f.inbox.Put(graph.Event{Kind: graph.Message, Data: f.packet}) // what is lost would show in the rows
	}
}
