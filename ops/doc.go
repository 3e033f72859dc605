// Package ops has Linecook's operators, one file each. [Register] lists them.
//
// An operator is a struct whose exported fields are its parameters; the zero value of a field means
// its default, which the field's tag gives. The operator reference in docs is made from the same
// tags.
//
// # In Go
//
// Fill in a struct, place it in a graph with [graph.Edit.Add], and let an engine of package cook cook
// it; there are examples of all of that below. What a node's table gained is told by an engine's
// Observe, or to the operator that is wired to it. Operators with sockets have an [Endpoint]: its
// LocalAddr is where they listen, once they are started, and it sends. What should happen for each
// message is said by [Hooks].
//
// # Rows of what arrives
//
// A row is a message, a line, a frame or a byte, as the operator's parameters say. It is written by
// the goroutine that received it, at once; the next frame's cook is the first to see it. Extra columns
// say what came, when, and from whom ([Extras]): a cell of column peer holds a *peer.Peer, through
// which whoever reads it can answer.
package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops/script"
)

// Register adds all operators of this package to r. Their parameters can be computed in Starlark.
func Register(r *graph.Registry) {
	r.Language = script.Language{}
	r.Register(
		&graph.Base{},
		&Aggregate{},
		&Cast{},
		&Changed{},
		&Clock{},
		&Convert{},
		&Delay{},
		&Distinct{},
		&Errors{},
		&Eval{},
		&Execute{},
		&Feedback{},
		&Fifo{},
		&FileOut{},
		&Info{},
		&Insert{},
		&Join{},
		&Latest{},
		&Limit{},
		&Lookup{},
		&Merge{},
		&Null{},
		&OscIn{},
		&OscOut{},
		&Peers{},
		&Rename{},
		&Reorder{},
		&Reply{},
		&Sample{},
		&Script{},
		&Select{},
		&Sort{},
		&Substitute{},
		&Switch{},
		&Table{},
		&TcpIp{},
		&Transpose{},
		&UdpIn{},
		&UdpOut{},
		&UdtIn{},
		&UdtOut{},
	)
}
