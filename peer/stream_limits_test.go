package peer_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/osc"
)

// ended returns the Close event that must come next, after any messages.
func (r *rig) ended() graph.Event {
	r.t.Helper()
	for {
		if e := r.next(); e.Kind == graph.Close {
			return e
		} else if e.Kind != graph.Message {
			r.t.Fatalf("event of kind %d, want Close", e.Kind)
		}
	}
}

// dropped waits until the far end is closed by the listener.
func dropped(t testing.TB, c net.Conn) {
	t.Helper()
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("Read = %d, %v; want the connection to be closed", n, err)
	}
}

func TestTooManyConnections(t *testing.T) {
	tests := []struct {
		name           string
		cfg            peer.StreamConfig
		perSource, all int    // connections that are taken from one address, and then from others
		counter        string // of those beyond
		log            string
	}{
		{"few may come from one address", peer.StreamConfig{MaxPeers: 4}, 4, 4, "peersfull", "maxpeers"},
		{"a quarter of many", peer.StreamConfig{MaxPeers: 80}, 20, 20, "sourcefull", "raise that"},
		{"a limit of one address", peer.StreamConfig{MaxPerSource: 2}, 2, 2, "sourcefull", "maxpersource"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			tt.cfg.Owner = r.node
			l := listen(t, tt.cfg)
			dial := func(from int) net.Conn {
				d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(from))}}
				c, err := d.Dial("tcp", l.LocalAddr().String())
				return closing(t, c, err)
			}
			for i := range tt.all {
				dial(1 + i/tt.perSource)
				r.expect(graph.Connect, "")
			}
			dropped(t, dial(1))
			if got := r.node.Counter(tt.counter).Load(); got != 1 {
				t.Errorf("counter %s is %d after one connection too many, want 1", tt.counter, got)
			}
			if log := r.log.String(); !strings.Contains(log, "connection refused") || !strings.Contains(log, tt.log) {
				t.Errorf("log does not say that a connection was refused, and %q:\n%s", tt.log, log)
			}
			if got := len(l.Peers()); got != tt.all {
				t.Errorf("%d peers, want %d", got, tt.all)
			}
		})
	}
}

// TestMalformedStreamSaysWhy shows on the node who sent what is wrong, and what the limit is.
func TestMalformedStreamSaysWhy(t *testing.T) {
	tests := []struct {
		name, sent string
		format     framing.Format
		want       string
	}{
		{"length", "\x00\x00\x01\x00", framing.Size, "frame length 256 is above the maximum of 100 bytes"},
		{"line", strings.Repeat("x", 101), framing.PerLine, "frame longer than the maximum of 100 bytes"},
		{"escape", "\xc0\xdbx", framing.SLIP, "bad escape in a SLIP frame"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			l := listen(t, peer.StreamConfig{Owner: r.node, Framing: tt.format, MaxMessage: 100})
			c := dialTCP(t, l)
			write(t, c, tt.sent)
			want := fmt.Sprintf("from %v: %s", c.LocalAddr(), tt.want)
			eventually(t, "the fault "+want, func() bool {
				log := r.log.String()
				return strings.Contains(log, "op=decode") && strings.Contains(log, want)
			})
		})
	}
}

func TestConnectionsThatAreRefused(t *testing.T) {
	r := newRig(t, nil)
	allow, _ := peer.ParseAllow([]string{"127.0.0.2"})
	l := listen(t, peer.StreamConfig{Owner: r.node, Allow: allow})
	dropped(t, dialTCP(t, l))
	if got := r.node.Counter("refused").Load(); got != 1 {
		t.Errorf("counter refused is %d, want 1", got)
	}
}

func TestClientTellsThatItsServerIsNotAllowed(t *testing.T) {
	r, far := newRig(t, nil), newSilentRig(t)
	l := listen(t, peer.StreamConfig{Owner: far.node})
	allow, _ := peer.ParseAllow([]string{"127.0.0.2"})
	d, err := peer.Dial(peer.StreamConfig{Owner: r.node, Address: "127.0.0.1", Port: int(l.LocalAddr().Port()), Allow: allow})
	closing(t, d, err)
	r.count("connecterrors", 1)
	if err := d.Err(); err == nil || !strings.Contains(err.Error(), "allow") || strings.Contains(err.Error(), "refused") {
		t.Errorf("Err() = %v; want it to blame allow, and not a server that took the connection", err)
	}
}

