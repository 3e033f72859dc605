package script

import (
	"maps"
	"runtime/debug"
	"slices"

	"go.starlark.net/lib/math"
	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph"
)

// predeclared is what every script has beside Starlark's own names. It is never written to.
var predeclared = starlark.StringDict{
	"bytearray": builtin("bytearray", newByteArray),
	"hex":       builtin("hex", hexNumber),
	"hexlify":   builtin("hexlify", hexlify),
	"unhexlify": builtin("unhexlify", unhexlify),
	"round":     builtin("round", round),
	"sum":       builtin("sum", sum),
	"struct":    structModule,
	"json":      jsonModule,
	"math":      math.Module,
	"frame":     starlark.MakeInt(0),
	"seconds":   starlark.Float(0),
	"op":        starlark.None,
	"param":     starlark.None,
}

// A call is what a function that a script calls is given.
type call struct {
	name   string
	recv   starlark.Value // what it is a method of
	args   starlark.Tuple
	kwargs []starlark.Tuple
	thread *starlark.Thread
}

// unpack reads positional arguments, of which the first n are required.
func (c call) unpack(n int, vars ...any) error {
	return starlark.UnpackPositionalArgs(c.name, c.args, c.kwargs, n, vars...)
}

// unpackNamed reads pairs of a name, with ? behind it if it may be absent, and a variable.
func (c call) unpackNamed(pairs ...any) error {
	return starlark.UnpackArgs(c.name, c.args, c.kwargs, pairs...)
}

// keywords is unpackNamed for keyword arguments only: positional ones are the function's own.
func (c call) keywords(pairs ...any) error {
	return starlark.UnpackArgs(c.name, nil, c.kwargs, pairs...)
}

// spend counts steps that a function takes on behalf of the script. It fails when none are left.
func (c call) spend(steps int) error {
	c.thread.Steps += uint64(steps)
	if c.thread.Steps >= MaxSteps {
		return ErrSteps
	}
	return nil
}

// builtin returns f as a function of a script. A panic of f is the error of its caller, with the
// place of the call.
func builtin(name string, f func(call) (starlark.Value, error)) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (v starlark.Value, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = &graph.PanicError{Value: p, Stack: debug.Stack()}
			}
		}()
		return f(call{name, b.Receiver(), args, kwargs, t})
	})
}

// attr is a method of a value, bound when it is asked for.
func attr(methods map[string]*starlark.Builtin, recv starlark.Value, name string) (starlark.Value, error) {
	if m := methods[name]; m != nil {
		return m.BindReceiver(recv), nil
	}
	return nil, nil
}

func attrNames(methods map[string]*starlark.Builtin) []string {
	return slices.Sorted(maps.Keys(methods))
}
