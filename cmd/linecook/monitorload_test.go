package main_test

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/net/ipv4"

	engine "linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

var (
	viewersTime  = flag.Duration("viewers", 600*time.Millisecond, "how long a round of TestViewersLoad takes, half of it with viewers")
	viewersRate  = flag.Int("viewersrate", 2000, "messages a second that TestViewersLoad sends")
	viewersTurns = flag.Int("viewersrounds", 1, "rounds of TestViewersLoad")
)

// TestViewersLoad compares cooks while twenty viewers watch all nodes, two tails and the log with cooks while
// nobody does, in turns, and prints rows for docs/benchmarks/monitor.md. At full load it takes a minute and a half:
//
//	go test -v -run TestViewersLoad ./cmd/linecook -viewers 16s -viewersrate 100000 -viewersrounds 5
func TestViewersLoad(t *testing.T) {
	l := startViewersLoad(t)
	var alone, watched cookTimes
	for range *viewersTurns {
		l.measure(&alone, *viewersTime/2)
		stop := l.view(20)
		l.measure(&watched, *viewersTime/2)
		if told := stop(); told < 20 {
			t.Errorf("20 viewers were told %d times; want each of them at least once", told)
		}
	}
	t.Logf("cooks, their mean, p99, p99.9; frames, their mean, p99, late ones:\n| none | %s |\n| 20 | %s |", alone.report(), watched.report())
	l.end()
	s := l.in.Stats()
	t.Logf("%d messages sent, %d became rows; kernel drops %d, inbox drops %d", l.sent.Load(), s.RowsOut, s.Counters["kerneldrops"], s.Inbox.Dropped)
	if s.RowsOut == 0 || s.RowsOut > uint64(l.sent.Load()) {
		t.Errorf("%d of %d messages became rows", s.RowsOut, l.sent.Load())
	}
}

// A viewersLoad is an engine under load, with a monitor.
type viewersLoad struct {
	t    *testing.T
	e    *engine.Engine
	in   *graph.Node
	url  string
	sent atomic.Int64
	end  func()

	mu   sync.Mutex
	into *cookTimes // where times go; nil for nowhere
}

