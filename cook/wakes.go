package cook

import (
	"container/heap"
	"time"

	"linecook.dev/linecook/graph"
)

// wakes is the plan indices of nodes that asked to be woken, soonest first. The order among equal
// times does not matter: nodes cook in plan order.
type wakes struct {
	order []int           // a heap of indices
	pos   []int           // place of an index in order, -1 if it is not there
	at    []time.Duration // when an index is woken
}

func newWakes(size int) wakes {
	w := wakes{pos: make([]int, size), at: make([]time.Duration, size)}
	for i := range size {
		w.pos[i] = -1
	}
	return w
}

// set makes at the time when node i is woken; graph.Never takes its wish back.
func (w *wakes) set(i int, at time.Duration) {
	switch {
	case w.pos[i] < 0 && at == graph.Never:
	case at == graph.Never:
		heap.Remove((*wakeHeap)(w), w.pos[i])
	case w.pos[i] < 0:
		w.at[i] = at
		heap.Push((*wakeHeap)(w), i)
	default:
		w.at[i] = at
		heap.Fix((*wakeHeap)(w), w.pos[i])
	}
}

// get returns when node i is woken.
func (w *wakes) get(i int) time.Duration {
	if w.pos[i] < 0 {
		return graph.Never
	}
	return w.at[i]
}

// next returns when the first node is to be woken.
func (w *wakes) next() time.Duration {
	if len(w.order) == 0 {
		return graph.Never
	}
	return w.at[w.order[0]]
}

// due takes out a node whose time has come, or returns -1.
func (w *wakes) due(now time.Duration) int {
	if w.next() > now {
		return -1
	}
	return heap.Pop((*wakeHeap)(w)).(int)
}

type wakeHeap wakes

func (h *wakeHeap) Len() int           { return len(h.order) }
func (h *wakeHeap) Less(i, j int) bool { return h.at[h.order[i]] < h.at[h.order[j]] }
func (h *wakeHeap) Swap(i, j int) {
	h.order[i], h.order[j] = h.order[j], h.order[i]
	h.pos[h.order[i]], h.pos[h.order[j]] = i, j
}
func (h *wakeHeap) Push(x any) {
	h.pos[x.(int)] = len(h.order)
	h.order = append(h.order, x.(int))
}
func (h *wakeHeap) Pop() any {
	last := len(h.order) - 1
	i := h.order[last]
	h.order, h.pos[i] = h.order[:last], -1
	return i
}
