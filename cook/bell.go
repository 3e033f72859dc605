package cook

import (
	"sync"
	"sync/atomic"

	"linecook.dev/linecook/graph"
)

// A bell is how other goroutines reach the one that cooks: nodes at which something has arrived,
// and functions to be called between frames.
type bell struct {
	any    atomic.Bool   // something is waiting
	ring   chan struct{} // holds one token while something is waiting
	peeked chan struct{} // the same of those that only look, which begin no frame

	mu      sync.Mutex
	arrived []*graph.Node
	calls   []func()
	peeks   []func()
	taken   []*graph.Node
}

func newBell() *bell {
	return &bell{ring: make(chan struct{}, 1), peeked: make(chan struct{}, 1)}
}

func (b *bell) arrive(n *graph.Node) {
	b.mu.Lock()
	b.arrived = append(b.arrived, n)
	b.mu.Unlock()
	b.strike()
}

func (b *bell) call(f func()) {
	b.mu.Lock()
	b.calls = append(b.calls, f)
	b.mu.Unlock()
	b.strike()
}

func (b *bell) peek(f func()) {
	b.mu.Lock()
	b.peeks = append(b.peeks, f)
	b.mu.Unlock()
	select {
	case b.peeked <- struct{}{}:
	default:
	}
}

// answer calls those that look.
func (b *bell) answer() {
	b.mu.Lock()
	peeks := b.peeks
	b.peeks = nil
	b.mu.Unlock()
	for _, f := range peeks {
		f()
	}
}

func (b *bell) strike() {
	b.any.Store(true)
	select {
	case b.ring <- struct{}{}:
	default:
	}
}

// take returns what waits, a node once or more. The nodes are valid until the next take.
func (b *bell) take() ([]*graph.Node, []func()) {
	if !b.any.Swap(false) {
		return nil, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	nodes, calls := b.arrived, b.calls
	b.arrived, b.taken, b.calls = b.taken[:0], nodes, nil
	return nodes, calls
}

func (b *bell) takeCalls() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := b.calls
	b.calls = nil
	return calls
}
