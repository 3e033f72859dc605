package script

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"
	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
)

// A Program is a compiled script. It never changes, and several goroutines may start it.
type Program struct {
	source
	code  *starlark.Program
	refs  []string
	funcs []Function
	clock bool // it asks for frame or seconds
}

// A Function is a function that a script defines at its top level.
type Function struct {
	Name      string
	Line, Col int // of its name in the script's text, from 1, in characters
}

func options() *syntax.FileOptions {
	return &syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true}
}

// Compile compiles the script that is the value of the parameter called param. Every mistake it
// can see is reported, a [graph.ParamError] each with its place in s.Text, in a multierror.Error.
func Compile(param string, s graph.Script) (*Program, error) {
	p := &Program{source: source{param, s}}
	if line, col, err := checkDepth(s.Text); err != nil {
		return nil, p.mistakes(&graph.ParamError{Param: param, Line: line, Col: col, Msg: err.Error()})
	}
	file, err := options().Parse(param, s.Text, 0)
	if err != nil {
		return nil, p.mistakes(p.explain(err)...)
	}
	code, err := starlark.FileProgram(file, predeclared.Has)
	errs := p.explain(err)
	if err == nil || file.Module != nil {
		errs = append(errs, p.inspect(file)...)
	}
	if len(errs) > 0 {
		return nil, p.mistakes(errs...)
	}
	p.code = code
	return p, nil
}

// Refs returns the names of the nodes that the script reads with op('name'), each once, as
// [graph.Referrer] wants them.
func (p *Program) Refs() []string { return slices.Clone(p.refs) }

// Functions returns what the script defines with def at its top level, in order.
func (p *Program) Functions() []Function { return slices.Clone(p.funcs) }

func (p *Program) mistakes(list ...*graph.ParamError) error {
	slices.SortStableFunc(list, func(a, b *graph.ParamError) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	var errs *multierror.Error
	for _, err := range list {
		errs = multierror.Append(errs, err)
	}
	return errs.ErrorOrNil()
}

// explain turns what the parser or the resolver reports into errors that say what to write instead.
func (p *Program) explain(err error) []*graph.ParamError {
	if err == nil {
		return nil
	}
	if list, ok := errors.AsType[resolve.ErrorList](err); ok {
		var out []*graph.ParamError
		for _, e := range list {
			out = append(out, p.errorf(e.Pos, "%s", withHint(e.Msg)))
		}
		return out
	}
	if e, ok := errors.AsType[syntax.Error](err); ok {
		out := p.errorf(e.Pos, "%s", syntaxHint(p.script.Text, int(e.Pos.Line), e.Msg))
		if namesToken(e.Msg) {
			out.Line, out.Col = tokenStart(p.script.Text, out.Line, out.Col)
		}
		return []*graph.ParamError{out}
	}
	return []*graph.ParamError{{Param: p.param, Msg: err.Error()}}
}

// namesToken reports whether a syntax error is about a token that was not expected: Starlark's parser
// gives the place behind it.
func namesToken(msg string) bool {
	atEnd := strings.HasPrefix(msg, "got end of file") || strings.HasPrefix(msg, "got newline")
	return !atEnd && (strings.HasPrefix(msg, "got ") || strings.Contains(msg, "does not associate"))
}

func (p *Program) errorf(pos syntax.Position, format string, args ...any) *graph.ParamError {
	return &graph.ParamError{
		Param: p.param, Line: int(pos.Line), Col: int(pos.Col), Msg: fmt.Sprintf(format, args...),
	}
}

// inspect looks for what compiles and still cannot work, and collects the references.
func (p *Program) inspect(file *syntax.File) (errs []*graph.ParamError) {
	called := map[*syntax.Ident]bool{}
	p.funcs = topLevel(file)
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.LoadStmt:
			errs = append(errs, p.errorf(n.Load, "a script cannot load another one; struct, json and math are there without"))
		case *syntax.AssignStmt:
			if name, ok := rebinds(n); ok && isGlobal(file, name) {
				errs = append(errs, p.errorf(n.OpPos, "%s", rebindHint(name)))
			}
		case *syntax.CallExpr:
			if id, ok := n.Fn.(*syntax.Ident); ok && isPredeclared(id, "op") {
				called[id] = true
				errs = append(errs, p.reference(n)...)
			}
		case *syntax.DotExpr:
			if id, ok := n.X.(*syntax.Ident); ok && isPredeclared(id, "param") {
				errs = append(errs, p.parameter(n.Name)...)
			}
		case *syntax.Ident:
			p.clock = p.clock || isPredeclared(n, "frame") || isPredeclared(n, "seconds")
			if isPredeclared(n, "op") && !called[n] {
				errs = append(errs, p.errorf(n.NamePos, "op can only be called, as op('name'): "+whyLiteral))
			}
		}
		return true
	})
	return errs
}

// topLevel returns the functions that are defined outside of all functions.
func topLevel(file *syntax.File) (out []Function) {
	syntax.Walk(file, func(n syntax.Node) bool {
		def, ok := n.(*syntax.DefStmt)
		if ok {
			out = append(out, Function{def.Name.Name, int(def.Name.NamePos.Line), int(def.Name.NamePos.Col)})
		}
		return !ok
	})
	return out
}

const whyLiteral = "the name makes an edge of the graph, so it must be known before anything runs"

// reference notes the node that a call of op names.
func (p *Program) reference(call *syntax.CallExpr) []*graph.ParamError {
	var lit *syntax.Literal
	if len(call.Args) == 1 {
		lit, _ = call.Args[0].(*syntax.Literal)
	}
	if lit == nil || lit.Token != syntax.STRING {
		return []*graph.ParamError{p.errorf(call.Lparen, "op takes one name in quotes: "+whyLiteral)}
	}
	name := lit.Value.(string)
	if err := graph.CheckRef(name); err != nil {
		return []*graph.ParamError{p.errorf(lit.TokenPos, "%v", err)}
	}
	if !slices.Contains(p.refs, name) {
		p.refs = append(p.refs, name)
	}
	return nil
}

// parameter reports a name that is no parameter of the patch.
func (p *Program) parameter(id *syntax.Ident) []*graph.ParamError {
	if _, ok := p.script.Values[id.Name]; ok {
		return nil
	}
	hint := graph.DidYouMean(id.Name, maps.Keys(p.script.Values))
	return []*graph.ParamError{p.errorf(id.NamePos, "the patch has no parameter %s%s", id.Name, hint)}
}

func isPredeclared(id *syntax.Ident, name string) bool {
	b, ok := id.Binding.(*resolve.Binding)
	return ok && id.Name == name && b.Scope == resolve.Predeclared
}

func isGlobal(file *syntax.File, name string) bool {
	m, ok := file.Module.(*resolve.Module)
	return ok && slices.ContainsFunc(m.Globals, func(b *resolve.Binding) bool { return b.First.Name == name })
}