func startViewersLoad(t *testing.T) *viewersLoad {
	t.Helper()
	g, l := graph.New(), &viewersLoad{t: t}
	receiver := &ops.OscIn{Window: ops.Window{MaxLines: 10_000}}
	err := g.Edit(func(x *graph.Edit) {
		l.in = x.Add("in", receiver)
		last := l.in
		add := func(name string, op graph.Operator) {
			n := x.Add(name, op)
			x.Wire(last, n)
			last = n
		}
		add("loud", &ops.Select{Where: "arg1 > 0.25"})
		add("scaled", &ops.Eval{Expr: []string{"level = arg1 * 100"}})
		add("newest", &ops.Latest{})
	})
	if err != nil {
		t.Fatal(err)
	}
	if l.e, err = engine.New(g, engine.Config{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	l.e.Want(g.Node("newest"))
	l.e.SetTrace(l.note)
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := l.e.Run(ctx); err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
	<-l.e.Ready()
	m := monitor.New(l.e, monitor.Config{})
	ln, _, err := monitor.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.url = "ws://" + ln.Addr().String() + "/feed"
	wg.Go(func() { _ = m.Serve(ctx, ln) }) // it ends with ctx
	wg.Go(func() { l.send(ctx, receiver.LocalAddr()) })
	l.end = sync.OnceFunc(func() {
		stop()
		wg.Wait()
		if err := m.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	t.Cleanup(l.end)
	return l
}

// send sends messages at the rate that was asked for, many in one call.
func (l *viewersLoad) send(ctx context.Context, to netip.AddrPort) {
	c, err := net.Dial("udp", to.String())
	if err != nil {
		l.t.Error(err)
		return
	}
	defer c.Close()
	conn := ipv4.NewPacketConn(c.(net.PacketConn))
	batch := make([]ipv4.Message, 100)
	for i := range batch {
		batch[i].Buffers = [][]byte{[]byte("/sensor/00\x00\x00,fi\x00........")}
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); ctx.Err() == nil; <-tick.C {
		due := int64(time.Since(began).Seconds() * float64(*viewersRate))
		for n := due - l.sent.Load(); n > 0; n = due - l.sent.Load() {
			part := batch[:min(n, int64(len(batch)))]
			for i := range part {
				l.fill(part[i].Buffers[0], l.sent.Load()+int64(i))
			}
			wrote, err := conn.WriteBatch(part, 0)
			if err != nil {
				return // the receiver has closed
			}
			l.sent.Add(int64(wrote))
		}
	}
}

func (l *viewersLoad) fill(packet []byte, i int64) {
	packet[8], packet[9] = '0'+byte(i/10%3), '0'+byte(i%10)
	binary.BigEndian.PutUint32(packet[16:], math.Float32bits(float32(i%1000)/1000))
	binary.BigEndian.PutUint32(packet[20:], uint32(i))
}

// cookTimes are how long cooks took.
type cookTimes struct {
	cooks, frames []time.Duration
	late          int // frames that began more than half a frame late
}

// note is told of each frame.
func (l *viewersLoad) note(f engine.TracedFrame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.into == nil {
		return
	}
	for _, c := range f.Cooks {
		l.into.cooks = append(l.into.cooks, c.Took)
	}
	l.into.frames = append(l.into.frames, f.Took)
	if f.Late > time.Second/120 {
		l.into.late++
	}
}

func (l *viewersLoad) noteInto(to *cookTimes) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.into = to
}

// measure adds to the times those of a while, after a fifth of it.
func (l *viewersLoad) measure(to *cookTimes, d time.Duration) {
	<-time.After(d / 5)
	l.noteInto(to)
	<-time.After(d - d/5)
	l.noteInto(nil)
}

func (c *cookTimes) report() string {
	return fmt.Sprintf("%d | %v | %v | %v | %d | %v | %v | %d", len(c.cooks), rounded(mean(c.cooks)), rounded(part(c.cooks, 0.99)),
		rounded(part(c.cooks, 0.999)), len(c.frames), rounded(mean(c.frames)), rounded(part(c.frames, 0.99)), c.late)
}

func rounded(d time.Duration) time.Duration { return d.Round(100 * time.Nanosecond) }

func mean(list []time.Duration) (sum time.Duration) {
	for _, d := range list {
		sum += d
	}
	return sum / time.Duration(max(1, len(list)))
}

// part returns the time that so great a part of the list is within.
func part(list []time.Duration, p float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[int(p*float64(len(sorted)-1))]
}

// view lets so many viewers watch until stop is called, which returns how often they were told something.
func (l *viewersLoad) view(count int) (stop func() int64) {
	l.t.Helper()
	ctx, cancel := context.WithCancel(l.t.Context())
	var wg sync.WaitGroup
	var told atomic.Int64
	for range count {
		//nolint:bodyclose // the body is the connection
		conn, _, err := websocket.Dial(ctx, l.url, &websocket.DialOptions{
			HTTPHeader: http.Header{"Origin": {strings.TrimSuffix(strings.Replace(l.url, "ws", "http", 1), "/feed")}},
		})
		if err != nil {
			l.t.Fatal(err)
		}
		conn.SetReadLimit(1 << 20)
		wish := `{"nodes":true,"watch":[{"path":"/in","rows":200},{"path":"/newest","rows":200}],"log":{"on":true,"sent":true,"rows":200}}`
		if err := conn.Write(ctx, websocket.MessageText, []byte(wish)); err != nil {
			l.t.Fatal(err)
		}
		wg.Go(func() {
			for {
				_, r, err := conn.Reader(ctx)
				if err != nil {
					return
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					return
				}
				told.Add(1)
			}
		})
	}
	return func() int64 {
		cancel()
		wg.Wait()
		return told.Load()
	}
}
