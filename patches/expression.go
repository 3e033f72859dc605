package patches

import (
	"errors"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// literal returns a text without the = that says that it is no expression.
func literal(text string) string {
	if strings.HasPrefix(text, "==") {
		return text[1:]
	}
	return text
}

// Set gives a parameter of n the value that text says, as a patch would: =expr is an expression.
func (n *Node) Set(p *graph.Param, text string, lang graph.Language) error {
	n.Computed = slices.DeleteFunc(n.Computed, func(c graph.Computed) bool { return c.Param == p.Name })
	if expr, ok := graph.CutExpression(text); ok {
		return n.compute(p, graph.Script{Text: strings.TrimLeft(expr, " "), Values: n.values}, lang)
	}
	v, err := p.Parse(literal(text))
	if err != nil {
		return err
	}
	return p.Set(n.Operator, v)
}

// compute gives a parameter of n the value of an expression: now if that is constant, else while the
// patch runs.
func (n *Node) compute(p *graph.Param, s graph.Script, lang graph.Language) error {
	if lang == nil {
		return graph.ErrNoLanguage
	}
	x, err := lang.Compile(p.Name, s)
	if err == nil {
		err = p.CanCompute(n.Operator, x)
	}
	switch {
	case err != nil:
		return err
	case graph.IsConstant(x):
		return p.SetConstant(n.Operator, x)
	}
	n.Computed = append(n.Computed, graph.Computed{Param: p.Name, Value: x})
	if n.formulas == nil {
		n.formulas = map[string]graph.Script{}
	}
	n.formulas[p.Name] = s
	return nil
}

// compute reads a parameter that is written =expr.
func (r *reader) compute(n *Node, p *graph.Param, v *yaml.Node, expr string) {
	s := r.formula(v, expr)
	for _, err := range flatten(n.compute(p, s, r.reg.Language)) {
		n.wrong[p.Name] = true
		r.note(n.blameExpression(err, v, len(v.Value)-len(s.Text)), "", nil)
	}
}

// formula returns an expression as a script, without the blanks before it.
func (r *reader) formula(v *yaml.Node, expr string) graph.Script {
	line, indent := r.text.origin(v)
	text := strings.TrimLeft(expr, " ")
	return graph.Script{Text: text, File: r.file, Line: line, Indent: indent + len(v.Value) - len(text), Values: r.values}
}

// blameExpression finds the place in the file of an error in an expression that begins at that offset
// of v.
func (n *Node) blameExpression(err error, v *yaml.Node, offset int) Mistake {
	m := n.blame(err)
	if e, ok := errors.AsType[*graph.ParamError](err); ok && e.Line > 0 {
		if e.Line == 1 {
			e.Col += offset
		}
		m.Line, m.Col = n.src.text.within(v, e.Line, e.Col)
	}
	return m
}

// IsComputed reports whether the parameter gets its value while the patch runs.
func (n *Node) IsComputed(param string) bool {
	return slices.ContainsFunc(n.Computed, func(c graph.Computed) bool { return c.Param == param })
}
