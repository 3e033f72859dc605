package ops

import "linecook.dev/linecook/graph"

// Null passes its input on as it is: a name to hang wires on.
type Null struct{}

// Describe implements [graph.Describer].
func (*Null) Describe() graph.Description {
	return graph.Description{
		Name: "null", Help: "Passes its input on as it is: a name to hang wires on.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Pass implements [graph.Passer].
func (*Null) Pass() int { return 0 }

// Cook implements [graph.Operator].
func (*Null) Cook(*graph.Cook) error { return nil }
