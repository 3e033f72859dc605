package monitor_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

func TestServe(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	l, public, err := monitor.Listen("127.0.0.1:0")
	if err != nil || public {
		t.Fatalf("Listen(127.0.0.1:0) = public %t, %v; want loopback", public, err)
	}
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	if _, _, err := monitor.Listen("127.0.0.1:" + port); err == nil || !strings.Contains(err.Error(), port) {
		t.Errorf("Listen at a port that is in use: %v; want an error that names %s", err, port)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.m.Serve(ctx, l) }()
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+l.Addr().String()+"/api/graph", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X", strings.Repeat("x", 40<<10))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a request with 40 KiB of headers: %s; want 431", res.Status)
	}
	//nolint:bodyclose // the body is the connection
	conn, _, err := websocket.Dial(t.Context(), "ws://"+l.Addr().String()+"/feed", &websocket.DialOptions{
		HTTPHeader: http.Header{"Origin": {"http://" + l.Addr().String()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve() = %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("Serve ended %v after its context; want a second at most", took)
	}
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the feed ends with %v; want status 1001", err)
	}
}

func TestGraphOfManyNodes(t *testing.T) {
	const count = 333
	r := newRig(t, func(e *graph.Edit) {
		for i := range count {
			e.Add(fmt.Sprintf("n%d", i), &graphtest.Source{Max: i + 1})
		}
	}, monitor.Config{})
	var a struct {
		Engine struct{ Generation uint64 }
		Nodes  []struct {
			Path   string
			Params map[string]string
		}
	}
	check := func() {
		t.Helper()
		r.get("/api/graph", &a)
		var want []string
		r.engine.Peek(func(p cook.Peek) {
			for _, n := range p.Nodes {
				want = append(want, n.String())
			}
		})
		var got []string
		for _, n := range a.Nodes {
			got = append(got, n.Path)
		}
		if !slices.Equal(got, want) {
			t.Errorf("GET /api/graph has the nodes %v; want them in the order of the plan, %v", got, want)
		}
	}
	check()
	check() // from memory
	before := a.Engine.Generation
	if err := r.engine.Edit(func(x *graph.Edit) { x.Add("m", &graphtest.Source{Max: 5}) }); err != nil {
		t.Fatal(err)
	}
	check()
	if a.Engine.Generation == before || len(a.Nodes) != count+1 {
		t.Errorf("after an edit GET /api/graph has generation %d and %d nodes; want another than %d, and %d", a.Engine.Generation, len(a.Nodes), before, count+1)
	}
}

// TestServeEndsWithItsAnswers ends serving while something is asked.
func TestServeEndsWithItsAnswers(t *testing.T) {
	asked, answered := make(chan struct{}), make(chan struct{})
	r := newRig(t, chain(10), monitor.Config{Take: func() monitor.Take {
		close(asked)
		<-answered
		return monitor.Take{}
	}})
	l, _, err := monitor.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended, status := make(chan error, 1), make(chan int, 1)
	go func() { ended <- r.m.Serve(ctx, l) }()
	go func() {
		res, err := http.Get("http://" + l.Addr().String() + "/api/take")
		if err != nil {
			t.Errorf("GET /api/take: %v", err)
			status <- 0
			return
		}
		res.Body.Close()
		status <- res.StatusCode
	}()
	<-asked
	stop()
	select {
	case err := <-ended:
		t.Errorf("Serve() = %v before it has answered", err)
		close(answered)
	case <-time.After(50 * time.Millisecond):
		close(answered)
		if err := <-ended; err != nil {
			t.Errorf("Serve() = %v", err)
		}
	}
	if got := <-status; got != 200 {
		t.Errorf("GET /api/take while serving ends: %d; want 200", got)
	}
}
