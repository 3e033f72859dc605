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
}

type builtinFunc = func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error)

// builtin returns f as a function of a script. A panic of f is the error of its caller, with the
// place of the call.
func builtin(name string, f builtinFunc) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (v starlark.Value, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = &graph.PanicError{Value: p, Stack: debug.Stack()}
			}
		}()
		return f(t, b, args, kwargs)
	})
}

// spend counts steps that a function takes on behalf of the script. It fails when none are left.
func spend(t *starlark.Thread, steps int) error {
	t.Steps += uint64(steps)
	if t.Steps >= MaxSteps {
		return ErrSteps
	}
	return nil
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
