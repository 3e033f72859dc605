package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// loop returns the nodes of a cycle, the first one again at the end, or nil if there is none. It goes through one of
// the nodes that are touched.
func (e *Edit) loop(touched []*Node) []*Node {
	const walking, done = 1, 2
	state := make(map[*Node]int, len(touched))
	var trail []*Node
	// The trail is explicit: a chain of nodes may be as long as a patch allows.
	for _, root := range touched {
		if state[root] != 0 {
			continue
		}
		todo := [][]*Node{{root}}
		for len(todo) > 0 {
			last := len(todo) - 1
			if len(todo[last]) == 0 {
				todo = todo[:last]
				if len(trail) > 0 {
					state[trail[len(trail)-1]] = done
					trail = trail[:len(trail)-1]
				}
				continue
			}
			n := todo[last][0]
			todo[last] = todo[last][1:]
			switch state[n] {
			case walking:
				return closeLoop(trail, n)
			case 0:
				state[n] = walking
				trail = append(trail, n)
				todo = append(todo, e.upstream(n))
			}
		}
	}
	return nil
}

// upstream returns all nodes that must cook before n.
func (e *Edit) upstream(n *Node) []*Node {
	inputs, refs := n.inputs, n.refs
	if p := e.plans[n]; p != nil {
		inputs, refs = p.inputs, p.refs
	}
	return slices.DeleteFunc(slices.Concat(inputs, refs), e.lags)
}

// lags reports whether n is going to be read as it was in the last frame.
func (e *Edit) lags(n *Node) bool { return e.role(n).lags(e.bypasses(n)) }

// checkLags reports nodes that are a frame late and are to read another one that is: which of them
// cooks first would decide by how much.
func (e *Edit) checkLags() {
	isPrompt := func(n *Node) bool { return !e.has(n) || !e.lags(n) }
	late := slices.DeleteFunc(slices.AppendSeq(slices.Clone(e.g.sorted), maps.Values(e.added)), isPrompt)
	slices.SortFunc(late, byPath)
	for _, n := range late {
		for _, in := range e.inputs(n) {
			if late := e.source(in); e.lags(late) {
				e.fail(n.path, "wire", fmt.Errorf("reads the table of %s, which is of the last frame already; "+
					"put a node between them that makes a table of its own, as a select", late))
			}
		}
	}
}

// source returns the node whose table n is going to show.
func (e *Edit) source(n *Node) *Node {
	for {
		i := e.role(n).passing(e.bypasses(n), len(e.inputs(n)))
		if i < 0 {
			return n
		}
		n = e.inputs(n)[i]
	}
}

// closeLoop returns the part of trail from n on, in the direction of the wires.
func closeLoop(trail []*Node, n *Node) []*Node {
	loop := []*Node{n}
	for i := len(trail) - 1; trail[i] != n; i-- {
		loop = append(loop, trail[i])
	}
	return append(loop, n)
}

func loopText(loop []*Node) string {
	paths := make([]string, len(loop))
	for i, n := range loop {
		paths[i] = string(n.path)
	}
	return strings.Join(paths, " -> ")
}
