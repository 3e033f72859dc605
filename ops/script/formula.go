package script

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Language is Starlark, as the language of parameter expressions: those of [Expr], over the frame, the
// time, other nodes and the parameters of the patch. There is no row.
type Language struct{}

// Compile implements [graph.Language].
func (Language) Compile(param string, s graph.Script) (graph.Expression, error) {
	if strings.TrimSpace(s.Text) == "" {
		return nil, &graph.ParamError{Param: param, Line: 1, Col: 1, Msg: "the expression is missing behind ="}
	}
	e, err := compileExpr(param, s, rowless)
	if err != nil {
		return nil, err
	}
	return &formula{e}, nil
}

// rowless returns the names that an expression without a row can read.
func rowless(x syntax.Expr) map[string]bool {
	names := boundNames(x)
	for _, name := range []string{"frame", "time", "math"} {
		names[name] = true
	}
	return names
}

// A formula is an Expr without a row.
type formula struct{ *Expr }

// Eval implements [graph.Expression].
func (f *formula) Eval(c *graph.Cook, first int) (table.Value, error) {
	f.FirstRef = first
	v, err := f.compute(c, table.Row{})
	return v, f.error(c, err)
}

// error says outside of a cook where in the text an error is.
func (f *formula) error(c *graph.Cook, err error) error {
	if err == nil || c != nil {
		return err
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	out := &graph.ParamError{Param: f.param, Msg: e.Msg}
	if e.At.Line > 0 {
		out.Line, out.Col = e.At.Line-max(f.script.Line, 1)+1, e.At.Col-f.script.Indent
	}
	return out
}

// String implements [fmt.Stringer].
func (f *formula) String() string { return f.script.Text }

// Place implements [graph.Expression].
func (f *formula) Place() string {
	s := f.script
	if s.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", s.File, max(s.Line, 1), s.Indent+1)
}
