package bench

import (
	"context"
	"flag"
	"iter"
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

var framesFor = flag.Duration("frames", time.Second, "how long TestFramesInTime cooks in real time")

func started(tb testing.TB) *frames {
	tb.Helper()
	f, err := newFrames(tb.Context(), cook.Config{Offline: true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.e.Close() })
	for range 2 * frameFPS { // memory grows in the first seconds
		f.arrive(frameMessages)
		f.e.Step()
	}
	return f
}

// BenchmarkFrames cooks a frame of messages with ten operators.
func BenchmarkFrames(b *testing.B) {
	f := started(b)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		f.arrive(frameMessages)
		b.StartTimer()
		f.e.Step()
	}
	b.ReportMetric(100*b.Elapsed().Seconds()*frameFPS/float64(b.N), "%frame")
}

func TestFramesAllocateNothing(t *testing.T) {
	f := started(t)
	n := testing.AllocsPerRun(frameFPS, func() {
		f.arrive(frameMessages)
		f.e.Step()
	})
	if n != 0 {
		t.Errorf("a frame of %d messages allocates %v times, want 0", frameMessages, n)
	}
	for _, name := range []string{"tail", "newest"} {
		if f.g.Node(name).Table().NumRows() == 0 {
			t.Errorf("%s has no rows", name)
		}
	}
}

// TestFramesInTime cooks 100,000 messages a second in real time and prints how much of the frames that took. None
// is lost.
func TestFramesInTime(t *testing.T) {
	var shares []float64 // of each frame, in per cent
	f, err := newFrames(t.Context(), cook.Config{Cooked: func(_ graph.Moment, nodes iter.Seq[*graph.Node]) {
		took := time.Duration(0)
		for n := range nodes {
			took += n.Stats().Last
		}
		shares = append(shares, 100*took.Seconds()*frameFPS)
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- f.e.Run(ctx) }()
	<-f.e.Ready()
	sent := f.arriveFor(*framesFor)
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	in := f.g.Node("in").Stats()
	if in.RowsOut != uint64(sent) || in.Inbox.Dropped != 0 {
		t.Errorf("%d messages became %d rows, %d were dropped", sent, in.RowsOut, in.Inbox.Dropped)
	}
	slices.Sort(shares)
	over, _ := slices.BinarySearch(shares, 100)
	s := f.e.Stats()
	t.Logf("%d messages in %v; the nodes took %.2f %% of a frame in half of them, %.2f %% in 99 of 100, %.2f %% at most; "+
		"%d of %d frames took longer than a frame; skipped %d, late %d", sent, *framesFor, shares[len(shares)/2],
		shares[len(shares)*99/100], shares[len(shares)-1], len(shares)-over, s.Frames, s.Skipped, s.Late)
}

// arriveFor puts 100,000 messages a second into the inbox and returns how many.
func (f *frames) arriveFor(d time.Duration) (sent int) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); ; {
		elapsed := min(time.Since(began), d)
		due := int(elapsed.Seconds() * frameFPS * frameMessages)
		f.arrive(due - sent)
		sent = due
		if elapsed == d {
			return sent
		}
		<-tick.C
	}
}
