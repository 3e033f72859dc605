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
	Nodes  []*Node // of the graph, in the order in which they cook; not to be changed
	Failed []*Node // those that failed since the sight before, in that order
}

// Look lets the node look at others. A panic is shown on it like one of a cook. It is for engines.
func (n *Node) Look(s Sight) {
	err := Guard(func() error {
		if n.op.(Looker).Look(s) {
			n.Touch()
		}
		return nil
	})
	if err != nil {
		n.fail(FaultCook, s.Moment, 1, err)
	}
}
