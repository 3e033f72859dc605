package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const watchedPatch = `linecook: v1
nodes:
  faders:
    oscin: {port: 0}
  loud:
    select: {where: arg1 > 0.5}
    in: faders
`

// httpGet returns the status and the text of a page.
func httpGet(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestRunWithMonitor(t *testing.T) {
	l := cook(t, watchedPatch, "--monitor", "127.0.0.1:0")
	listening := l.log("listening", "")
	if listening["proto"] != "http" || listening["node"] != nil {
		t.Fatalf("the first record of a socket is %v; want the monitor's", listening)
	}
	addr := listening["addr"].(string)
	osc := l.addr("/faders")
	l.ready()
	if status, text := httpGet(t, "http://"+addr+"/readyz"); status != 200 {
		t.Errorf("GET /readyz: %d %s; want 200", status, text)
	}
	_, text := httpGet(t, "http://"+addr+"/api/graph")
	var g struct {
		Engine struct{ Patch, Mode string }
		Nodes  []struct {
			Path      string
			Listening []string
		}
	}
	if err := json.Unmarshal([]byte(text), &g); err != nil || len(g.Nodes) != 2 || g.Engine.Patch != "patch.yaml" || g.Engine.Mode != "frame" {
		t.Fatalf("GET /api/graph: %s, %v; want two nodes of patch.yaml in frame mode", text, err)
	}
	if n := g.Nodes[0]; n.Path != "/faders" || len(n.Listening) != 1 || n.Listening[0] != "udp "+osc {
		t.Errorf("GET /api/graph: the first node is %+v; want /faders that listens at udp %s", n, osc)
	}
	if status, text := httpGet(t, "http://"+addr+"/"); status != 200 || !strings.Contains(text, "<html") {
		t.Errorf("GET /: %d %.100s; want the page", status, text)
	}
	//nolint:bodyclose // the body is the connection
	conn, _, err := websocket.Dial(t.Context(), "ws://"+addr+"/feed", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"http://" + addr}}})
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"log":{"on":true},"watch":[{"path":"/loud"}]}`)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	sendMessage(t, osc)
	feedUntil(t, conn, `"address":"/fader/1","text":"0.75"`)
	l.stop() // within 2 seconds, though somebody watches
}

// sendMessage sends /fader/1 0.75.
func sendMessage(t *testing.T, addr string) {
	t.Helper()
	if _, err := fmt.Fprint(dial(t, "udp", addr), padded("/fader/1")+padded(",f")+"\x3f\x40\x00\x00"); err != nil {
		t.Fatal(err)
	}
}

// feedUntil reads the feed until it says text.
func feedUntil(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		_, message, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(message), text) {
			return
		}
	}
	t.Fatalf("the feed never said %s", text)
}

func TestMonitorSaysWhatIsNotReady(t *testing.T) {
	busy := portOf(listenUDP(t))
	l := cook(t, strings.Replace(watchedPatch, "port: 0", "port: "+busy, 1), "--monitor", "127.0.0.1:0")
	addr := l.log("listening", "")["addr"].(string)
	l.log("fault", "/faders")
	if status, text := httpGet(t, "http://"+addr+"/readyz"); status != 503 || !strings.Contains(text, "/faders") || !strings.Contains(text, busy) {
		t.Errorf("GET /readyz: %d %s; want 503, /faders and port %s", status, text, busy)
	}
	if status, text := httpGet(t, "http://"+addr+"/healthz"); status != 200 {
		t.Errorf("GET /healthz: %d %s; want 200", status, text)
	}
	l.stop()
}

func TestMonitorThatCannotBe(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, busy, _ := strings.Cut(taken.Addr().String(), ":")
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"port that is in use", []string{"--monitor", "127.0.0.1:" + busy}, 3, busy},
		{"address without a port", []string{"--monitor", "127.0.0.1"}, 3, "HOST:PORT"},
		{"flag that needs it", []string{"--monitor-write"}, 2, "--monitor ADDR"},
	} {
		l := cook(t, watchedPatch, tt.args...)
		if code := l.exit(); code != tt.code || !strings.Contains(l.errs.String(), tt.says) {
			t.Errorf("run with a %s: exit code %d, %s; want %d and %q", tt.name, code, l.errs, tt.code, tt.says)
		}
	}
}
