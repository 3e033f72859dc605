package cook

import (
	"iter"
	"math/bits"
	"time"
)

// maxBranches is how many branches a plan is divided into at most: as many as a branchSet has room for.
const maxBranches = 64

// A branchSet is a set of branches, a bit each.
type branchSet uint64

func only(b int) branchSet { return 1 << b }

// all walks the set in ascending order.
func (s branchSet) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for ; s != 0; s &= s - 1 {
			if !yield(bits.TrailingZeros64(uint64(s))) {
				return
			}
		}
	}
}

// A branch is nodes that cook one after the other, in the order of the plan, while other branches may cook.
type branch struct {
	nodes  []int     // of the plan
	before branchSet // that it reads, directly or not
	after  branchSet // that read it, directly or not
	cost   time.Duration
	mixed  bool // it has room for more that is cheap

	// In a frame it belongs to one worker.
	dirty  dirtySet        // of places in nodes
	cooked []int           // nodes of the plan
	wakes  []time.Duration // when each of them cooks if nothing else makes it cook before
	marked []int           // nodes in other branches, which read one that has changed
	took   time.Duration
}

// follows reports whether nothing new has to cook before b if a node that reads those branches is put into it.
func (d *division) follows(b int, reads branchSet) bool {
	return reads&^(only(b)|d.branches[b].before) == 0
}

// begin makes a branch of a node that reads those branches.
func (d *division) begin(reads branchSet) (b int) {
	b = len(d.branches)
	d.branches = d.branches[:b+1]
	br := &d.branches[b]
	br.nodes, br.before, br.after, br.cost, br.mixed = br.nodes[:0], 0, 0, 0, false
	d.wait(b, reads)
	return b
}

// wait has branch b, which no other has to wait for, cook after those.
func (d *division) wait(b int, reads branchSet) {
	before := reads &^ only(b)
	for r := range before.all() {
		before |= d.branches[r].before
	}
	for r := range before.all() {
		d.branches[r].after |= only(b)
	}
	d.branches[b].before |= before
}
