package monitor_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
)

// refused returns how often something was refused for a cause, by the monitor's metrics.
func (r *rig) refused(cause string) (n int) {
	r.t.Helper()
	_, text := r.text("/metrics")
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, `linecook_monitor_refused_total{cause="`+cause+`"} `); ok {
			if _, err := fmt.Sscan(rest, &n); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	return n
}

// awaitRefused returns when something was refused so often for a cause.
func (r *rig) awaitRefused(cause string, want int) {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); r.refused(cause) != want; {
		if time.Now().After(deadline) {
			r.t.Fatalf("%d times something was refused for %s; want %d", r.refused(cause), cause, want)
		}
	}
}

// ended returns how the feed ends, reading what comes until then.
func (c *client) ended() error {
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	defer cancel()
	for {
		if _, _, err := c.conn.Read(ctx); err != nil {
			return err
		}
	}
}

func TestMessagesThatAreNone(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	tests := []struct {
		name, message, cause string
		want                 websocket.StatusCode
	}{
		{"no JSON", "hello", "message", websocket.StatusPolicyViolation},
		{"JSON of another kind", `[1,2]`, "message", websocket.StatusPolicyViolation},
		{"too deep", strings.Repeat("[", 60000), "message", websocket.StatusPolicyViolation},
		{"too many nodes", `{"watch":[` + strings.Repeat(`{"path":"/a"},`, 16) + `{"path":"/a"}]}`, "message", websocket.StatusPolicyViolation},
		{"negative rows", `{"watch":[{"path":"/a","rows":-5}]}`, "message", websocket.StatusPolicyViolation},
		{"too long", `{"nodes":true,"x":"` + strings.Repeat("x", 65<<10) + `"}`, "frame", websocket.StatusMessageTooBig},
	}
	for _, tt := range tests {
		before := r.refused(tt.cause)
		err := r.watch(tt.message).ended()
		if got := websocket.CloseStatus(err); got != tt.want {
			t.Errorf("a message that is %s ends the feed with %v; want status %d", tt.name, err, tt.want)
		}
		r.awaitRefused(tt.cause, before+1)
	}
}

// shake makes the handshake of a WebSocket by hand, and returns its connection.
func (r *rig) shake() net.Conn {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10) // so that what is not read is soon felt
	fmt.Fprintf(conn, "GET /feed HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n", conn.RemoteAddr(), conn.RemoteAddr())
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSwitchingProtocols {
		r.t.Fatalf("handshake: %s", res.Status)
	}
	return conn
}

func TestFramesThatAreNone(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	for _, tt := range []struct {
		name  string
		frame []byte
	}{
		{"without a mask", append([]byte{0x81, 2}, "{}"...)},
		{"of reserved bits", []byte{0xf1, 0x80, 0, 0, 0, 0}},
		{"of an unknown opcode", []byte{0x83, 0x80, 0, 0, 0, 0}},
		{"of a length with its highest bit", []byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}},
		{"of 2^62 bytes", []byte{0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x'}},
		{"of a ping that is too long", []byte{0x89, 0xfe, 1, 0, 0, 0, 0, 0}},
	} {
		conn := r.shake()
		if _, err := conn.Write(append(tt.frame, make([]byte, 70<<10)...)); err != nil && !errors.Is(err, net.ErrClosed) {
			continue // it was closed before all was written
		}
		_ = conn.SetReadDeadline(time.Now().Add(15 * time.Second))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a frame %s does not end the connection", tt.name)
		}
	}
	if status := r.request("GET", "/api/graph"); status != 200 {
		t.Errorf("GET /api/graph afterwards: %d; want 200", status)
	}
}

func TestTooManyViewers(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	for range 64 {
		r.watch(`{"nodes":true}`)
	}
	if _, status := r.dial(); status != http.StatusServiceUnavailable {
		t.Errorf("the 65th viewer: %d; want 503", status)
	}
	if got := r.refused("viewers"); got != 1 {
		t.Errorf("the 65th viewer is counted %d times; want once", got)
	}
}

// A poster has many rows of long texts in every cook.
type poster struct{}

var poster4K = strings.Repeat("x", 4000)

func (*poster) EveryFrame() bool { return true }
func (*poster) Cook(c *graph.Cook) error {
	w := c.Out()
	col := w.Col("text")
	w.Expire(w.End())
	for range 20 {
		w.Row()
		w.SetString(col, poster4K)
	}
	return nil
}

func TestViewerThatDoesNotRead(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		for _, name := range []string{"a", "b", "c", "d"} {
			e.Add(name, &poster{})
		}
	}, monitor.Config{Patience: 300 * time.Millisecond})
	conn := r.shake()
	text := `{"watch":[{"path":"/a"},{"path":"/b"},{"path":"/c"},{"path":"/d"}]}`
	if _, err := conn.Write(append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)); err != nil {
		t.Fatal(err)
	}
	r.awaitRefused("slow", 1)
	r.watch(`{"nodes":true}`).until("has the nodes", func(u update) bool { return len(u.Nodes) == 4 })
}

// TestViewersAreSmall has sixty viewers that are told much and never read.
func TestViewersAreSmall(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		for _, name := range []string{"a", "b", "c", "d"} {
			e.Add(name, &poster{})
		}
	}, monitor.Config{})
	reads := r.watch(`{"nodes":true,"watch":[{"path":"/a"},{"path":"/b"},{"path":"/c"},{"path":"/d"}]}`)
	const count = 60
	memory := func() int64 { // the least of several looks: what is being made meanwhile comes and goes
		least := int64(math.MaxInt64)
		for range 10 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			least = min(least, int64(m.HeapAlloc+m.StackInuse))
		}
		return least
	}
	reads.until("comes when the tables have their size", func(u update) bool { return u.Frame > 300 })
	before := memory()
	text := `{"nodes":true,"watch":[{"path":"/a"},{"path":"/b"},{"path":"/c"},{"path":"/d"}]}`
	for range count {
		if _, err := r.shake().Write(append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)); err != nil {
			t.Fatal(err)
		}
	}
	last := reads.next().Frame
	reads.until("comes a second later", func(u update) bool { return u.Frame > last+200 })
	each := (memory() - before) / count
	t.Logf("a viewer that does not read takes %d bytes", each)
	if each > 64<<10 {
		t.Errorf("a viewer that does not read takes %d bytes; want 64 KiB at most", each)
	}
}

// TestCloseAfterMessageThatIsNone closes while a viewer does not answer that its message was none.
func TestCloseAfterMessageThatIsNone(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	if _, err := r.shake().Write([]byte{0x81, 0x81, 0, 0, 0, 0, '!'}); err != nil {
		t.Fatal(err)
	}
	r.awaitRefused("message", 1)
	began := time.Now()
	if err := r.m.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("Close took %v; want 2 s at most", took)
	}
}

func TestConnectionThatIsReset(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	conn := r.shake().(*net.TCPConn)
	if err := conn.SetLinger(0); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	for deadline := time.Now().Add(20 * time.Second); ; {
		if _, text := r.text("/metrics"); strings.Contains(text, "linecook_monitor_viewers 0\n") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a viewer whose connection was reset is still there")
		}
	}
	if got := r.refused("frame"); got != 0 {
		t.Errorf("a connection that is reset is counted %d times as a wrong frame; want none", got)
	}
}
