package cook

import (
	"time"

	"linecook.dev/linecook/graph"
)

// A Cause is why a node has cooked.
type Cause uint8

// The causes of a cook.
const (
	CauseInput  Cause = iota // what it reads has changed
	CauseInbox               // something has arrived at its sockets
	CauseAsked               // something other than its inputs has changed for it, as a file
	CauseWake                // its time had come
	CauseRetry               // its cook before had failed
	CauseTimed               // it looks at every frame, or a parameter of it is computed from the time
	CauseEdit                // the graph, or its operator, is new
	CauseDemand              // it was not wanted before
)

var causeNames = [...]string{"input", "inbox", "asked", "wake", "retry", "parameter", "edit", "demand"}

// String returns the cause in a word: "inbox".
func (c Cause) String() string { return causeNames[c] }

// A TracedFrame is what a frame did.
type TracedFrame struct {
	graph.Moment
	Took  time.Duration
	Late  time.Duration // how long after its time it began
	Cooks []TracedCook  // in plan order; valid until the function returns that is told of them
}

// A TracedCook is one node's.
type TracedCook struct {
	Node  int           // in the plan: see [Peek]
	Start time.Duration // since the frame began
	Took  time.Duration
	Cause Cause
	Input int // of CauseInput: which node, or -1 if it lags
}

// SetTrace has f told of every frame in which nodes cook, at its end, until it is set to nil. f must not wait, nor
// call the engine. While frames are traced each node is timed by itself, which costs some 100 ns a cook. It
// waits as Peek does.
func (e *Engine) SetTrace(f func(TracedFrame)) {
	e.Peek(func(Peek) {
		e.trace = nil
		if f != nil {
			e.trace = &trace{told: f}
			e.trace.fit(e.plan)
		}
	})
}

// A trace is what is known of the frame that is being cooked. A nil trace does nothing. What it has of a node
// is written by the goroutine that cooks that node.
type trace struct {
	told    func(TracedFrame)
	plan    *plan
	nodes   []tracedNode
	cooks   []TracedCook
	frame   int64
	started time.Duration
	late    time.Duration
}

type tracedNode struct {
	reads   []int
	cause   Cause
	marked  int64 // the frame in which cause was set
	changed int64 // the frame in which its table changed last
	started time.Duration
}

// fit follows a plan that is new.
func (t *trace) fit(p *plan) {
	if t == nil || t.plan == p {
		return
	}
	t.plan, t.nodes = p, make([]tracedNode, len(p.nodes))
	for i, readers := range p.next {
		for _, reader := range readers {
			t.nodes[reader].reads = append(t.nodes[reader].reads, i)
		}
	}
}

func (t *trace) begin(frame int64, now, late time.Duration) {
	if t != nil {
		t.frame, t.started, t.late = frame, now, late
	}
}

// mark notes why node i is going to cook. The first cause counts.
func (t *trace) mark(i int, why Cause) {
	if t != nil && t.nodes[i].marked != t.frame {
		t.nodes[i].cause, t.nodes[i].marked = why, t.frame
	}
}

func (t *trace) changed(i int) {
	if t != nil {
		t.nodes[i].changed = t.frame
	}
}

// start notes that node i begins to cook.
func (t *trace) start(e *Engine, i int) {
	if t != nil {
		t.nodes[i].started = e.now()
	}
}

// end tells of the frame.
func (t *trace) end(e *Engine) {
	if t == nil || len(e.cooked) == 0 {
		return
	}
	t.cooks = t.cooks[:0]
	for _, i := range e.cooked {
		c := TracedCook{Node: i, Start: t.nodes[i].started - t.started, Took: e.plan.nodes[i].Tally().Last}
		c.Cause, c.Input = t.why(i)
		t.cooks = append(t.cooks, c)
	}
	t.told(TracedFrame{Moment: e.moment(), Took: e.now() - t.started, Late: t.late, Cooks: t.cooks})
}

func (t *trace) why(i int) (Cause, int) {
	n := &t.nodes[i]
	if n.marked == t.frame {
		return n.cause, 0
	}
	for _, up := range n.reads {
		if t.nodes[up].changed == t.frame {
			return CauseInput, up
		}
	}
	return CauseInput, -1
}

// lateness returns how long after its time a frame begins now.
func (e *Engine) lateness(at, now time.Duration) time.Duration {
	if e.config.Mode == ArrivalMode || !e.running {
		return 0
	}
	return max(0, now-at)
}
