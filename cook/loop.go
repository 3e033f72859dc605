package cook

import "slices"

// findLoop finds the nodes that cook as one branch, since there is a way from them to themselves by a node that
// lags: what such a node reads, what reads it, and what is between. A peer may come back to its own node that
// way, in an order that no wire gives. All nodes are put into an order in which that branch comes behind all
// that it reads, and before all that reads it. Nodes that lag are from late on.
func (d *division) findLoop(p *plan, late int) {
	up, down := make([]bool, late), make([]bool, late)
	for i, n := range p.nodes[late:] {
		for read := range upstream(n) {
			if j := read.Place(); j < late {
				up[j] = true
			}
		}
		for _, reader := range p.next[late+i] {
			if reader < late {
				down[reader] = true
			}
		}
	}
	d.rise(up)
	d.sink(down)
	for i := range late {
		up[i] = up[i] || down[i]
	}
	copy(down, up)
	d.rise(up)
	d.sink(down)
	d.loop = make([]bool, late)
	for i := range late {
		d.loop[i] = up[i] && down[i]
	}
	d.appendIf(func(i int) bool { return up[i] && !down[i] })
	d.appendIf(func(i int) bool { return d.loop[i] })
	d.appendIf(func(i int) bool { return !up[i] })
}

// rise adds to a set of nodes all that they read.
func (d *division) rise(set []bool) {
	for i, in := range slices.Backward(set) {
		for _, j := range d.prev[i] {
			set[j] = set[j] || in
		}
	}
}

// sink adds to a set of nodes all that read them.
func (d *division) sink(set []bool) {
	for i := range set {
		set[i] = set[i] || slices.ContainsFunc(d.prev[i], func(j int) bool { return set[j] })
	}
}

// appendIf puts those nodes into the order.
func (d *division) appendIf(is func(i int) bool) {
	for i := range d.loop {
		if is(i) {
			d.order = append(d.order, i)
		}
	}
}
