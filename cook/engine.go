package cook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"

	"linecook.dev/linecook/graph"
)

// A Mode says when frames begin.
type Mode uint8

// The modes of an engine.
const (
	FrameMode   Mode = iota // at a steady rate
	ArrivalMode             // as soon as something has arrived
)

// Defaults and limits of a Config.
const (
	DefaultFPS = 60
	MinFPS     = 0.001
	MaxFPS     = 1000
)

// retryStart is how long after a failed start of a node the next one is tried (reliability R18).
const retryStart = 5 * time.Second

// retryStopping is the same while what the node had open before is still being closed.
const retryStopping = 50 * time.Millisecond

// Config tunes an Engine. The zero Config is ready to use.
type Config struct {
	Mode   Mode
	FPS    float64      // frames a second, MinFPS to MaxFPS; 0 means DefaultFPS. Sets the step of frames by hand too
	Frames int64        // Run ends after this frame; 0 means never
	Logger *slog.Logger // nil discards

	// Workers is how many goroutines cook independent branches of the graph at the same time; 0 means as many
	// as the Go scheduler has processors, 1 cooks one node after the other. All else is the same for any number:
	// tables, what is sent, the order of errors and of the log. Branches are given to workers only if at
	// least two of them are expected to take Grain; 0 means as measured, from 150 us to 10 ms, and only while
	// that turns out to be faster.
	Workers int
	Grain   time.Duration

	// Offline engines open no sockets and no files. What nodes would receive is put into their inboxes.
	Offline bool

	// Cut is told what each cut took; see [graph.Env]. Cooked is told, at the end of each frame in which
	// something was cut or cooked, which nodes cooked, in plan order.
	Cut    func(n *graph.Node, at graph.Moment, events, refused []graph.Event)
	Cooked func(at graph.Moment, nodes iter.Seq[*graph.Node])

	// Sent is told what nodes send, and Failed each of their failures; see [graph.Env].
	Sent   func(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte)
	Failed func(n *graph.Node, kind graph.FaultKind, err error)

	// Saw is told what cooks saw of the outside, and Recall knows it when a recording is cooked; see [graph.Env].
	Saw    func(n *graph.Node, at graph.Moment, key, value string)
	Recall func(n *graph.Node, at graph.Moment, key string) (value string, known bool)

	// Wants reports whether a node is wanted that nothing in the graph wants, as if it were observed, for who
	// cooks a recording; nil wants none. It is asked when the plan is made: before the first frame, and after
	// what [Engine.AtCut] does.
	Wants func(n *graph.Node) bool

	// Changed is told what edits and pulses have done, in order, and from which frame on that is seen: before
	// anything of that frame is. It is called by the goroutine that cooks, and must not wait.
	Changed func(at graph.Moment, c graph.Change)
}

// An Engine cooks a graph. It owns the graph from New until Close; use [Engine.Edit] and
// [Engine.Do] to reach it.
//
// Run it with [Engine.Run], or by hand: [Engine.Start], then [Engine.Step] as often as wanted, then
// [Engine.Close].
type Engine struct {
	g      *graph.Graph
	config Config
	bell   *bell

	plan     *plan
	dirty    dirtySet
	wakes    wakes
	parallel parallel
	watchers []*watcher
	watched  map[*graph.Node]bool // those of them that Changed was told of
	tap      *Tap                 // nil if there is none
	trace    *trace               // the same
	cooked   []int                // of this frame

	postponed    []*graph.Node // not cut, since they are in quarantine
	settled      []*graph.Node // cut by an edit of this frame
	settling     time.Duration // how long cooking what had arrived has taken, of an edit
	failed       []*graph.Node // since lookers looked last, each once or more
	failedBefore []*graph.Node // memory for the next
	lagging      []*graph.Node // to be cooked in the next frame, since something that lags has changed
	stats        Stats

	frame     int64
	inFrame   bool
	time      time.Duration                 // of the frame
	epoch     time.Time                     // when frame 1 began; real time is read as the time since
	unstarted int                           // nodes that want to be open and are not
	nextTry   time.Duration                 // when one of them is tried again
	nextLook  time.Duration                 // when losses are logged again
	lossy     []*graph.Node                 // those that can lose messages
	held      map[*graph.Node]time.Duration // those that crashed, until when they stay closed
	ready     chan struct{}
	isReady   bool
	ctx       context.Context // of what the nodes open

	cooking cooking // for who asks why nothing goes on

	life    sync.Mutex // guards running, and everything while it is false
	running bool       // Run cooks: calls go by the bell
	started bool
	ending  bool // nothing is opened any more
	closing sync.WaitGroup
	closes  int // how many of these have not been seen to end
}

