package monitor_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// A pipe is a listener whose connections are in memory.
type pipe chan net.Conn

func (p pipe) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (p pipe) Close() error   { return nil }
func (p pipe) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 7700} }

func (p pipe) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	p <- there
	return here, nil
}

// TestCooksAllocateNoMoreWithViewers measures frames, and samples between frames, in virtual time: nothing else
// runs meanwhile.
func TestCooksAllocateNoMoreWithViewers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := graph.New()
		if err := g.Edit(chain(500)); err != nil {
			t.Fatal(err)
		}
		e, err := cook.New(g, cook.Config{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		e.Start(t.Context())
		defer e.Close()
		source := g.Node("a").Operator().(*graphtest.Source)
		values := make([]table.Value, 100)
		step := func() {
			source.Append(values...)
			g.Node("a").Touch()
			e.Step()
		}
		stop := e.Want(g.Node("b"))
		for range 200 {
			step()
		}
		without := testing.AllocsPerRun(100, step)
		stop()

		m := monitor.New(e, monitor.Config{})
		l := make(pipe)
		server := &http.Server{Handler: m}
		go server.Serve(l)
		//nolint:bodyclose // the body is the connection
		viewer, _, err := websocket.Dial(t.Context(), "ws://127.0.0.1:7700/feed", &websocket.DialOptions{
			HTTPClient: &http.Client{Transport: &http.Transport{DialContext: l.dial}}, HTTPHeader: http.Header{"Origin": {"http://127.0.0.1:7700"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		viewer.SetReadLimit(1 << 20)
		told := make(chan int)
		go func() {
			n := 0
			for ; ; n++ {
				if _, _, err := viewer.Read(context.Background()); err != nil {
					told <- n
					return
				}
			}
		}()
		wish := `{"nodes":true,"watch":[{"path":"/b","rows":200},{"path":"/a"}],"log":{"on":true,"sent":true}}`
		if err := viewer.Write(t.Context(), websocket.MessageText, []byte(wish)); err != nil {
			t.Fatal(err)
		}
		for range 100 {
			time.Sleep(time.Second / 60)
			step()
		}
		synctest.Wait()
		if with := testing.AllocsPerRun(100, step); with > without {
			t.Errorf("a frame allocates %v times with a viewer, and %v times without", with, without)
		}
		nothing := func(cook.Peek) {}
		peek := testing.AllocsPerRun(100, func() { step(); e.Peek(nothing) })
		if sample := testing.AllocsPerRun(100, func() { step(); m.Sample() }); sample > peek {
			t.Errorf("a frame and a sample allocate %v times, and %v times if nothing is looked at", sample, peek)
		}
		_ = viewer.CloseNow()
		if n := <-told; n < 20 {
			t.Errorf("the viewer was told %d times in 1.7 s; want 20 times at least", n)
		}
		close(l)
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
}
