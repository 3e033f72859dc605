package script

import (
	"errors"
	"fmt"
	"maps"
	gomath "math"
	"slices"

	"go.starlark.net/lib/math"
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"
)

// functions are what an expression can call by name.
var functions = func() starlark.StringDict {
	f := starlark.StringDict{"near": builtin("near", near)}
	for _, name := range []string{
		"all", "any", "bool", "bytes", "dict", "enumerate", "list", "range", "repr", "reversed", "set",
		"sorted", "str", "tuple", "type", "zip",
	} {
		f[name] = starlark.Universe[name]
	}
	for _, name := range []string{"abs", "chr", "float", "int", "len", "max", "min", "ord"} {
		f[name] = skipNone(starlark.Universe[name])
	}
	for _, name := range []string{"hex", "hexlify", "round", "sum", "unhexlify"} {
		f[name] = skipNone(predeclared[name])
	}
	return f
}()

// expressionNames are the names that a rewritten expression uses.
var expressionNames = func() starlark.StringDict {
	m := &starlarkstruct.Module{Name: "math", Members: maps.Clone(math.Module.Members)}
	for name, v := range m.Members {
		if _, ok := v.(*starlark.Builtin); ok {
			m.Members[name] = skipNone(v)
		}
	}
	names := starlark.StringDict{
		"$math": m, "$attr": binaryHelper(attrOf), "$method": binaryHelper(methodOf), "$index": binaryHelper(itemOf),
		"$slice": builtin("slice", sliceOf),
	}
	for name, f := range functions {
		names["$"+name] = f
	}
	for op := syntax.PLUS; op <= syntax.NOT_IN; op++ {
		names["$"+op.String()] = binaryHelper(func(x, y starlark.Value) (starlark.Value, error) {
			return operate(op, x, y)
		})
	}
	for _, op := range []syntax.Token{syntax.PLUS, syntax.MINUS, syntax.TILDE} {
		names["$unary"+op.String()] = builtin(op.String(), func(c call) (starlark.Value, error) {
			if c.args[0] == starlark.None {
				return starlark.None, nil
			}
			return starlark.Unary(op, c.args[0])
		})
	}
	return names
}()

// skipNone makes a function return None when an argument is None.
func skipNone(f starlark.Value) starlark.Value {
	b := f.(*starlark.Builtin)
	return builtin(b.Name(), func(c call) (starlark.Value, error) {
		if slices.Contains(c.args, starlark.Value(starlark.None)) {
			return starlark.None, nil
		}
		return b.CallInternal(c.thread, c.args, c.kwargs)
	})
}

// binaryHelper returns f as a function of a rewritten expression, which always gives two arguments.
func binaryHelper(f func(x, y starlark.Value) (starlark.Value, error)) *starlark.Builtin {
	return builtin("operator", func(c call) (starlark.Value, error) {
		return f(c.args[0], c.args[1])
	})
}

// operate applies a binary operator by the rules of [Expr].
func operate(op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	missing := x == starlark.None || y == starlark.None
	switch op {
	case syntax.EQL, syntax.NEQ, syntax.LT, syntax.LE, syntax.GT, syntax.GE:
		if missing {
			return starlark.False, nil
		}
		holds, err := compare(op, x, y)
		return starlark.Bool(holds), err
	case syntax.IN, syntax.NOT_IN:
		if missing {
			return starlark.False, nil
		}
	}
	if missing {
		return starlark.None, nil
	}
	return starlark.Binary(op, x, y)
}

func compare(op syntax.Token, x, y starlark.Value) (bool, error) {
	xn, yn := isNumber(x), isNumber(y)
	switch {
	case xn && yn:
		if isNaN(x) || isNaN(y) {
			return op == syntax.NEQ, nil
		}
	case x.Type() != y.Type():
		return op == syntax.NEQ, nil
	}
	return starlark.Compare(op, x, y)
}

func isNumber(x starlark.Value) bool {
	switch x.(type) {
	case starlark.Int, starlark.Float:
		return true
	}
	return false
}

func isNaN(x starlark.Value) bool {
	f, ok := x.(starlark.Float)
	return ok && gomath.IsNaN(float64(f))
}

