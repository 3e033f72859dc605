package main_test

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	engine "linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/patches"
)

var reloads = flag.Int("reloads", 50, "how often the patch changes while messages arrive")

// A show is a patch that an engine of this process runs, and that changes.
type show struct {
	t      testing.TB
	patch  *patches.Patch
	engine *engine.Engine
	pauses []time.Duration
}

func newShow(t testing.TB, text string) *show {
	t.Helper()
	g := graph.New()
	s := &show{t: t, patch: parsed(t, text)}
	if err := s.patch.Build(g); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.engine, err = engine.New(g, engine.Config{FPS: 1000}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() {
		if err := s.engine.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		run.Wait()
	})
	<-s.engine.Ready()
	return s
}

// reload makes the patch another one.
func (s *show) reload(text string) {
	s.t.Helper()
	next := parsed(s.t, text)
	if err := patches.Compare(s.patch, next).Apply(s.engine.Edit); err != nil {
		s.t.Fatal(err)
	}
	s.patch = next
	s.pauses = append(s.pauses, s.engine.Stats().Edit)
}

// addr returns where a node listens.
func (s *show) addr(name string) (at string) {
	s.engine.Do(func(g *graph.Graph) {
		at = g.Node(name).Operator().(interface{ LocalAddr() netip.AddrPort }).LocalAddr().String()
	})
	return at
}

// pause returns the q-th quantile of the pauses.
func (s *show) pause(q float64) time.Duration {
	slices.Sort(s.pauses)
	return s.pauses[min(int(q*float64(len(s.pauses))), len(s.pauses)-1)]
}

// variant is patch i of a series, in each of which something else changes: parameters of what receives, of what
// selects, wires, nodes, and now and then nothing.
func variant(i, nodes int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `linecook: v1
nodes:
  lines: {tcpip: {mode: server, port: 0, maxlines: %d, time: %t}}
  osc: {oscin: {port: 0, maxlines: %d}}
  some: {select: {where: "message != 'x%d'"}, in: lines}
  other: {select: {}, in: %s}
`, 1000+i%3, i%5 > 2, 1000+i%2, i%4, []string{"some", "lines"}[i%2])
	if i%3 == 0 {
		fmt.Fprintf(&b, "  extra: {select: {}, in: osc}\n  ear: {udpin: {port: 0}}\n  door: {tcpip: {mode: server, port: 0}}\n")
	}
	for chain := range nodes / 10 {
		fmt.Fprintf(&b, "  rows%d: {table: {rows: [[1, 2], [3, %d]]}}\n", chain, (i+chain)%7/6)
		last := fmt.Sprint("rows", chain)
		for k := range 9 {
			name := fmt.Sprintf("n%d_%d", chain, k)
			fmt.Fprintf(&b, "  %s: {select: {rowindexend: %d}, in: %s}\n", name, 5+(i+chain)%50/49, last)
			last = name
		}
	}
	return b.String()
}

// A sequence checks that numbers come one after the other.
type sequence struct {
	t    *testing.T
	what string
	next atomic.Int64
}

func (q *sequence) take(n int64) {
	if want := q.next.Load(); n != want {
		q.t.Errorf("%s: number %d comes after %d", q.what, n, want-1)
	}
	q.next.Store(n + 1)
}

