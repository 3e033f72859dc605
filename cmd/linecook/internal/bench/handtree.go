package bench

import "context"

// A handNode is the same tree as one would write it for itself: no names, no tables, no errors.
type handNode struct {
	value, set int64
	level      int
	queued     bool
	reads      []*handNode
	readers    []*handNode
	compute    func(n *handNode) int64
}

// A handQueue cooks those that are dirty, level by level.
type handQueue struct{ levels [][]*handNode }

func (q *handQueue) mark(n *handNode) {
	if !n.queued {
		n.queued = true
		q.levels[n.level] = append(q.levels[n.level], n)
	}
}

func (q *handQueue) cook() {
	for l := range q.levels {
		for _, n := range q.levels[l] {
			n.queued = false
			if v := n.compute(n); v != n.value {
				n.value = v
				for _, r := range n.readers {
					q.mark(r)
				}
			}
		}
		q.levels[l] = q.levels[l][:0]
	}
}

func newHandTree(size, at int) (q *handQueue, leaf, root *handNode) {
	nodes := make([]*handNode, size)
	for i := range nodes {
		nodes[i] = &handNode{compute: func(n *handNode) int64 {
			total := n.set
			for _, r := range n.reads {
				total += r.value
			}
			return total
		}}
	}
	for i := size - 1; i > 0; i-- {
		n, above := nodes[i], nodes[(i-1)/2]
		above.reads = append(above.reads, n)
		n.readers = append(n.readers, above)
		above.level = max(above.level, n.level+1)
	}
	return &handQueue{make([][]*handNode, nodes[0].level+1)}, nodes[at], nodes[0]
}

// treeByHand returns the time that a change takes, in nanoseconds.
func treeByHand(_ context.Context, c *Config) (float64, error) {
	q, leaf, _ := newHandTree(treeNodes, treeLeaf)
	return each(c.times(10*treeFrames), func(i int) { q.change(leaf, int64(i)) }), nil
}

// change sets a leaf and cooks.
func (q *handQueue) change(leaf *handNode, to int64) {
	leaf.set = to
	q.mark(leaf)
	q.cook()
}
