package cook_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// The tree has the shape of a heap: node i reads nodes 2i+1 and 2i+2, if there are such, and holds their sum. A leaf
// has a value of its own.
const (
	treeNodes = 10_000
	treeLeaf  = 8190 // twelve nodes are above it
)

// sum holds the sum of its inputs in the one row of its table; a leaf, what it was set to.
type sum struct {
	value int64
	root  bool
}

func (*sum) Limits() table.Limits { return table.Limits{Rows: 1} }
func (s *sum) Effect() bool       { return s.root }
func (*sum) Describe() graph.Description {
	return graph.Description{Name: "sum", Inputs: graph.Arity{Max: graph.Many}}
}

func (s *sum) Cook(c *graph.Cook) error {
	total := s.value
	for i := range c.NumInputs() {
		in := c.Input(i)
		total += in.Cell(in.Window().Hi-1, 0).Int()
	}
	w := c.Out()
	if w.Schema().Len() == 0 {
		w.Col("sum")
	}
	w.Row()
	w.SetInt(0, total)
	return nil
}

// newTree starts the tree and returns its leaf and its root.
func newTree(tb testing.TB, size, at int) (e *cook.Engine, leaf, root *graph.Node) {
	tb.Helper()
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) {
		nodes := make([]*graph.Node, size)
		for i := range nodes {
			nodes[i] = e.Add(fmt.Sprintf("n%d", i), &sum{root: i == 0})
		}
		for i := 1; i < size; i++ {
			e.Wire(nodes[i], nodes[(i-1)/2])
		}
		leaf, root = nodes[at], nodes[0]
	}); err != nil {
		tb.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	e.Start(tb.Context())
	tb.Cleanup(func() { e.Close() })
	e.Step()
	return e, leaf, root
}

// change sets a leaf and cooks.
func change(e *cook.Engine, leaf *graph.Node, to int64) {
	leaf.Operator().(*sum).value = to
	leaf.Touch()
	e.Step()
}

func rootSum(root *graph.Node) int64 {
	t := root.Table()
	return t.Cell(t.Window().Hi-1, 0).Int()
}

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

func TestTreesAgree(t *testing.T) {
	e, leaf, root := newTree(t, 1000, 999)
	q, handLeaf, handRoot := newHandTree(1000, 999)
	for i := range int64(10) {
		before := e.Stats().Cooks
		change(e, leaf, i+1)
		handLeaf.set = i + 1
		q.mark(handLeaf)
		q.cook()
		if got, want := rootSum(root), handRoot.value; got != want || want != i+1 {
			t.Errorf("the sum at the root is %d, by hand %d, want %d", got, want, i+1)
		}
		if got := e.Stats().Cooks - before; got != 10 {
			t.Errorf("%d nodes cooked, want the leaf and the 9 above it", got)
		}
	}
}

// BenchmarkTree changes one leaf, in the engine and in the tree that is written by hand.
func BenchmarkTree(b *testing.B) {
	b.Run("engine", func(b *testing.B) {
		e, leaf, _ := newTree(b, treeNodes, treeLeaf)
		before := e.Stats().Cooks
		i := int64(0)
		for b.Loop() {
			i++
			change(e, leaf, i)
		}
		cooked := float64(e.Stats().Cooks - before)
		b.ReportMetric(cooked/float64(b.N), "cooks/op")
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/cooked, "ns/cook")
	})
	b.Run("hand", func(b *testing.B) {
		q, leaf, _ := newHandTree(treeNodes, treeLeaf)
		i := int64(0)
		for b.Loop() {
			i++
			leaf.set = i
			q.mark(leaf)
			q.cook()
		}
	})
}
