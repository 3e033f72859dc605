package ops_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
)

// echoServer runs a patch that answers every line, and counts connections that came and went.
func echoServer(b *testing.B, connects, closes *atomic.Int64) (addr string, in *graph.Node, stop func()) {
	op := &ops.TcpIp{Mode: "server", Access: ops.Access{MaxPeers: 16384}, MaxPerSource: 16384}
	op.Hooks.OnConnect = func(*ops.Dat, peer.Handle) error { connects.Add(1); return nil }
	op.Hooks.OnClose = func(*ops.Dat, peer.Handle) error { closes.Add(1); return nil }
	op.Hooks.OnReceive = func(_ *ops.Dat, m ops.Received) error {
		_, err := m.Peer.Send("\n", m.Message)
		return err
	}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { in = e.Add("echo", op) }); err != nil {
		b.Fatal(err)
	}
	_, stop = cookLive(b, g)
	return op.LocalAddr().String(), in, stop
}

// cookLive runs an engine on g, at 60 frames a second, until stop is called.
func cookLive(b *testing.B, g *graph.Graph) (e *cook.Engine, stop func()) {
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() { ended <- e.Run(ctx) }()
	<-e.Ready()
	return e, func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}
}

// BenchmarkPeers has 2,000 TCP peers that each send a line and wait for its echo, b.N times in all.
func BenchmarkPeers(b *testing.B) {
	const peers = 2000
	var connects, closes atomic.Int64
	before := runtime.NumGoroutine()
	addr, in, stop := echoServer(b, &connects, &closes)
	var clients sync.WaitGroup
	var lines atomic.Int64
	for i := range peers {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		clients.Go(func() {
			defer nc.Close()
			r := bufio.NewReader(nc)
			for lines.Add(1) <= int64(b.N) {
				fmt.Fprintf(nc, "line of %d\n", i)
				if got, err := r.ReadString('\n'); err != nil || got != fmt.Sprintf("line of %d\n", i) {
					b.Errorf("peer %d got %q, %v", i, got, err)
					return
				}
			}
		})
	}
	clients.Wait()
	stop()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "echoes/s")
	b.ReportMetric(float64(connects.Load()-closes.Load()), "opened-closed")
	b.ReportMetric(float64(runtime.NumGoroutine()-before), "goroutinesleft")
	if err := in.Err(); err != nil {
		b.Error(err)
	}
}

// BenchmarkConnects makes b.N connections at 1,000 a second, each of which sends a line, reads its
// echo and ends. Run it with -benchtime 30000x for half a minute.
func BenchmarkConnects(b *testing.B) {
	var connects, closes, failed atomic.Int64
	before, files := runtime.NumGoroutine(), openFiles(b)
	addr, in, stop := echoServer(b, &connects, &closes)
	var clients sync.WaitGroup
	begun := time.Now()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; n < b.N; {
		<-tick.C
		for due := min(b.N, int(time.Since(begun).Milliseconds())); n < due; n++ {
			clients.Go(func() {
				if err := oneEcho(addr); err != nil {
					failed.Add(1)
				}
			})
		}
	}
	clients.Wait()
	b.StopTimer()
	stop()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "connects/s")
	b.ReportMetric(float64(failed.Load()), "failed")
	b.ReportMetric(float64(connects.Load()-closes.Load()), "opened-closed")
	b.ReportMetric(float64(runtime.NumGoroutine()-before), "goroutinesleft")
	b.ReportMetric(float64(openFiles(b)-files), "filesleft")
	if err := in.Err(); err != nil {
		b.Error(err)
	}
}

func oneEcho(addr string) error {
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer nc.Close()
	if _, err := nc.Write([]byte("hello\n")); err != nil {
		return err
	}
	_, err = bufio.NewReader(nc).ReadString('\n')
	return err
}

func openFiles(b *testing.B) int {
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		b.Fatal(err)
	}
	return len(files)
}
