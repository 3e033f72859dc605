package script

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph"
)

// MaxSteps is how many steps of the interpreter one callback, or one evaluation of an expression,
// may take. It takes about 10 ms.
const MaxSteps = 1_000_000

// ErrSteps is the cause of the error of a callback that took more than [MaxSteps] steps.
var ErrSteps = fmt.Errorf("more than %d steps", MaxSteps)

// An Error is a failure of a script while it runs.
type Error struct {
	Param    string  // name of the parameter that holds the script, as "callbacks"
	Callback string  // what was called, as "onReceive"; empty for the script's top level
	At       Place   // where it failed; zero if that is not known
	Msg      string  // what happened
	Calls    []Place // where each of the functions under way was called, innermost first
	Err      error   // the cause: a peer's, a panic, ErrSteps, or only what Msg says; never nil
}

// A Place is where a statement stands.
type Place struct {
	File      string // empty if the script has none
	Line, Col int    // from 1, in characters
	Func      string // function it is in; empty at the top level
}

func (p Place) String() string {
	pos := fmt.Sprintf("%d:%d", p.Line, p.Col)
	if p.File != "" {
		pos = p.File + ":" + pos
	}
	return pos
}

// Error returns the failure in one line: "callbacks onReceive: patch.yaml:12:9: division by zero".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Param)
	if e.Callback != "" {
		b.WriteString(" " + e.Callback)
	}
	b.WriteString(": ")
	if e.At.Line > 0 {
		b.WriteString(e.At.String() + ": ")
	}
	b.WriteString(e.Msg)
	inner := e.At.Func
	for _, p := range e.Calls {
		fmt.Fprintf(&b, "; %s was called at %s", inner, p)
		inner = p.Func
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// source places positions of a script's text in the file that the text stands in.
type source struct {
	param  string
	script graph.Script
}

func (s source) place(f starlark.CallFrame) Place {
	p := Place{File: s.script.File, Line: int(f.Pos.Line), Col: int(f.Pos.Col) + s.script.Indent}
	p.Line += max(s.script.Line, 1) - 1
	if !strings.HasPrefix(f.Name, "<") {
		p.Func = f.Name
	}
	return p
}

// maxMessage is how much of a message is kept, in bytes: it may quote a value of any size.
const maxMessage = 1 << 10

// failure returns err, which Starlark returned, as an Error.
func (s source) failure(callback string, err error) *Error {
	e := &Error{Param: s.param, Callback: callback, Msg: clip(err.Error(), maxMessage), Err: err}
	if eval, ok := errors.AsType[*starlark.EvalError](err); ok {
		e.Msg, e.Err = withHint(clip(eval.Msg, maxMessage)), eval.Unwrap()
		for i := range eval.CallStack {
			f := eval.CallStack.At(i)
			if f.Pos.Filename() != s.param {
				continue
			}
			if e.At.Line == 0 {
				e.At = s.place(f)
			} else {
				e.Calls = append(e.Calls, s.place(f))
			}
		}
	}
	return e
}
