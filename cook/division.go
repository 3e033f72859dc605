package cook

import (
	"slices"
	"time"
)

// A division is the nodes of a plan in branches, but for those that lag. The costs of nodes, which it depends
// on, decide only where a node cooks, and not what becomes of it.
type division struct {
	branches []branch
	of       []int // which branch each node is in; lags for one that lags
	place    []int // and its place among the branch's nodes
	heavy    branchSet
	late     []int // those that lag and are dirty
	looping  int   // the branch of the nodes of loop; -1 for none yet

	prev  [][]int // what each node reads
	loop  []bool  // see findLoop
	order []int   // nodes, each behind what it reads
	above []int   // the nearest node that all ways to a node go through, -1 for none
	cost  []time.Duration
	below []time.Duration // cost of all that a node is above, and its own; behind index 0, which is that of all
	forks []bool          // the same: what the node is above is in branches of its own
}

const lags = -1

func newDivision(p *plan) *division {
	n := len(p.nodes)
	d := &division{
		branches: make([]branch, 0, maxBranches), of: make([]int, n), place: make([]int, n), prev: make([][]int, n),
		above: make([]int, n), cost: make([]time.Duration, n), below: make([]time.Duration, n+1), forks: make([]bool, n+1),
	}
	late := n
	for i, node := range p.nodes {
		if node.Lags() {
			d.of[i] = lags
			late = min(late, i)
			continue
		}
		for _, reader := range p.next[i] {
			d.prev[reader] = append(d.prev[reader], i)
		}
	}
	d.findLoop(p, late)
	for _, i := range d.order {
		d.above[i] = d.meet(i)
	}
	return d
}

// meet returns the nearest node that all ways to node i go through, or -1.
func (d *division) meet(i int) int {
	if len(d.prev[i]) == 0 {
		return -1
	}
	a := d.prev[i][0]
	for _, b := range d.prev[i][1:] {
		for a != b {
			if a > b {
				a = d.above[a]
			} else {
				b = d.above[b]
			}
		}
	}
	return a
}

// divide makes the branches. One that costs grain is worth a worker; what costs less shares one.
func (d *division) divide(grain time.Duration, cost func(i int) time.Duration) {
	d.branches, d.heavy, d.looping = d.branches[:0], 0, -1
	d.weigh(grain, cost)
	for _, i := range d.order {
		b := d.branchFor(i, grain)
		d.of[i] = b
		d.branches[b].nodes = append(d.branches[b].nodes, i)
		d.branches[b].cost += d.cost[i]
	}
	for b := range d.branches {
		br := &d.branches[b]
		slices.Sort(br.nodes)
		for place, i := range br.nodes {
			d.place[i] = place
		}
		br.dirty.resize(len(br.nodes))
		if br.cost >= grain {
			d.heavy |= only(b)
		}
	}
}

// weigh sums the costs up, and finds where the plan forks: where at least two branches would cost grain, taken
// together as it may be.
func (d *division) weigh(grain time.Duration, cost func(i int) time.Duration) {
	clear(d.below)
	clear(d.forks)
	for _, i := range slices.Backward(d.order) {
		d.cost[i] = max(cost(i), 1)
		d.below[i+1] += d.cost[i]
		d.below[d.above[i]+1] += d.below[i+1]
	}
	for _, i := range d.order {
		all, one := d.below[d.above[i]+1], d.below[i+1]
		if a := d.above[i]; a >= 0 {
			all -= d.cost[a]
		}
		d.forks[d.above[i]+1] = d.forks[d.above[i]+1] || one < all && all >= 2*grain
	}
}

// branchFor returns the branch for node i: one behind which it may cook, so that no branch has to wait for
// one that it did not wait for before; or a new one. The last branch that there is room for takes all that is left.
func (d *division) branchFor(i int, grain time.Duration) int {
	var reads branchSet
	for _, j := range d.prev[i] {
		reads |= only(d.of[j])
	}
	above, forks, last := d.above[i], d.forks[d.above[i]+1], len(d.branches) >= maxBranches-1
	switch {
	case d.loop[i]:
		return d.loopFor(reads)
	case above >= 0 && !forks && d.follows(d.of[above], reads):
		return d.of[above]
	case forks && d.below[i+1] >= grain && !last:
		return d.begin(reads)
	}
	for b := range d.branches {
		if br := &d.branches[b]; br.mixed && (br.cost < grain || last) && d.follows(b, reads) {
			return b
		}
	}
	return d.beginMixed(reads)
}

// beginMixed begins a branch that takes more. If it is the last one that there is room for it comes behind
// all others, so that it can take anything.
func (d *division) beginMixed(reads branchSet) (b int) {
	b = d.begin(reads)
	if d.branches[b].mixed = true; b == maxBranches-1 {
		d.wait(b, only(b)-1)
	}
	return b
}

// loopFor returns the branch of the nodes of loop, which comes to read those branches.
func (d *division) loopFor(reads branchSet) int {
	if d.looping < 0 {
		switch len(d.branches) {
		case maxBranches:
			d.looping = maxBranches - 1
		case maxBranches - 1:
			d.looping = d.beginMixed(0)
		default:
			d.looping = d.begin(0)
		}
	}
	d.wait(d.looping, reads)
	return d.looping
}

// pays reports whether two of those branches may cook at the same time, and are worth it.
func (d *division) pays(active branchSet) bool {
	heavy := d.heavy & active
	for b := range heavy.all() {
		if heavy&^(d.branches[b].before|d.branches[b].after|only(b)) != 0 {
			return true
		}
	}
	return false
}

// activeFor returns the branches that may have something to cook if those nodes are dirty.
func (d *division) activeFor(dirty *dirtySet) (active branchSet) {
	for i := range dirty.all() {
		if b := d.of[i]; b != lags {
			active |= only(b) | d.branches[b].after
		}
	}
	return active
}