// TestReloadsUnderLoad changes a patch over and over while lines arrive by TCP, as fast as they are taken, and OSC by
// UDP. No connection ends, and no message is lost or comes twice. The whole of it:
//
//	go test -v -run TestReloadsUnderLoad ./cmd/linecook -reloads 1000
func TestReloadsUnderLoad(t *testing.T) {
	s := newShow(t, variant(0, 0))
	lines, packets := &sequence{t: t, what: "lines"}, &sequence{t: t, what: "packets"}
	s.observe("lines", func(row table.Row) {
		var n int64
		if _, err := fmt.Sscanf(row.Get("message").Str(), "%d ", &n); err != nil {
			t.Error(err)
		}
		lines.take(n)
	})
	s.observe("osc", func(row table.Row) { packets.take(row.Get("arg1").Int()) })
	tcp, udp := dial(t, "tcp", s.addr("lines")), dial(t, "udp", s.addr("osc"))
	var sent [2]int64
	stop := make(chan struct{})
	var senders sync.WaitGroup
	senders.Go(func() {
		for pad := strings.Repeat("x", 40); ; sent[0]++ {
			select {
			case <-stop:
				return
			default:
			}
			_ = tcp.SetDeadline(time.Now().Add(patience)) // an error here is one of the write, too
			if _, err := fmt.Fprintf(tcp, "%d %s\n", sent[0], pad); err != nil {
				t.Errorf("the connection has ended: %v", err)
				return
			}
		}
	})
	senders.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for ; ; sent[1]++ {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			packet := binary.BigEndian.AppendUint32([]byte("/seq\x00\x00\x00\x00,i\x00\x00"), uint32(sent[1]))
			_ = udp.SetDeadline(time.Now().Add(patience))
			if _, err := udp.Write(packet); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for i := range *reloads {
		s.reload(variant(i+1, 0))
	}
	close(stop)
	senders.Wait()
	deadline := time.Now().Add(patience)
	for lines.next.Load() < sent[0] || packets.next.Load() < sent[1] {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d lines and %d of %d packets have come", lines.next.Load(), sent[0], packets.next.Load(), sent[1])
		}
		s.engine.Stats() // a frame
	}
	s.engine.Do(func(g *graph.Graph) {
		for _, name := range []string{"lines", "osc"} {
			if n := g.Node(name); n.Stats().Errors > 0 || n.Stats().Inbox.Dropped > 0 {
				t.Errorf("%s: %+v", name, n.Stats())
			}
		}
	})
	t.Logf("%d reloads, %d lines, %d packets; pause p50 %v, p99 %v, max %v",
		*reloads, sent[0], sent[1], s.pause(0.5), s.pause(0.99), s.pause(1))
}

// observe calls f for each new row of a node.
func (s *show) observe(name string, f func(table.Row)) {
	var n *graph.Node
	s.engine.Do(func(g *graph.Graph) { n = g.Node(name) })
	s.engine.Observe(n, func(_ int64, d table.Delta) {
		for row := range d.NewRows() {
			f(row)
		}
	})
}

// TestReloadsLeaveNothing adds and removes nodes with sockets: goroutines and descriptors are then what they were
// (reliability R42).
func TestReloadsLeaveNothing(t *testing.T) {
	s := newShow(t, variant(0, 100))
	s.reload(variant(1, 100))
	goroutines, files := runtime.NumGoroutine(), descriptors(t)
	for i := range 2 * *reloads {
		s.reload(variant(i+2, 100))
	}
	s.reload(variant(1, 100))
	for end := time.Now().Add(patience); ; s.engine.Stats() {
		moreGoroutines, moreFiles := runtime.NumGoroutine()-goroutines, descriptors(t)-files
		if max(moreGoroutines, -moreGoroutines) <= 5 && max(moreFiles, -moreFiles) <= 2 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after %d reloads there are %d more goroutines and %d more descriptors", 2**reloads, moreGoroutines, moreFiles)
		}
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// BenchmarkReload exchanges patches of a thousand nodes, of which about one in fifty changes. The time of an operation is
// that of reading the patch, too, while the engine cooks; the pauses are how long it did not.
func BenchmarkReload(b *testing.B) {
	s := newShow(b, variant(0, 1000))
	i := 0
	for b.Loop() {
		i++
		s.reload(variant(i, 1000))
	}
	b.ReportMetric(float64(s.pause(0.5).Microseconds()), "p50-pause-µs")
	b.ReportMetric(float64(s.pause(0.99).Microseconds()), "p99-pause-µs")
	b.ReportMetric(float64(s.pause(1).Microseconds()), "max-pause-µs")
}
