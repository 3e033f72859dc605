package ops_test

import (
	"fmt"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A timeline cooks one operator behind feeds, at times that the test says.
type timeline struct {
	t      testing.TB
	node   *graph.Node
	inputs []*graph.Node
	frame  int64
}

// newTimeline makes an input with each of these lists of columns.
func newTimeline(t testing.TB, op graph.Operator, columns ...[]string) *timeline {
	t.Helper()
	var feeds []graph.Operator
	for _, names := range columns {
		feeds = append(feeds, &feed{columns: names})
	}
	l := &timeline{t: t}
	_, l.node, l.inputs = graphOf(t, likeness(op), feeds)
	return l
}

// put has an input append rows in the next frame.
func (l *timeline) put(input int, rows ...[]any) {
	f := l.inputs[input].Operator().(*feed)
	f.do(func(w *table.Writer) { putRows(w, f.columns, valuesOf(rows)) })
}

func valuesOf(rows [][]any) (cells [][]table.Value) {
	for _, row := range rows {
		var values []table.Value
		for _, cell := range row {
			values = append(values, valueOf(cell))
		}
		cells = append(cells, values)
	}
	return cells
}

func valueOf(cell any) table.Value {
	switch v := cell.(type) {
	case nil:
		return table.Value{}
	case int:
		return table.IntValue(int64(v))
	case float64:
		return table.Float64Value(v)
	case string:
		return table.StringValue(v)
	}
	panic(fmt.Sprintf("a cell of %T", cell))
}

// cook makes a frame, and returns when the operator asked to be cooked next.
func (l *timeline) cook(at time.Duration) (wake time.Duration) {
	l.t.Helper()
	l.frame++
	for _, n := range l.inputs {
		l.run(n, at)
	}
	wake = l.run(l.node, at)
	l.node.Release()
	for _, n := range l.inputs {
		n.Release()
	}
	return wake
}

func (l *timeline) run(n *graph.Node, at time.Duration) time.Duration {
	l.t.Helper()
	wake, _, err := n.Run(l.frame, at)
	if err != nil {
		l.t.Fatalf("cook %s at %v: %v", n, at, err)
	}
	return wake
}
