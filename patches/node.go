package patches

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// besides are the keys that can stand beside the operator of a node.
var besides = []string{"in", "callbacks", "bypass", "active", "comment"}

func (r *reader) nodes(v *yaml.Node) {
	if v = r.mapping(v, "nodes", "names to nodes"); v == nil {
		return
	}
	for key, v := range r.pairs(v) {
		name := r.name(key)
		if first := r.patch.byName[name]; first != nil {
			r.fail(key, "node %q is given twice; first on line %d", name, first.Line)
			continue
		}
		if name != "" {
			r.node(r.add(name, key), key, v)
		}
	}
}

// name returns the path of the node that a key names, or nothing after noting a mistake.
func (r *reader) name(key *yaml.Node) string {
	name := key.Value
	if r.network == "" {
		name = bare(name)
	}
	if err := graph.CheckName(name); err != nil {
		r.fail(key, "%v", err)
		return ""
	}
	if r.network == "" {
		return name
	}
	if portNumber(name) > 0 {
		r.fail(key, "%s is an input of %q; a node in it needs another name", name, r.network)
		return ""
	}
	return r.network + "/" + name
}

func (r *reader) add(name string, key *yaml.Node) *Node {
	n := &Node{
		Name: name, Active: true, Line: key.Line, Col: key.Column, src: r.source, values: r.values,
		given: map[string]*yaml.Node{}, wrong: map[string]bool{},
	}
	r.patch.Nodes = append(r.patch.Nodes, n)
	r.patch.byName[name] = n
	return n
}

func (r *reader) node(n *Node, key, v *yaml.Node) {
	n.operator = key
	if v = r.mapping(v, fmt.Sprintf("node %q", n.Name), "one operator to its parameters, as {table: {}}"); v == nil {
		return
	}
	block := r.findOperator(n, v)
	if n.Type != nil {
		n.Operator = n.Type.New()
		r.inside(n, block)
	}
	for key, v := range r.pairs(v) {
		if slices.Contains(besides, key.Value) {
			r.besides(n, key, v)
		}
	}
	if n.Type != nil {
		if s, ok := n.Operator.(graph.Scoped); ok {
			s.SetValues(r.values)
		}
		if f, ok := n.Operator.(graph.FileReader); ok {
			f.SetFolder(r.folder())
		}
		r.required(n)
		r.check(n)
	}
}

// findOperator finds the one key of a node's mapping that names an operator, and returns its value.
func (r *reader) findOperator(n *Node, m *yaml.Node) (block *yaml.Node) {
	var others []*yaml.Node
	for key, v := range r.pairs(m) {
		switch t := r.reg.Lookup(key.Value); {
		case slices.Contains(besides, key.Value):
		case t == nil:
			others = append(others, key)
		case n.Type != nil:
			r.fail(key, "a second operator, %s, beside %s; a node has one", t.Name, n.Type.Name)
		default:
			n.Type, n.operator, block = t, key, v
		}
	}
	for _, key := range others {
		r.stranger(n, key)
	}
	if n.Type == nil && len(others) == 0 {
		r.failAt(n.Line, n.Col, "node %q has no operator", n.Name)
	}
	return block
}

// stranger notes a key of a node that is neither operator nor one of those beside it.
func (r *reader) stranger(n *Node, key *yaml.Node) {
	switch {
	case n.Type == nil:
		r.unknown(key, "operator", r.reg.Names())
	case n.Type.Param(key.Value) != nil:
		r.fail(key, "%q is a parameter of %s; it belongs inside of it", key.Value, n.Type.Name)
	default:
		r.unknown(key, "key beside the operator", slices.Values(besides))
	}
}

// besides reads a key that stands beside the operator.
func (r *reader) besides(n *Node, key, v *yaml.Node) {
	if inside := n.given[key.Value]; inside != nil {
		r.fail(key, "%q is given twice; first inside of %s on line %d", key.Value, n.Type.Name, inside.Line)
		return
	}
	switch key.Value {
	case "in":
		r.inputs(n, v)
	case "bypass":
		n.Bypass = r.flag(key, v)
	case "active":
		n.Active = r.flag(key, v)
	case "comment":
		if n.Comment = v.Value; v.Kind != yaml.ScalarNode {
			r.fail(v, "comment: is %s; want text", kind(v))
		}
	case "callbacks":
		if n.Type != nil {
			r.param(n, key, v)
		}
	}
}

// flag reads a switch that every node has.
func (r *reader) flag(key, v *yaml.Node) bool {
	p := graph.Param{Name: key.Value, Type: graph.ParamBool}
	on, err := p.Parse(v.Value)
	if err != nil {
		r.fail(v, "%s: is %s; want %s", key.Value, kind(v), p.Type)
	}
	return on == graph.On
}

// inputs reads the name, or the names, that a node is wired from.
func (r *reader) inputs(n *Node, v *yaml.Node) {
	names := []*yaml.Node{v}
	if v.Kind == yaml.SequenceNode {
		names = v.Content
	}
	for _, v := range names {
		if v = deref(v); v.Kind != yaml.ScalarNode || isEmpty(v) {
			r.fail(v, "in: is %s; want the name of a node, or a list of names", kind(v))
			v = &yaml.Node{Line: v.Line, Column: v.Column} // so that it still counts as an input
		}
		n.in = append(n.in, v)
	}
}
