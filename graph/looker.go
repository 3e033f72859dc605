package graph

// A Looker looks at nodes that it is neither wired to nor refers to. After the cooks of a frame, those
// Lookers that are wanted look, one after the other; what they keep of it is for their own next cooks.
// So what they show does not depend on the order in which the nodes cook.
type Looker interface {
	// Look reports whether its node is to cook in the next frame. It must not wait.
	Look(s Sight) (cook bool)
}

// A Sight is what a [Looker] sees: the nodes as they are at the end of a frame.
type Sight struct {
	Moment
	Cook   *Cook   // of the node that looks: it can send and report, but writes nothing
	Nodes  []*Node // of the graph, in the order in which they cook; not to be changed
	Failed []*Node // those that failed since the sight before, in that order
}

// Looks reports whether the node's operator is a [Looker].
func (n *Node) Looks() bool {
	_, ok := n.op.(Looker)
	return ok
}

// Look lets the node look at others. A panic is shown on it like one of a cook. It is for engines.
func (n *Node) Look(s Sight) {
	n.cook.Frame, n.cook.Time = s.Frame, s.Time
	s.Cook = &n.cook
	err := Guard(func() error {
		if n.op.(Looker).Look(s) {
			n.Touch()
		}
		return nil
	})
	if err != nil {
		n.fail(FaultCook, s.Moment, 1, err)
	}
	n.Flush(s.Moment)
}

// End tells the node's operator that it will not cook any more, if it wants to know. It is for engines.
func (n *Node) End(at Moment) { n.end(n.op, at) }

func (n *Node) end(op Operator, at Moment) {
	e, ok := op.(Ender)
	if !ok || n.bypass || n.stats.Cooks == 0 {
		return
	}
	n.cook.Frame, n.cook.Time = at.Frame, at.Time
	n.cook.Try(func() error {
		e.End(&n.cook)
		return nil
	})
	n.Flush(at)
}
