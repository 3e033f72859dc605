package patches

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// block reads the parameters inside of an operator's block.
func (r *reader) block(n *Node, v *yaml.Node) {
	if isEmpty(v) {
		return
	}
	if v = r.mapping(v, n.Type.Name, "its parameters"); v == nil {
		return
	}
	for key, v := range r.pairs(v) {
		r.param(n, key, v)
	}
}

// param reads one parameter of n.
func (r *reader) param(n *Node, key, v *yaml.Node) {
	p := n.Type.Param(key.Value)
	if p == nil {
		r.notAParam(n, key, v)
		return
	}
	n.given[p.Name] = v
	if err := r.set(n, p, v); err != nil {
		n.wrong[p.Name] = true
		r.fail(v, "%s: %s", p.Name, message(err))
	}
}

// notAParam reads the keys of a node that may stand inside of its operator's block.
func (r *reader) notAParam(n *Node, key, v *yaml.Node) {
	switch key.Value {
	case "active":
		n.given[key.Value], n.Active = v, r.flag(key, v)
	case "callbacks":
		r.fail(key, "%s has no callbacks%s", n.Type.Name, r.whoHasCallbacks())
	case "in", "bypass", "comment":
		r.fail(key, "%q belongs beside %s, not inside of it", key.Value, n.Type.Name)
	default:
		r.unknown(key, "parameter of "+n.Type.Name, func(yield func(string) bool) {
			for _, p := range n.Type.Params {
				if !yield(p.Name) {
					return
				}
			}
		})
	}
}

// message returns what err says, without the name of the parameter.
func message(err error) string {
	if e, ok := err.(*graph.ParamError); ok {
		return e.Msg
	}
	return err.Error()
}

func (r *reader) whoHasCallbacks() string {
	var names []string
	for t := range r.reg.Types() {
		if t.Param("callbacks") != nil {
			names = append(names, t.Name)
		}
	}
	if names == nil {
		return ""
	}
	return "; these have: " + strings.Join(names, ", ")
}

// set gives a parameter the value that v holds.
func (r *reader) set(n *Node, p *graph.Param, v *yaml.Node) error {
	if v.Kind == yaml.ScalarNode {
		if expr, ok := graph.CutExpression(v.Value); ok {
			r.compute(n, p, v, expr)
			return nil
		}
		text := *v
		text.Value = literal(v.Value)
		v = &text
	}
	value, err := r.value(p, v)
	if err != nil {
		return err
	}
	return p.Set(n.Operator, value)
}

// value returns what v says, as the Go type of the parameter's field.
func (r *reader) value(p *graph.Param, v *yaml.Node) (any, error) {
	switch {
	case p.Type == graph.ParamPulse:
		return nil, fmt.Errorf("a pulse is for a running patch; it cannot be given in a file")
	case v.Kind == yaml.SequenceNode && p.Type == graph.ParamStrings:
		return stringList(v)
	case v.Kind == yaml.SequenceNode && p.Type == graph.ParamRows:
		return rows(v)
	case v.Kind != yaml.ScalarNode || p.Type == graph.ParamRows:
		return nil, fmt.Errorf("is %s; want %s", kind(v), want(p))
	case isEmpty(v):
		return nil, fmt.Errorf("is nothing; want %s", want(p))
	case p.Type == graph.ParamScript:
		return r.script(v)
	}
	return p.Parse(v.Value)
}

// want says what a parameter takes.
func want(p *graph.Param) string {
	if p.Type == graph.ParamMenu {
		return "one of " + strings.Join(p.Menu, ", ")
	}
	return p.Type.String()
}

func stringList(v *yaml.Node) ([]string, error) {
	out := make([]string, len(v.Content))
	for i, c := range v.Content {
		if c = deref(c); c.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("item %d of the list is %s; want text", i+1, kind(c))
		}
		out[i] = c.Value
	}
	return out, nil
}

func rows(v *yaml.Node) ([][]any, error) {
	out := make([][]any, len(v.Content))
	for i, c := range v.Content {
		if c = deref(c); c.Kind != yaml.SequenceNode {
			return nil, fmt.Errorf("row %d is %s; want a list of its cells", i+1, kind(c))
		}
		row, err := cells(c)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
		out[i] = row
	}
	return out, nil
}

func cells(v *yaml.Node) ([]any, error) {
	out := make([]any, len(v.Content))
	for i, c := range v.Content {
		cell, err := cell(deref(c))
		if err != nil {
			return nil, err
		}
		out[i] = cell
	}
	return out, nil
}

// cell returns a cell by YAML's own types: nil, bool, int64, float64, string or a list of cells.
func cell(v *yaml.Node) (any, error) {
	switch {
	case v.Kind == yaml.SequenceNode:
		return cells(v)
	case v.Kind != yaml.ScalarNode:
		return nil, fmt.Errorf("a cell is %s; want a value, or a list of values", kind(v))
	}
	switch v.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		return decode[bool](v)
	case "!!int":
		return decode[int64](v)
	case "!!float":
		return decode[float64](v)
	}
	return v.Value, nil
}

func decode[T any](v *yaml.Node) (any, error) {
	var t T
	if err := v.Decode(&t); err != nil {
		return nil, fmt.Errorf("%.64q is not within the range of %T", v.Value, t)
	}
	return t, nil
}
