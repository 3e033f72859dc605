package peer_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// A probe is an operator that hands what it cooks to a test.
type probe struct {
	cooked  func(c *graph.Cook, e graph.Event) // by each event
	decoded atomic.Uint64                      // messages so far
	target  atomic.Uint64
	reached chan struct{}
}

func (p *probe) Listens() bool { return true }

func (p *probe) Decode(*graph.Event, *table.Writer) error {
	if p.decoded.Add(1) == p.target.Load() {
		select {
		case p.reached <- struct{}{}:
		default:
		}
	}
	return nil
}

// await waits until n messages have been decoded.
func (p *probe) await(n uint64) {
	p.target.Store(n)
	for p.decoded.Load() < n {
		<-p.reached
	}
}

func (p *probe) Cook(c *graph.Cook) error {
	for _, e := range c.Events() {
		p.cooked(c, e)
	}
	return nil
}

// newSilentRig returns a node whose events nobody looks at.
func newSilentRig(t testing.TB) *rig {
	r := newRig(t, nil)
	r.op.cooked = func(*graph.Cook, graph.Event) {}
	return r
}

// A rig is a node with a cook loop, and what came to it.
type rig struct {
	t      testing.TB
	node   *graph.Node
	op     *probe
	log    *syncBuffer
	events chan graph.Event
	wake   chan struct{}
	quit   chan struct{}
	wg     sync.WaitGroup
}

// newRig returns a node that cooks when something arrives. answer may be nil.
func newRig(t testing.TB, answer func(c *graph.Cook, e graph.Event)) *rig {
	r := &rig{
		t: t, log: &syncBuffer{}, events: make(chan graph.Event, 1<<16),
		wake: make(chan struct{}, 1), quit: make(chan struct{}),
	}
	r.op = &probe{reached: make(chan struct{}, 1), cooked: func(c *graph.Cook, e graph.Event) {
		if answer != nil {
			answer(c, e)
		}
		if e.Kind == graph.Close {
			e.Peer.(*peer.Peer).Gone(c)
		}
		e.Data = bytes.Clone(e.Data)
		r.events <- e
	}}
	var g graph.Graph
	if err := g.Edit(func(e *graph.Edit) { r.node = e.Add("in", r.op) }); err != nil {
		t.Fatal(err)
	}
	r.node.Attach(graph.Env{
		Logger: slog.New(slog.NewTextHandler(r.log, nil)),
		Wake: func(*graph.Node) {
			select {
			case r.wake <- struct{}{}:
			default:
			}
		},
	})
	if err := r.node.Start(t.Context(), graph.Moment{}); err != nil {
		t.Fatal(err)
	}
	r.wg.Go(r.cook)
	t.Cleanup(func() {
		_ = r.node.Stop() // has nothing to wait for
		close(r.quit)
		r.wg.Wait()
	})
	return r
}

func (r *rig) cook() {
	for frame := int64(1); ; frame++ {
		select {
		case <-r.quit:
			return
		case <-r.wake:
		}
		at := graph.Moment{Frame: frame}
		for more := true; more; {
			more, _ = r.node.Cut(at)
			_, _, _ = r.node.Run(frame, 0)
			r.node.Flush(at)
		}
	}
}

// next returns the next event, which must come soon.
func (r *rig) next() graph.Event {
	r.t.Helper()
	select {
	case e := <-r.events:
		return e
	case <-time.After(20 * time.Second):
		r.t.Fatal("no event came")
		panic("unreachable")
	}
}

// expect returns the next event, which must be of that kind and have that data.
func (r *rig) expect(kind graph.EventKind, data string) graph.Event {
	r.t.Helper()
	e := r.next()
	if e.Kind != kind || string(e.Data) != data {
		r.t.Fatalf("event of kind %d with %.60q, error %v; want kind %d with %.60q", e.Kind, e.Data, e.Err, kind, data)
	}
	return e
}

// count waits until a counter of the node has reached n.
func (r *rig) count(name string, n uint64) {
	r.t.Helper()
	eventually(r.t, name, func() bool { return r.node.Counter(name).Load() >= n })
}

// eventually waits for what is told by nothing else.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func remote(e graph.Event) *peer.Peer { return e.Peer.(*peer.Peer) }

// closing closes c when the test ends.
func closing[C io.Closer](t testing.TB, c C, err error) C {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("Close() = %v, want nil", err)
		}
	})
	return c
}

// A syncBuffer is a log that may be read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
