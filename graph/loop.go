package graph

import "strings"

// loop returns the nodes of a cycle, the first one again at the end, or nil if there is none.
func (e *Edit) loop() []*Node {
	const walking, done = 1, 2
	state := make(map[*Node]int, len(e.plans))
	var trail []*Node
	// The trail is explicit: a chain of nodes may be as long as a patch allows.
	for _, root := range e.sorted() {
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
				todo = append(todo, e.plans[n].upstream())
			}
		}
	}
	return nil
}

// upstream returns all nodes that must cook before this one.
func (p *plan) upstream() []*Node {
	return append(append([]*Node(nil), p.inputs...), p.refs...)
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
