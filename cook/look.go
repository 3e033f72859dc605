package cook

import (
	"cmp"
	"slices"

	"linecook.dev/linecook/graph"
)

// failing notes that n has failed, and tells who listens, at once or when the branches have cooked.
func (e *Engine) failing(n *graph.Node, kind graph.FaultKind, err error) {
	if !e.parallel.held.hold(heldThing{node: n, kind: kind, err: err}) {
		e.tellFailure(n, kind, err)
	}
}

func (e *Engine) tellFailure(n *graph.Node, kind graph.FaultKind, err error) {
	if len(e.failed) == 0 || e.failed[len(e.failed)-1] != n {
		e.failed = append(e.failed, n)
	}
	if e.config.Failed != nil {
		e.config.Failed(n, kind, err)
	}
}

// look lets those nodes look at the others that do so. What fails meanwhile they see the next time.
func (e *Engine) look() {
	failed := e.failed
	e.failed = e.failedBefore[:0]
	if len(e.plan.lookers) > 0 {
		s := graph.Sight{Moment: e.moment(), Nodes: e.plan.nodes, Failed: e.inOrder(failed)}
		for _, i := range e.plan.lookers {
			if n := e.plan.nodes[i]; !n.Fed() {
				n.Look(s)
			}
		}
	}
	clear(failed)
	e.failedBefore = failed
}

// inOrder returns those of the nodes that are in the plan, in its order, each once.
func (e *Engine) inOrder(nodes []*graph.Node) []*graph.Node {
	nodes = slices.DeleteFunc(nodes, func(n *graph.Node) bool { return !e.plan.has(n) })
	slices.SortFunc(nodes, func(a, b *graph.Node) int { return cmp.Compare(a.Place(), b.Place()) })
	return slices.Compact(nodes)
}