// New returns an Engine for g.
func New(g *graph.Graph, config Config) (*Engine, error) {
	if config.FPS == 0 {
		config.FPS = DefaultFPS
	}
	if !(config.FPS >= MinFPS && config.FPS <= MaxFPS) {
		return nil, fmt.Errorf("fps %v is not from %v to %v", config.FPS, MinFPS, MaxFPS)
	}
	if config.Workers < 0 || config.Grain < 0 {
		return nil, fmt.Errorf("workers %d, grain %v: neither can be less than 0", config.Workers, config.Grain)
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		g: g, config: config, bell: newBell(), ready: make(chan struct{}), epoch: time.Now(), plan: &plan{},
		held: map[*graph.Node]time.Duration{}, nextTry: graph.Never,
	}
	e.parallel.workers = cmp.Or(config.Workers, runtime.GOMAXPROCS(0))
	e.parallel.grain = cmp.Or(config.Grain, delayFactor*firstDelay)
	return e, nil
}

// Ready is closed once every node that opens something has it open.
func (e *Engine) Ready() <-chan struct{} { return e.ready }

// Start opens what the nodes need. A node that fails shows its error and is tried again every five
// seconds; the others go on. The end of ctx does not close them: Close does. An engine that was
// closed can be started again; its frames count on.
func (e *Engine) Start(ctx context.Context) {
	e.life.Lock()
	defer e.life.Unlock()
	e.open(ctx)
}

func (e *Engine) open(ctx context.Context) {
	e.ctx, e.epoch, e.started, e.ending, e.closes = context.WithoutCancel(ctx), time.Now(), true, false, 0
	e.replan()
}

// replan follows an edit of the graph: it opens what is new and closes what is gone.
func (e *Engine) replan() {
	old, oldWakes, oldDirty := e.plan, e.wakes, e.dirty
	observed := e.observed()
	e.tellWatched(observed)
	e.plan = newPlan(e.g, observed)
	e.dirty, e.wakes = newDirtySet(len(e.plan.nodes)), newWakes(len(e.plan.nodes))
	e.trace.fit(e.plan)
	for _, n := range old.nodes {
		switch stays := e.plan.has(n); {
		case !stays:
			n.End(e.moment())
			e.stop(n, func() { e.lastCook(n) })
			delete(e.held, n)
		case !n.Active():
			e.stop(n, nil)
			delete(e.held, n)
		}
	}
	anew := make([]bool, len(e.plan.nodes))
	for _, n := range e.retire() {
		anew[n.Place()] = true
	}
	places := make([]int, len(e.plan.nodes)) // in the old plan, from 1
	for i, n := range old.nodes {
		if at, stays := e.plan.place(n); stays {
			places[at] = i + 1
		}
	}
	for i, n := range e.plan.nodes {
		before, known := places[i]-1, places[i] > 0
		if !known {
			cut, sent := e.ears(n)
			n.Attach(graph.Env{
				Logger: e.parallel.held.logger(n, e.config.Logger), Wake: e.bell.arrive, Offline: e.config.Offline, Cut: cut,
				Sent: sent, Failed: e.failing, Saw: e.config.Saw, Recall: e.config.Recall,
			})
		} else {
			e.wakes.set(i, oldWakes.get(before))
		}
		switch {
		case !e.plan.wanted[i]:
			n.Forget()
		case !known || anew[i]:
			e.dirty.add(i)
			e.trace.mark(i, CauseEdit)
		case !old.wanted[before]:
			e.dirty.add(i)
			e.trace.mark(i, CauseDemand)
		case oldDirty.has(before) || n.Stale():
			e.dirty.add(i)
		}
	}
	for _, w := range e.watchers {
		w.follow()
	}
	e.startNodes()
}

