package bench

import (
	"context"
	"fmt"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// The tree has the shape of a heap: node i reads nodes 2i+1 and 2i+2, if there are such, and holds their sum. A leaf
// has a value of its own.
const (
	treeNodes = 10_000
	treeLeaf  = 8190 // twelve nodes are above it
	idleNodes = 100_000
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

// newTree starts a tree and returns node at of it, and its root.
func newTree(ctx context.Context, size, at int) (e *cook.Engine, leaf, root *graph.Node, err error) {
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
		return nil, nil, nil, err
	}
	if e, err = cook.New(g, cook.Config{}); err != nil {
		return nil, nil, nil, err
	}
	e.Start(ctx)
	e.Step()
	return e, leaf, root, nil
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

const treeFrames = 200_000

// treeOurs returns the time of a frame, in nanoseconds.
func treeOurs(ctx context.Context, c *Config) (float64, error) {
	e, leaf, _, err := newTree(ctx, treeNodes, treeLeaf)
	if err != nil {
		return 0, err
	}
	figure := each(c.times(treeFrames), func(i int) { change(e, leaf, int64(i)) })
	return figure, e.Close()
}

// each returns how long f takes, in nanoseconds.
func each(times int, f func(i int)) float64 {
	for i := range times / 10 { // memory grows, caches fill
		f(i)
	}
	began := time.Now()
	for i := range times {
		f(i)
	}
	return float64(time.Since(began).Nanoseconds()) / float64(times)
}

// idleOurs returns the time of a frame in which nothing is dirty, in nanoseconds.
func idleOurs(ctx context.Context, c *Config) (float64, error) {
	e, _, _, err := newTree(ctx, c.times(idleNodes), 0)
	if err != nil {
		return 0, err
	}
	figure := each(c.times(10*treeFrames), func(int) { e.Step() })
	return figure, e.Close()
}