func TestCloseReasons(t *testing.T) {
	short := 50 * time.Millisecond
	tests := []struct {
		name    string
		cfg     peer.StreamConfig
		far     func(t *testing.T, c *net.TCPConn)
		want    error
		counter string
	}{
		{"the other end closed", peer.StreamConfig{}, func(t *testing.T, c *net.TCPConn) { c.Close() }, nil, ""},
		{"reset", peer.StreamConfig{}, func(t *testing.T, c *net.TCPConn) {
			_ = c.SetLinger(0)
			c.Close()
		}, syscall.ECONNRESET, "readerrors"},
		{"idle", peer.StreamConfig{IdleTimeout: short}, func(t *testing.T, c *net.TCPConn) {}, peer.ErrIdle, "idlepeers"},
		{"a frame that does not end", peer.StreamConfig{Framing: framing.Size, FrameTimeout: short},
			func(t *testing.T, c *net.TCPConn) { write(t, c, "\x00\x00\x00\x08abc") }, peer.ErrFrameTimeout, "frametimeouts"},
		{"a line that does not end", peer.StreamConfig{Framing: framing.PerLine, FrameTimeout: short},
			func(t *testing.T, c *net.TCPConn) { write(t, c, "line\nlin") }, peer.ErrFrameTimeout, "frametimeouts"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			tt.cfg.Owner = r.node
			l := listen(t, tt.cfg)
			c := dialTCP(t, l)
			p := r.expect(graph.Connect, "").Peer
			tt.far(t, c)
			if e := r.ended(); e.Peer != p || !errors.Is(e.Err, tt.want) {
				t.Errorf("Close event with reason %v, want %v", e.Err, tt.want)
			}
			if tt.counter != "" && r.node.Counter(tt.counter).Load() != 1 {
				t.Errorf("counter %s is %d, want 1", tt.counter, r.node.Counter(tt.counter).Load())
			}
		})
	}
}

func TestBadLengthEndsTheConnection(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node, Framing: framing.Auto, OSC: true})
	c := dialTCP(t, l)
	r.expect(graph.Connect, "")
	write(t, c, "\x00\x00\x00\x04good\x00\x00\x00\x05bad!!")
	r.expect(graph.Message, "good")
	if e := r.next(); e.Kind != graph.Close {
		t.Errorf("event of kind %d, want Close", e.Kind)
	} else if _, ok := errors.AsType[*framing.LengthError](e.Err); !ok {
		t.Errorf("Close event with reason %v, want a LengthError", e.Err)
	}
	if got := readAll(t, c); got != "" {
		t.Errorf("received %q, want the end", got)
	}
}

func TestTooLongLinesAreCounted(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node, Framing: framing.PerLine, MaxMessage: 4})
	c := dialTCP(t, l)
	r.expect(graph.Connect, "")
	write(t, c, "toolong\ngood\n")
	r.expect(graph.Message, "good")
	if got := r.node.Counter("toolong").Load(); got != 1 {
		t.Errorf("counter toolong is %d, want 1", got)
	}
}

func TestOSCIsAnsweredInKind(t *testing.T) {
	packet := "/a\x00\x00,\x00\x00\x00"
	for _, format := range []framing.Format{framing.Size, framing.SLIP} {
		t.Run(format.String(), func(t *testing.T) {
			r := newRig(t, func(c *graph.Cook, e graph.Event) {
				if e.Kind == graph.Message {
					if n, err := remote(e).In(c).SendOSC(osc.Options{}, osc.Pair{Address: "/a", Values: []any{}}); n != len(packet) || err != nil {
						t.Errorf("SendOSC = %d, %v; want %d, nil", n, err, len(packet))
					}
				}
			})
			l := listen(t, peer.StreamConfig{Owner: r.node, Framing: framing.Auto})
			c := dialTCP(t, l)
			framed := string(format.Append(nil, []byte(packet)))
			for i := range framed {
				write(t, c, framed[i:i+1])
			}
			r.expect(graph.Connect, "")
			r.expect(graph.Message, packet)
			got := make([]byte, len(framed))
			if _, err := io.ReadFull(c, got); err != nil || string(got) != framed {
				t.Errorf("answer is %q, %v; want %q", got, err, framed)
			}
		})
	}
}