// attrOf implements x.name.
func attrOf(x, name starlark.Value) (starlark.Value, error) {
	if x == starlark.None {
		return x, nil
	}
	n := string(name.(starlark.String))
	if o, ok := x.(starlark.HasAttrs); ok {
		if v, err := o.Attr(n); v != nil || err != nil {
			return v, err
		}
	}
	return nil, fmt.Errorf("%s has no .%s field or method", x.Type(), n)
}

// methodOf implements x.name in x.name(...): the methods of a missing cell return None.
func methodOf(x, name starlark.Value) (starlark.Value, error) {
	if x == starlark.None {
		return noMethod, nil
	}
	return attrOf(x, name)
}

var noMethod = builtin("method", func(call) (starlark.Value, error) {
	return starlark.None, nil
})

// itemOf implements x[y]. What is not there is None.
func itemOf(x, y starlark.Value) (starlark.Value, error) {
	if x == starlark.None || y == starlark.None {
		return starlark.None, nil
	}
	switch x := x.(type) {
	case starlark.Mapping:
		v, found, err := x.Get(y)
		if err != nil || found {
			return v, err
		}
		return starlark.None, nil
	case starlark.Indexable:
		i, err := starlark.AsInt32(y)
		if err != nil {
			return nil, fmt.Errorf("%s index: %w", x.Type(), err)
		}
		if i < 0 {
			i += x.Len()
		}
		if i < 0 || i >= x.Len() {
			return starlark.None, nil
		}
		return x.Index(i), nil
	}
	return nil, fmt.Errorf("a %s has no items", x.Type())
}

// sliceOf implements x[lo:hi:step], with None for what is left out.
func sliceOf(c call) (starlark.Value, error) {
	args := c.args
	if args[0] == starlark.None {
		return starlark.None, nil
	}
	x, ok := args[0].(starlark.Sliceable)
	if !ok {
		return nil, fmt.Errorf("a %s cannot be sliced", args[0].Type())
	}
	step, err := bound(args[3], 1)
	if err != nil || step == 0 {
		return nil, errors.Join(errors.New("a slice's step is a whole number and not 0"), err)
	}
	n := x.Len()
	first, last := 0, n
	if step < 0 {
		first, last = n-1, -1
	}
	lo, err := place(args[1], first, n, step)
	if err != nil {
		return nil, err
	}
	hi, err := place(args[2], last, n, step)
	if err != nil {
		return nil, err
	}
	if step > 0 {
		hi = max(hi, lo)
	} else {
		hi = min(hi, lo)
	}
	return x.Slice(lo, hi, step), nil
}

func bound(v starlark.Value, absent int) (int, error) {
	if v == starlark.None {
		return absent, nil
	}
	return starlark.AsInt32(v)
}

// place returns where a bound of a slice of n items lies, cut to what there is.
func place(v starlark.Value, absent, n, step int) (int, error) {
	if v == starlark.None {
		return absent, nil
	}
	i, err := starlark.AsInt32(v)
	if err != nil {
		return 0, fmt.Errorf("a slice's bound: %w", err)
	}
	if i < 0 {
		i += n
	}
	if step < 0 {
		return min(max(i, -1), n-1), nil
	}
	return min(max(i, 0), n), nil
}

// near implements near(a, b, tol=1e-6): whether two numbers differ by no more than tol. What is no
// number is near nothing.
func near(c call) (starlark.Value, error) {
	var a, b, tol starlark.Value = nil, nil, starlark.Float(defaultTolerance)
	if err := c.unpackNamed("a", &a, "b", &b, "tol?", &tol); err != nil {
		return nil, err
	}
	t, ok := starlark.AsFloat(tol)
	if !ok {
		return nil, fmt.Errorf("near: tol is a number, not a %s", tol.Type())
	}
	x, xok := starlark.AsFloat(a)
	y, yok := starlark.AsFloat(b)
	return starlark.Bool(xok && yok && isNear(x, y, t)), nil
}

const defaultTolerance = 1e-6

func isNear(x, y, tol float64) bool { return x == y || gomath.Abs(x-y) <= tol }