// refit follows an edit that has given nodes other operators, and nothing else.
func (e *Engine) refit() {
	opens := false
	for _, n := range e.retire() {
		e.want(n)
		if i, planned := e.plan.place(n); planned && e.plan.wanted[i] {
			e.trace.mark(i, CauseEdit)
		}
		opens = opens || !n.Started()
	}
	e.plan.look()
	if opens {
		e.startNodes()
	}
}

// retire closes what operators had open that have been replaced, and returns the nodes that have others.
func (e *Engine) retire() (replaced []*graph.Node) {
	for _, n := range e.plan.nodes {
		if !n.Replaced() {
			continue
		}
		replaced = append(replaced, n)
		delete(e.held, n)
		if wait := n.Retire(e.moment()); wait != nil {
			e.closeLater(wait, func() { e.want(n) })
		}
	}
	return replaced
}

// want has n cooked in this frame.
func (e *Engine) want(n *graph.Node) {
	if i, planned := e.plan.place(n); planned && e.plan.wanted[i] {
		e.dirty.add(i)
		e.trace.mark(i, CauseEdit)
	}
}

// startNodes opens what is not open yet and may be.
func (e *Engine) startNodes() {
	e.unstarted, e.nextTry = 0, graph.Never
	if e.ending {
		return
	}
	for _, n := range e.plan.nodes {
		if held, ok := e.held[n]; ok && e.time < held {
			e.unstarted++
			e.nextTry = min(e.nextTry, held)
			continue
		}
		delete(e.held, n)
		if retry, err := e.startNode(n); err != nil {
			e.unstarted++
			e.nextTry = min(e.nextTry, e.time+retry)
		}
	}
	e.lossy = slices.DeleteFunc(slices.Clone(e.plan.nodes), func(n *graph.Node) bool { return !n.Lossy() })
	if e.unstarted == 0 && !e.isReady {
		e.isReady = true
		close(e.ready)
		e.config.Logger.Info("ready", "nodes", len(e.plan.nodes))
	}
}

// startNode opens what n needs. Once that has failed it is tried again after a while. While others close,
// they may have what it needs: so that is no failure yet.
func (e *Engine) startNode(n *graph.Node) (retry time.Duration, err error) {
	if e.closes > 0 {
		return retryStopping, n.TryStart(e.ctx)
	}
	if err = n.Start(e.ctx, e.moment()); errors.Is(err, graph.ErrStopping) {
		return retryStopping, err
	}
	return retryStart, err
}

// restart closes a node one of whose goroutines panicked, and has it opened again at that time.
func (e *Engine) restart(n *graph.Node, at time.Duration) {
	e.stop(n, nil)
	e.held[n] = at
	e.unstarted++
	e.nextTry = min(e.nextTry, at)
}

// stop closes what n has open, in the background; then, between two frames, it calls after, if that
// is not nil.
func (e *Engine) stop(n *graph.Node, after func()) {
	opened := n.Started()
	if wait := n.Stop(); opened || after != nil {
		e.closeLater(wait, after)
	}
}

// closeLater closes something in the background. What could not be opened meanwhile is opened then. Offline there
// is nothing to wait for: so what is cooked when does not depend on it.
func (e *Engine) closeLater(wait func() error, after func()) {
	e.closes++
	tell := !e.ending || after != nil
	background := e.closing.Go
	if e.config.Offline {
		background = func(f func()) { f() }
	}
	background(func() {
		if err := wait(); err != nil {
			e.config.Logger.Error("close", "err", err)
		}
		if !tell {
			return
		}
		e.bell.call(func() {
			if e.closes--; after != nil {
				after()
			}
			if e.unstarted > 0 {
				e.startNodes()
			}
		})
	})
}

// lastCook gives a node that was removed the ends of its connections. Nobody is told of these cuts: the node's path
// may be another one's by now.
func (e *Engine) lastCook(n *graph.Node) {
	_, sent := e.ears(n)
	n.Tap(nil, sent)
	for more := n.Inbox() != nil; more; {
		more, _ = n.Cut(e.moment())
		_, _, _ = n.Run(e.frame, e.time) // the error is shown on the node
		n.Flush(e.moment())
	}
}

func (e *Engine) now() time.Duration { return time.Since(e.epoch) }

func (e *Engine) moment() graph.Moment { return graph.Moment{Frame: e.frame, Time: e.time} }