// stuff sends until nothing has been taken any more for a while.
func stuff(t *testing.T, p *peer.Peer) {
	t.Helper()
	piece := strings.Repeat("x", 64<<10)
	refused := 0
	eventually(t, "the queue to be full", func() bool {
		refused++
		for {
			_, err := p.Send("", piece)
			switch {
			case errors.Is(err, peer.ErrQueueFull):
				return refused > 20
			case err != nil:
				t.Fatalf("Send to a peer that does not read: %v, want %v", err, peer.ErrQueueFull)
			}
			refused = 0
		}
	})
}

func TestSlowPeerIsClosed(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node, SlowAfter: 200 * time.Millisecond})
	dialTCP(t, l)
	p := remote(r.expect(graph.Connect, ""))
	piece := strings.Repeat("x", 64<<10)
	full := false
	eventually(t, "the peer to be closed", func() bool {
		_, err := p.Send("", piece) // again and again: the system's own buffers grow
		full = full || errors.Is(err, peer.ErrQueueFull)
		return errors.Is(err, peer.ErrClosed)
	})
	if !full {
		t.Error("the peer was closed before its queue was full")
	}
	slow, ok := errors.AsType[*peer.SlowError](r.ended().Err)
	if !ok || slow.Waiting == 0 {
		t.Errorf("Close event with reason %v, want a SlowError", slow)
	}
	if got := r.node.Counter("slowpeers").Load(); got != 1 {
		t.Errorf("counter slowpeers is %d, want 1", got)
	}
}

func TestSlowPeerIsKept(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node, SlowAfter: 10 * time.Millisecond, SlowPeer: peer.SlowDrop})
	c := dialTCP(t, l)
	p := remote(r.expect(graph.Connect, ""))
	stuff(t, p)
	for range 3 {
		if _, err := io.CopyN(io.Discard, c, 1<<20); err != nil {
			t.Fatal(err)
		}
		stuff(t, p)
	}
	if !p.Alive() {
		t.Error("the peer is not alive")
	}
	c.Close()
	r.ended()
}

func TestCloseOfListenerIsBounded(t *testing.T) {
	r := newRig(t, nil)
	l, err := peer.Listen(peer.StreamConfig{Owner: r.node, SlowPeer: peer.SlowDrop, MaxPerSource: 100})
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		dialTCP(t, l)
		r.expect(graph.Connect, "")
	}
	stuff(t, l.Peers()[0])
	start := time.Now()
	if err := l.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("Close took %v with a stuck peer, want at most 2 s", took)
	}
	for range 50 {
		if e := r.next(); e.Kind != graph.Close || e.Err == nil {
			t.Errorf("event of kind %d, reason %v; want Close with a reason", e.Kind, e.Err)
		}
	}
	if len(r.events) > 0 || len(l.Peers()) > 0 {
		t.Errorf("after Close: %d events more, peers %v", len(r.events), l.Peers())
	}
}

func TestCloseOfListenerSendsWhatIsQueued(t *testing.T) {
	r := newRig(t, nil)
	l, err := peer.Listen(peer.StreamConfig{Owner: r.node})
	if err != nil {
		t.Fatal(err)
	}
	c := dialTCP(t, l)
	last := strings.Repeat("x", 1<<20)
	if _, err := remote(r.expect(graph.Connect, "")).Send("", last); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if got := readAll(t, c); got != last {
			t.Errorf("%d bytes came, want %d", len(got), len(last))
		}
	})
	if err := l.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	wg.Wait()
}

func TestIdleConnectionsAreSmall(t *testing.T) {
	const connections = 1000
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node, MaxPerSource: connections, Framing: framing.PerLine})
	goroutines := runtime.NumGoroutine()
	far := make([]net.Conn, connections)
	before := inUse()
	for i := range far {
		far[i] = dialTCP(t, l)
		write(t, far[i], "hello\n")
		r.expect(graph.Connect, "")
		r.expect(graph.Message, "hello")
	}
	each := (inUse() - before) / connections
	t.Logf("%d bytes for a connection, both ends", each)
	if each > 16<<10 {
		t.Errorf("an idle connection takes %d bytes with both its ends, want at most 16 KiB", each)
	}
	if got := runtime.NumGoroutine() - goroutines; got > connections+2 {
		t.Errorf("%d goroutines for %d connections", got, connections)
	}
}

// inUse returns the bytes of heap and stacks in use.
func inUse() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapInuse + m.StackInuse)
}
