package cook

import (
	"errors"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// ErrUnknownNode is the error of a Cook of a node that is not in the engine's graph.
var ErrUnknownNode = errors.New("the node is not in this graph")

// Cook brings the table of n up to date with what was there at the end of the last frame, and
// returns it with n's error, if it has one. What nothing wants is cooked for it now, between two frames.
func (e *Engine) Cook(n *graph.Node) (s *table.Snapshot, err error) {
	if n == nil {
		return nil, ErrUnknownNode
	}
	e.Do(func(g *graph.Graph) {
		if g.Node(string(n.Path())) != n {
			err = &graph.NodeError{Node: n.Path(), Op: "cook", Err: ErrUnknownNode}
			return
		}
		if i, ok := e.plan.place(n); ok {
			e.cookUnwanted(i)
		}
		s, err = n.Table().Snapshot(), n.Err()
	})
	return s, err
}

// cookUnwanted cooks those of node i and all that it reads that no frame cooks.
func (e *Engine) cookUnwanted(i int) {
	for _, i := range e.plan.upTo(i) {
		n := e.plan.nodes[i]
		if e.plan.wanted[i] || !n.Active() {
			continue
		}
		if n.Due(); n.Prepare(e.frame, e.time) {
			_, _, _ = n.Run(e.frame, e.time) // the error is shown on the node
		}
		n.Forget()
		e.cooked = append(e.cooked, i)
	}
	e.finish()
	e.cooked = e.cooked[:0]
}
