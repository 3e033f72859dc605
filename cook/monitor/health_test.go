package monitor_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
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
