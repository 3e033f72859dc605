package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

func TestFifoKeepsWhatIsGone(t *testing.T) {
	n := newTimeline(t, &ops.Fifo{Window: ops.Window{MaxLines: 3}}, []string{"v"})
	n.put(0, []any{1}, []any{2})
	n.cook(0)
	n.inputs[0].Operator().(*feed).do(func(w *table.Writer) { w.Clear() })
	n.put(0, []any{3}, []any{4})
	n.cook(0)
	expect(t, "the last three", content(n.node.Table()), "v=2", "v=3", "v=4")
	n.node.Operator().(graph.Pulser).Pulse(n.node, "clear")
	n.cook(0)
	expect(t, "cleared", content(n.node.Table()))
	n.put(0, []any{5})
	n.cook(0)
	expect(t, "after that", content(n.node.Table()), "v=5")
}

func TestFifoErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Fifo{Window: ops.Window{MaxLines: -1}}),
		"add /n: maxlines: -1 is not a whole number from 1 to 10000000", "wire /n: fifo has 0 inputs; it takes 1")
}
