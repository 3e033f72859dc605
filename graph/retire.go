package graph

import "io"

// A retiree is an operator that a node had before.
type retiree struct {
	op     Operator
	closer io.Closer // nil if there is nothing to close
}

// Replaced reports whether the node has another operator than when it was asked last. It is for engines.
func (n *Node) Replaced() bool {
	was := n.replaced
	n.replaced = false
	return was
}

// Retire tells the operators that the node had before that they will not cook any more. The function it
// returns closes what they have open, and waits for it: another goroutine can call it. It is nil if there
// is nothing. Until it has returned, the node is [Node.Stopping], but for one that has an inbox: sockets can be
// opened before others are closed. It is for engines.
func (n *Node) Retire(at Moment) (wait func() error) {
	var closers []io.Closer
	for _, old := range n.retired {
		n.end(old.op, at)
		if old.closer != nil && !n.env.Load().Offline {
			closers = append(closers, old.closer)
		}
	}
	n.retired = nil
	if len(closers) == 0 {
		return nil
	}
	n.stopping.Store(n.inbox == nil)
	return func() error {
		defer n.stopping.Store(false)
		return n.closeAll(closers)
	}
}
