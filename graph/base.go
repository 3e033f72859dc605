package graph

// A Base is a node that stands for a network: the nodes below its path. Its one input is the
// network's first output, which it passes on. What comes into the network comes by a [Port] in it.
type Base struct{}

// Describe implements [Describer].
func (*Base) Describe() Description {
	return Description{
		Name: "base", Help: "Holds a network of nodes, written in place or included from a file.",
		Inputs: Arity{Max: Many},
	}
}

// Pass implements [Passer].
func (*Base) Pass() int { return 0 }

// Cook implements [Operator].
func (*Base) Cook(*Cook) error { return nil }

// A Port is where something comes into the network of a [Base], or out of one that is bypassed. It
// passes its input on.
type Port struct{}

// Describe implements [Describer].
func (*Port) Describe() Description {
	return Description{Name: "port", Help: "Passes on what comes into a network.", Inputs: Arity{Max: 1}}
}

// Pass implements [Passer].
func (*Port) Pass() int { return 0 }

// Cook implements [Operator].
func (*Port) Cook(*Cook) error { return nil }
