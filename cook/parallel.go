package cook

import (
	"slices"
	"time"
)

// Bounds of the cost from which a branch is worth a worker, if Config.Grain does not say it.
const (
	minGrain    = 150 * time.Microsecond
	maxGrain    = 10 * time.Millisecond
	delayFactor = 25 // of the time that it takes to wake a worker
)

// divideEvery is how often a plan is divided anew, since its nodes come to cost more or less.
const divideEvery = time.Second

// dearFrames is how many frames must have been dear before a plan is divided: all nodes cook in the first one.
const dearFrames = 4

// parallel is how an engine cooks branches at the same time.
type parallel struct {
	workers  int           // with the goroutine that owns the engine
	grain    time.Duration // from which a branch is worth a worker
	dearest  time.Duration // what the nodes of a frame took at most, lately
	dear     int           // frames in which they took as long as two branches that are worth a worker each
	crew     *crew
	division *division
	plan     *plan         // that the division is of
	next     time.Duration // when it is made anew
	trial    trial
	held     held
}

// branchesToCook returns the branches of this frame if cooking some of them at the same time pays, else none.
func (e *Engine) branchesToCook() branchSet {
	p := &e.parallel
	if p.workers < 2 || p.dearest < 2*p.grain || p.dear < dearFrames && e.config.Grain == 0 {
		return 0
	}
	if p.plan != e.plan || e.now() >= p.next {
		e.divide()
	}
	active := p.division.activeFor(&e.dirty)
	if !p.division.pays(active) || e.config.Grain == 0 && !p.trial.choose() {
		return 0
	}
	return active
}

// divide divides the plan by what its nodes cost now. It takes at most a hundredth of the time.
func (e *Engine) divide() {
	p, start := &e.parallel, e.now()
	if p.plan != e.plan {
		p.plan, p.division = e.plan, newDivision(e.plan)
	}
	if e.config.Grain == 0 && p.crew != nil {
		p.grain = min(max(minGrain, delayFactor*p.crew.usualDelay()), maxGrain)
	}
	p.division.divide(p.grain, func(i int) time.Duration { return e.plan.nodes[i].Cost() })
	end := e.now()
	p.next = end + max(divideEvery, 100*(end-start))
}

// cookBranches cooks those branches, and then follows what their nodes did as if they had cooked one after the
// other.
func (e *Engine) cookBranches(active branchSet) {
	p := &e.parallel
	if p.crew == nil {
		p.crew = newCrew(p.workers-1, e.cookBranch)
	}
	e.deal()
	p.held.begin()
	p.crew.cookAll(p.division, active)
	total := time.Duration(0)
	for b := range active.all() {
		total += e.gather(&p.division.branches[b])
	}
	e.noteCost(total)
	slices.Sort(e.cooked)
	p.held.end(e)
}

// deal gives the branches what is dirty. What lags stays, until they have cooked.
func (e *Engine) deal() {
	d := e.parallel.division
	for i := e.dirty.pop(0); i >= 0; i = e.dirty.pop(i) {
		if d.of[i] == lags {
			d.late = append(d.late, i)
		} else {
			d.branches[d.of[i]].dirty.add(d.place[i])
		}
	}
	for _, i := range d.late {
		e.dirty.add(i)
	}
	d.late = d.late[:0]
}

// cookBranch cooks what is dirty in a branch. Several goroutines may be doing that for one each.
func (e *Engine) cookBranch(b int) {
	d := e.parallel.division
	br := &d.branches[b]
	start := e.now()
	last := start
	for at := br.dirty.pop(0); at >= 0; at = br.dirty.pop(at) {
		i := br.nodes[at]
		wake, changed, cooked := e.cookNode(i, b+1)
		if !cooked {
			continue
		}
		br.cooked, br.wakes = append(br.cooked, i), append(br.wakes, wake)
		if changed {
			e.spreadFrom(b, i)
		}
		now := e.now()
		e.plan.nodes[i].Took(now - last)
		last = now
	}
	e.cooking.done(b + 1)
	br.took = last - start
}

// spreadFrom marks who reads node i, of branch b, dirty.
func (e *Engine) spreadFrom(b, i int) {
	d := e.parallel.division
	br := &d.branches[b]
	e.trace.changed(i)
	for _, reader := range e.plan.next[i] {
		switch {
		case !e.plan.wanted[reader]:
		case d.of[reader] == b:
			br.dirty.add(d.place[reader])
		default:
			br.marked = append(br.marked, reader)
		}
	}
}

// gather takes over what a branch did, and returns how long that took.
func (e *Engine) gather(br *branch) time.Duration {
	for k, i := range br.cooked {
		e.wakes.set(i, br.wakes[k])
	}
	e.cooked = append(e.cooked, br.cooked...)
	for _, i := range br.marked {
		e.dirty.add(i)
	}
	br.cooked, br.wakes, br.marked = br.cooked[:0], br.wakes[:0], br.marked[:0]
	return br.took
}

// end ends the workers. They are started anew when there is something for them to do.
func (p *parallel) end() {
	if p.crew != nil {
		p.crew.end()
		p.crew = nil
	}
}

// noteCost keeps what the nodes of a frame took.
func (e *Engine) noteCost(took time.Duration) {
	p := &e.parallel
	p.dearest = max(took, p.dearest-p.dearest/64, 2)
	if took >= 2*p.grain {
		p.dear++
	}
}
