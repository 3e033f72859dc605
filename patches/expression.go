package patches

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// expression returns what a value written =expr says. A text that begins with = is written with two
// of them; a single = by itself is text.
func expression(v *yaml.Node) (expr string, ok bool) {
	if v.Kind != yaml.ScalarNode || v.Value == "=" || strings.HasPrefix(v.Value, "==") {
		return "", false
	}
	return strings.CutPrefix(v.Value, "=")
}

// plain returns v without the = that says that it is no expression.
func plain(v *yaml.Node) *yaml.Node {
	if v.Kind != yaml.ScalarNode || !strings.HasPrefix(v.Value, "==") {
		return v
	}
	w := *v
	w.Value = v.Value[1:]
	return &w
}

// compute gives a parameter of n the value of an expression: now if that is constant, else while the
// patch runs.
func (r *reader) compute(n *Node, p *graph.Param, v *yaml.Node, expr string) error {
	if r.reg.Language == nil {
		return errors.New(noLanguage)
	}
	s := r.formula(v, expr)
	x, err := r.reg.Language.Compile(p.Name, s)
	if err == nil {
		err = p.CanCompute(n.Operator, x)
	}
	switch {
	case err != nil:
	case graph.IsConstant(x):
		err = p.SetConstant(n.Operator, x)
	default:
		n.Computed = append(n.Computed, graph.Computed{Param: p.Name, Value: x})
	}
	for _, err := range flatten(err) {
		n.wrong[p.Name] = true
		r.note(n.blameExpression(err, v, len(v.Value)-len(s.Text)), "", nil)
	}
	return nil
}

const noLanguage = "nothing is there to compute expressions; a text that begins with = is written =="

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

// isComputed reports whether the parameter gets its value while the patch runs.
func (n *Node) isComputed(param string) bool {
	for _, c := range n.Computed {
		if c.Param == param {
			return true
		}
	}
	return false
}
