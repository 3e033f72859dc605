package graph

import (
	"fmt"
	"runtime/debug"
)

// A NodeError is a failure that belongs to one node. Everything that can be blamed on a node is
// returned as one, so a caller finds the culprit with errors.AsType[*graph.NodeError].
type NodeError struct {
	Node Path   // the node at fault; never empty
	Op   string // what was being done: "add", "wire", "start", "cook", "send", "close"
	Err  error  // the cause; never nil
}

func (e *NodeError) Error() string { return fmt.Sprintf("%s %s: %v", e.Op, e.Node, e.Err) }
func (e *NodeError) Unwrap() error { return e.Err }

// A ParamError is a parameter with a value that its operator cannot use.
type ParamError struct {
	Param string // name, as in a patch
	Line  int    // where in a script or other long text, from 1; 0 for the whole value
	Col   int    // the same, in characters from 1
	Msg   string // what is wrong, and what was expected
}

func (e *ParamError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d:%d: %s", e.Param, e.Line, e.Col, e.Msg)
	}
	return e.Param + ": " + e.Msg
}

// A PanicError is a panic of an operator, caught.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // where, as runtime/debug.Stack prints it
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Guard calls f and returns its error, or its panic as a [PanicError].
func Guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
		}
	}()
	return f()
}

func panicError(p any) error { return &PanicError{Value: p, Stack: debug.Stack()} }
