package patches

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// insides are the keys of a base's block.
var insides = []string{"nodes", "include", "params", "active"}

// inside reads an operator's block: its parameters, or the nodes of a base.
func (r *reader) inside(n *Node, v *yaml.Node) {
	if !n.isBase() {
		r.block(n, v)
		return
	}
	if v = r.mapping(v, "base", "nodes or include, as {nodes: {a: {table: {}}}}"); v == nil {
		return
	}
	file, params := value(v, "include"), value(v, "params")
	for key, v := range r.pairs(v) {
		switch {
		case key.Value == "nodes" && file != nil:
			r.fail(key, "nodes and include: a base has one of them")
		case key.Value == "nodes":
			r.nested(n, func() { r.nodes(v) })
		case key.Value == "include":
			r.include(n, v, params)
		case key.Value == "params" && file == nil:
			r.fail(key, "params are what an included file is given; there is no include")
		case key.Value != "params":
			r.besideNodes(n, key, v)
		}
	}
	if value(v, "nodes") == nil && file == nil {
		r.fail(n.operator, "base needs nodes, by their names, or include: the file that has them")
	}
}

// besideNodes reads what a base has as any operator has it.
func (r *reader) besideNodes(n *Node, key, v *yaml.Node) {
	if slices.Contains(besides, key.Value) {
		r.notAParam(n, key, v)
		return
	}
	r.unknown(key, "key of base", slices.Values(insides))
}

// nested reads the nodes of a base.
func (r *reader) nested(n *Node, read func()) {
	outer := r.network
	r.network = n.Name
	read()
	r.network = outer
}

func (n *Node) isBase() bool {
	_, ok := n.Operator.(*graph.Base)
	return ok
}

// portNumber returns which input of a base is called name, from 1, or 0 if none can be.
func portNumber(name string) int {
	digits, ok := strings.CutPrefix(name, "in")
	i, err := strconv.Atoi(digits)
	if !ok || err != nil || i < 1 || strconv.Itoa(i) != digits {
		return 0
	}
	return i
}

// portName is the path of the i-th input of a base, from 0, as the nodes inside see it.
func (n *Node) portName(i int) string { return fmt.Sprintf("%s/in%d", n.Name, i+1) }

// firstOutput is the path of the node whose table is that of the base.
func (n *Node) firstOutput() string { return n.Name + "/out1" }

// base returns the base around a node, or nil, and which of its inputs the node is, from 1, or 0.
func (p *Patch) base(path string) (base *Node, port int) {
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 {
		return nil, 0
	}
	base = p.byName[path[:slash]]
	if base == nil || !base.isBase() {
		return nil, 0
	}
	return base, portNumber(path[slash+1:])
}

// has reports whether there is a node at a path, or an input of a base.
func (p *Patch) has(path string) bool {
	if p.byName[path] != nil {
		return true
	}
	base, port := p.base(path)
	return base != nil && 0 < port && port <= len(base.Inputs)
}

// works reports whether a node is active in a network that is. Of a bypassed one the first output is.
func (p *Patch) works(n *Node) bool {
	if base := p.bypassing(n); base != nil {
		return p.works(base)
	}
	base, _ := p.base(n.Name)
	return n.Active && (base == nil || !base.Bypass && p.works(base))
}
