package take_test

import (
	"io"
	"testing"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
)

// BenchmarkCut is what recording costs the goroutine that cooks, and the whole process.
func BenchmarkCut(b *testing.B) {
	s := newShow(b, cook.Config{}, nil)
	r, err := take.NewRecorder(io.Discard, take.Config{Limit: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	p := &remote{id: uuid.Must(uuid.NewV7()), port: 5000}
	events := make([]graph.Event, 1000)
	for i := range events {
		events[i] = graph.Event{Peer: p, Time: int64(i), Seq: uint64(i), Data: []byte("/fader/1\x00\x00\x00\x00,f\x00\x00\x3f\x00\x00\x00")}
	}
	at := graph.Moment{}
	for b.Loop() {
		at.Frame++
		at.Time += time.Second / 60
		r.Cut(s.net, at, events, nil)
		r.Cooked(at, func(func(*graph.Node) bool) {})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/event")
	if err := r.Close(); err != nil {
		b.Error(err)
	}
}
