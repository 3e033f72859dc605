package top_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// A fakeMonitor answers as a monitor does, with what a test gives it.
type fakeMonitor struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	answers map[string]string // of GET, by path
	feeds   chan *websocket.Conn
	wishes  chan string // what the feed was asked for
}

// newFakeMonitor serves a monitor of an engine that has these nodes.
func newFakeMonitor(t *testing.T, nodes ...string) *fakeMonitor {
	t.Helper()
	m := &fakeMonitor{t: t, feeds: make(chan *websocket.Conn, 1), wishes: make(chan string, 100), answers: map[string]string{
		"/api/errors": `{"errors":[]}`, "/api/peers": `{"peers":[]}`, "/api/node": `{}`,
	}}
	m.graph(1, nodes...)
	m.Server = httptest.NewServer(http.HandlerFunc(m.serve))
	t.Cleanup(m.Close)
	return m
}

// graph makes the graph that of a generation.
func (m *fakeMonitor) graph(generation int, nodes ...string) {
	type info struct {
		Path string `json:"path"`
		Type string `json:"type"`
	}
	list := []info{}
	for _, n := range nodes {
		list = append(list, info{n, "oscin"})
	}
	text, err := json.Marshal(list)
	if err != nil {
		m.t.Fatal(err)
	}
	m.answer("/api/graph", fmt.Sprintf(
		`{"engine":{"patch":"show.yaml","mode":"frame","fps":60,"startedWall":1,"generation":%d},"nodes":%s}`, generation, text))
}

func (m *fakeMonitor) answer(path, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers[path] = text
}

func (m *fakeMonitor) serve(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	text, ok := m.answers[r.URL.Path]
	m.mu.Unlock()
	switch {
	case r.URL.Path == "/feed":
		m.feed(w, r)
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error":"there is no such thing"}`)
	default:
		fmt.Fprint(w, text)
	}
}

func (m *fakeMonitor) feed(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		m.t.Errorf("top asks for the feed wrongly: %v", err)
		return
	}
	defer func() { _ = conn.CloseNow() }()
	select {
	case m.feeds <- conn:
	case <-r.Context().Done():
		return
	}
	for {
		_, wish, err := conn.Read(r.Context())
		if err != nil {
			return
		}
		m.wishes <- string(wish)
	}
}

// say has the feed say something.
func (m *fakeMonitor) say(conn *websocket.Conn, format string, args ...any) {
	m.t.Helper()
	if err := conn.Write(m.t.Context(), websocket.MessageText, fmt.Appendf(nil, format, args...)); err != nil {
		m.t.Fatal(err)
	}
}
