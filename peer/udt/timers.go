package udt

import (
	"container/heap"
	"math"
	"sync"
	"time"
)

const never = time.Duration(math.MaxInt64)

// timers say when a port's connections are to be asked for packets.
type timers struct {
	mu      sync.Mutex
	heap    timerHeap
	waking  time.Duration // until when the sending loop sleeps
	wake    chan struct{}
	stopped bool
}

func (t *timers) init() { t.wake = make(chan struct{}, 1) }

// schedule sees that c is asked at the given time, or before.
func (t *timers) schedule(c *Conn, at time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case at == never || c.slot > 0 && c.due <= at:
		return
	case c.slot > 0:
		c.due = at
		heap.Fix(&t.heap, c.slot-1)
	default:
		c.due = at
		heap.Push(&t.heap, c)
	}
	if at < t.waking {
		t.waking = 0
		t.rouse()
	}
}

func (t *timers) rouse() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *timers) remove(c *Conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c.slot > 0 {
		heap.Remove(&t.heap, c.slot-1)
	}
}

func (t *timers) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	t.rouse()
}

// take appends to due the connections whose time has come. If there are none, it returns when there will
// be one.
func (t *timers) take(due []*Conn, now time.Duration) (out []*Conn, next time.Duration, stopped bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.heap) > 0 && t.heap[0].due <= now {
		due = append(due, heap.Pop(&t.heap).(*Conn))
	}
	next = never
	if len(t.heap) > 0 {
		next = t.heap[0].due
	}
	t.waking = 0
	if len(due) == 0 {
		t.waking = next
	}
	return due, next, t.stopped
}

// A timerHeap has the connection that is due first at 0. Their slots are one more than their indexes.
type timerHeap []*Conn

func (h timerHeap) Len() int           { return len(h) }
func (h timerHeap) Less(i, j int) bool { return h[i].due < h[j].due }

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].slot, h[j].slot = i+1, j+1
}

func (h *timerHeap) Push(x any) {
	c := x.(*Conn)
	*h = append(*h, c)
	c.slot = len(*h)
}

func (h *timerHeap) Pop() any {
	last := len(*h) - 1
	c := (*h)[last]
	c.slot = 0
	(*h)[last] = nil
	*h = (*h)[:last]
	return c
}
