package cook

import (
	"slices"
	"sync"
	"time"
)

// A crew cooks the branches of a frame: the goroutine that owns the engine, and workers, which are parked
// whenever there is nothing for them to do.
type crew struct {
	cook func(b int) // one branch

	mu     sync.Mutex
	work   sync.Cond // for workers: there is a branch for them, or the crew ends
	rest   sync.Cond // for the owner: there is a branch for it, or none is left
	d      *division
	active branchSet // of this frame
	taken  branchSet
	done   branchSet
	owner  bool // the owner waits
	ending bool
	wg     sync.WaitGroup

	tried  bool          // a worker was woken
	called time.Time     // when a worker was woken last; zero once one has come
	delay  time.Duration // from waking a worker until it comes, as a moving average
}

// firstDelay is how long it takes to wake a parked worker, until that is measured.
const firstDelay = 10 * time.Microsecond

// newCrew starts workers.
func newCrew(workers int, cook func(b int)) *crew {
	c := &crew{cook: cook, delay: firstDelay}
	c.work.L, c.rest.L = &c.mu, &c.mu
	for range workers {
		c.wg.Go(c.serve)
	}
	return c
}

// end ends the workers.
func (c *crew) end() {
	c.mu.Lock()
	c.ending = true
	c.work.Broadcast()
	c.mu.Unlock()
	c.wg.Wait()
}

// cookAll cooks those branches of d.
func (c *crew) cookAll(d *division, active branchSet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.d, c.active, c.taken, c.done = d, active, 0, 0
	c.wake()
	for c.done != c.active {
		if b, ok := c.next(); ok {
			c.do(b)
			continue
		}
		c.owner = true
		c.rest.Wait()
		c.owner = false
	}
}

func (c *crew) serve() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.ending {
		if b, ok := c.next(); ok {
			c.do(b)
			continue
		}
		c.work.Wait()
		c.arrived()
	}
}

// next returns the first branch that nobody cooks and that has nothing to wait for.
func (c *crew) next() (b int, ok bool) {
	for b := range (c.active &^ c.taken).all() {
		if c.isReady(b) {
			return b, true
		}
	}
	return 0, false
}

func (c *crew) isReady(b int) bool { return c.d.branches[b].before&c.active&^c.done == 0 }

// do cooks a branch.
func (c *crew) do(b int) {
	c.taken |= only(b)
	c.apart(b)
	c.done |= only(b)
	c.handOver(&c.d.branches[b])
	c.wake()
}

// apart cooks a branch without the lock.
func (c *crew) apart(b int) {
	c.mu.Unlock()
	defer c.mu.Lock()
	c.cook(b)
}

// handOver marks what a branch has found dirty in others. What lags is left.
func (c *crew) handOver(br *branch) {
	br.marked = slices.DeleteFunc(br.marked, func(i int) bool {
		of := c.d.of[i]
		if of != lags {
			c.d.branches[of].dirty.add(c.d.place[i])
		}
		return of != lags
	})
}

// wake wakes as many as there are branches to cook now. The caller takes one of them.
func (c *crew) wake() {
	ready := -1
	for b := range (c.active &^ c.taken).all() {
		if c.isReady(b) {
			ready++
		}
	}
	if c.owner && (ready > 0 || c.done == c.active) {
		c.rest.Signal()
		ready--
	}
	for range ready {
		c.called, c.tried = time.Now(), true
		c.work.Signal()
	}
}

// usualDelay returns how long it takes to wake a worker. It is taken to have become less if that was not
// tried since it was called last.
func (c *crew) usualDelay() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.tried {
		c.delay = max(c.delay/2, firstDelay)
	}
	c.tried = false
	return c.delay
}

// arrived notes how long a worker took to come.
func (c *crew) arrived() {
	if !c.called.IsZero() {
		c.delay += (time.Since(c.called) - c.delay) / 8
		c.called = time.Time{}
	}
}
