// Package ops has Linecook's operators, one file each. [Register] lists them.
//
// An operator is a struct whose exported fields are its parameters; the zero value of a field means
// its default, which the field's tag gives. The operator reference in docs is made from the same
// tags.
package ops

import "linecook.dev/linecook/graph"

// Register adds all operators of this package to r.
func Register(r *graph.Registry) {
	r.Register(
		&FileOut{}, &Null{}, &OscIn{}, &OscOut{}, &Select{}, &Table{}, &TcpIp{}, &UdpIn{}, &UdpOut{},
	)
}
