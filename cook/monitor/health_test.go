package monitor_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

// A jam keeps its cook waiting until it is freed.
type jam struct{ on, free chan struct{} }

func (j *jam) Effect() bool { return true }
func (j *jam) Cook(c *graph.Cook) error {
	if j.on != nil && c.Frame > 1 {
		close(j.on)
		<-j.free
		j.on = nil
	}
	return nil
}

// text returns the answer to a GET.
func (r *rig) text(path string) (int, string) {
	r.t.Helper()
	res, err := http.Get(r.server.URL + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestHealth(t *testing.T) {
	j := &jam{on: make(chan struct{}), free: make(chan struct{})}
	r := newRig(t, func(e *graph.Edit) { e.Add("jam", j) }, monitor.Config{})
	if status, text := r.text("/healthz"); status != 200 || !strings.HasPrefix(text, "ok") {
		t.Errorf("GET /healthz: %d %s; want 200 ok", status, text)
	}
	if status, text := r.text("/readyz"); status != 200 {
		t.Errorf("GET /readyz: %d %s; want 200", status, text)
	}
	on := j.on
	r.node("/jam").Touch()
	<-on
	defer close(j.free)
	began := time.Now()
	if status, text := r.text("/healthz"); status != 503 || !strings.Contains(text, "/jam") {
		t.Errorf("GET /healthz while a cook is stuck: %d %s; want 503 and /jam", status, text)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("GET /healthz took %v; want 2 s at most", took)
	}
	if _, text := r.text("/metrics"); !strings.Contains(text, "linecook_up 0") {
		t.Error("GET /metrics while a cook is stuck: linecook_up is not 0")
	}
	if status, _ := r.text("/api/graph"); status != 503 {
		t.Errorf("GET /api/graph while a cook is stuck: %d; want 503", status)
	}
}

// TestManyQuestions asks more at once than the engine is asked, while it is busy for a moment.
func TestManyQuestions(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	busy, free := make(chan struct{}), make(chan struct{})
	var held sync.WaitGroup
	defer held.Wait()
	held.Go(func() { r.engine.Do(func(*graph.Graph) { close(busy); <-free }) })
	<-busy
	const count = 40
	answers := make(chan int, count)
	for range count {
		go func() { answers <- r.request("GET", "/healthz") }()
	}
	select {
	case got := <-answers:
		t.Errorf("GET /healthz among %d questions: %d at once; want it to wait", count, got)
		answers <- got
	case <-time.After(200 * time.Millisecond):
	}
	close(free)
	for range count {
		if got := <-answers; got != 200 {
			t.Errorf("GET /healthz among %d questions: %d; want 200", count, got)
		}
	}
}

func TestMetricsOfInbox(t *testing.T) {
	r := newRig(t, mailboxes, monitor.Config{})
	if _, text := r.text("/metrics"); !strings.Contains(text, `linecook_node_events_total{node="/left",type="mailbox"} 0`+"\n") {
		t.Error("GET /metrics has no linecook_node_events_total of a node that has received nothing yet")
	}
}

// TestWantedBy has a node read another one twice.
func TestWantedBy(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		a, b := e.Add("a", &graphtest.Source{}), e.Add("b", &graphtest.Recorder{})
		e.Wire(a, b)
		e.Wire(a, b)
	}, monitor.Config{})
	var node struct{ Why struct{ WantedBy []string } }
	r.get("/api/node?path=a", &node)
	if got := node.Why.WantedBy; !slices.Equal(got, []string{"/b"}) {
		t.Errorf("GET /api/node of a: it is wanted by %v; want /b, once", got)
	}
}

func TestMetrics(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	r.request("GET", "/api/graph", "Host", "evil.example")
	c := r.watch(`{"watch":[{"path":"/b"}]}`)
	r.feed("/a", 1, 2, 3)
	c.until("has the rows", func(u update) bool { return u.Tails["/b"].End == 3 })
	_, text := r.text("/metrics")
	for _, want := range []string{
		"linecook_up 1\n",
		"linecook_nodes 2\n",
		"linecook_monitor_viewers 1\n",
		`linecook_monitor_refused_total{cause="host"} 1` + "\n",
		`linecook_node_rows_out_total{node="/b",type="filter"} 3` + "\n",
		`linecook_node_failing{node="/a",type="source"} 0` + "\n",
		"go_goroutines", "process_open_fds",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("GET /metrics has no %s", want)
		}
	}
}
