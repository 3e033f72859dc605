package ops_test

import (
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

// BenchmarkIngest is what becomes of a datagram behind its socket: an event, put in batches of 64, a
// row, 8,192 of them cut for a frame, and a reader that is given them.
func BenchmarkIngest(b *testing.B) {
	g, op := graph.New(), &ops.OscIn{}
	var in *graph.Node
	err := g.Edit(func(e *graph.Edit) {
		in = e.Add("in", op)
		e.Wire(in, e.Add("count", &counter{}))
	})
	if err != nil {
		b.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{Offline: true})
	if err != nil {
		b.Fatal(err)
	}
	e.Start(b.Context())
	defer e.Close()
	batch := make([]graph.Event, 64)
	for i := range batch {
		batch[i] = graph.Event{Kind: graph.Message, Data: tuio(b)}
	}
	n := 0
	for b.Loop() {
		in.Inbox().PutAll(batch)
		if n++; n%128 == 0 {
			e.Step()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*len(batch)), "ns/message")
	if got := in.Inbox().Stats(); got.Dropped > 0 || got.Malformed > 0 {
		b.Errorf("inbox has %+v, want nothing lost", got)
	}
}
