package cook

import (
	"sync/atomic"

	"linecook.dev/linecook/graph"
)

// cooking is which nodes cook now: in place 0 that of the goroutine that owns the engine, behind it one of each
// branch.
type cooking [1 + maxBranches]atomic.Pointer[graph.Node]

func (c *cooking) begin(place int, n *graph.Node) { c[place].Store(n) }

func (c *cooking) done(place int) { c[place].Store(nil) }

// Cooking returns the nodes that are being cooked at this moment. Any goroutine may call it: it is for finding
// out which node keeps an engine from its next frame.
func (e *Engine) Cooking() (nodes []*graph.Node) {
	for place := range e.cooking {
		if n := e.cooking[place].Load(); n != nil {
			nodes = append(nodes, n)
		}
	}
	return nodes
}
