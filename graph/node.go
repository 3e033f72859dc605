package graph

import (
	"iter"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph/table"
)

// A Node is one operator placed in a graph under a name. It belongs to whoever owns the graph: while
// an engine runs, its errors and statistics too are read between two frames. Any goroutine may use its
// identity, [Node.Touch], [Node.Recover], [Node.Inbox], [Node.Counter], [Node.Counts], [Node.Lost], [Node.Logger] and
// [Node.Snapshot].
type Node struct {
	path  Path
	place int
	role

	inputs []*Node
	aimed  bool    // the first input is the operator's target
	refs   []*Node // nodes it reads without a wire, in the order of Referrer.Refs
	bypass bool
	active bool

	table   *table.Table
	shown   atomic.Pointer[table.Table] // the node's output: its own table, or that of an input
	writer  *table.Writer
	cursors []*table.Cursor // one for each input
	own     *table.Cursor   // on its own table, if it has an inbox
	inbox   *Inbox          // nil unless the operator decodes
	outbox  Outbox

	faults   [faultKinds]Fault
	recent   failures
	stats    Stats
	counters counters
	cook     Cook
	feed     func(*table.Writer) // cooks in the operator's place
	asked    bool                // somebody asks for a cook, not only a change of what a parameter is computed from
	env      atomic.Pointer[Env]
	started  bool
	replaced bool        // the operator is another one than when the engine asked last
	retired  []retiree   // operators before it
	touched  atomic.Bool // a cook was asked for
	crash    atomic.Pointer[PanicError]
	trouble  atomic.Pointer[trouble]
	crashes  crashes
	stopping atomic.Bool
	panicked bool
	cost     time.Duration
	faulty   bool   // rows have failed, and no good cook has come since
	failures int    // cooks since the last good one
	version  uint64 // of its table, when last asked
}

// Env is what an engine gives its nodes.
type Env struct {
	Logger *slog.Logger // nil discards
	Wake   func(*Node)  // called from any goroutine when something has arrived for a node; nil does nothing

	// Offline nodes open nothing: instead of its Start, an operator's StartOffline is called, if it
	// has one ([OfflineStarter]).
	Offline bool

	// Cut is told what each cut took at a node that has an inbox, in order of arrival and with the bytes
	// of all messages; nil is not. refused are the messages that could not be decoded, the first thousand
	// of 64 KiB at most. It must keep neither.
	Cut func(n *Node, at Moment, events, refused []Event)

	// Sent is told what a node sends, just before the sink gets it; nil is not. It must not keep payload.
	Sent func(n *Node, to Sink, verb Verb, payload []byte)

	// Failed is told each failure of a node, by the goroutine that cooks; nil is not. Failures that a
	// goroutine of the network counted are told together, with the newest one's error.
	Failed func(n *Node, kind FaultKind, err error)

	// Saw is told what cooks say that they saw of the outside ([Cook.Saw]), and Recall knows it when a recording
	// is cooked; both may be nil. Nodes that cook at the same time call them at the same time.
	Saw    func(n *Node, at Moment, key, value string)
	Recall func(n *Node, at Moment, key string) (value string, known bool)
}

func (e Env) complete() Env {
	if e.Logger == nil {
		e.Logger = slog.New(slog.DiscardHandler)
	}
	if e.Wake == nil {
		e.Wake = func(*Node) {}
	}
	if e.Sent == nil {
		e.Sent = func(*Node, Sink, Verb, []byte) {}
	}
	if e.Failed == nil {
		e.Failed = func(*Node, FaultKind, error) {}
	}
	return e
}

// unknownCost is what a cook of a node is taken to cost before it has cooked.
const unknownCost = 10 * time.Microsecond

func newNode(path Path, r role) *Node {
	n := &Node{path: path, role: r, active: true, cost: unknownCost}
	n.env.Store(new(Env{}.complete()))
	n.cook.n = n
	n.table, n.writer = table.New(r.limits), table.NewWriter()
	n.shown.Store(n.table)
	if d, ok := n.op.(Decoder); ok {
		n.inbox = newInbox(n.writer, d, r.listens)
		n.own = n.table.Reader()
	}
	return n
}

// ID returns the node's identity, which is that of its path: the same in every run.
func (n *Node) ID() uuid.UUID { return n.path.ID() }

// Name returns the node's name, the last part of its path.
func (n *Node) Name() string { return n.path.Name() }

// Path returns where the node is in its graph.
func (n *Node) Path() Path { return n.path }

// String returns the node's path.
func (n *Node) String() string { return string(n.path) }

// Operator returns what the node does.
func (n *Node) Operator() Operator { return n.op }

// Type returns the declaration of the node's operator.
func (n *Node) Type() *OpType { return n.typ }

// Place returns where its engine cooks the node among the others, as SetPlace has set it. It is for engines.
func (n *Node) Place() int { return n.place }

// SetPlace sets what Place returns.
func (n *Node) SetPlace(place int) { n.place = place }

// wired returns the inputs that an edit has wired.
func (n *Node) wired() []*Node {
	if n.aimed {
		return n.inputs[1:]
	}
	return n.inputs
}

// Inputs returns the nodes wired to this one, in order, behind the one that its operator names.
func (n *Node) Inputs() []*Node { return slices.Clone(n.inputs) }

// Refs returns the nodes that this one reads without a wire.
func (n *Node) Refs() []*Node { return slices.Clone(n.refs) }

// Reads walks the nodes whose tables this one reads: its inputs, then the others.
func (n *Node) Reads() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for _, list := range [...][]*Node{n.inputs, n.refs} {
			for _, in := range list {
				if !yield(in) {
					return
				}
			}
		}
	}
}

// Bypassed reports whether the node's first input passes through it.
func (n *Node) Bypassed() bool { return n.bypass }

// Active reports whether the node works at all: an inactive one has its sockets closed and does
// not cook, but for the ends of their connections.
func (n *Node) Active() bool { return n.active }

// IsEffect reports whether the node is wanted for what it does.
func (n *Node) IsEffect() bool {
	return n.effect != nil && n.effect.Effect() && n.active && !n.bypass
}

// Lags reports whether the node's table is read as it was at the end of the last frame.
func (n *Node) Lags() bool { return n.lags(n.bypass) }

// Table returns the node's output. A bypassed node's, and a [Passer]'s, is that of its input.
func (n *Node) Table() *table.Table { return n.shown.Load() }

// passes returns which input's table is the node's, or -1.
func (n *Node) passes() int { return n.passing(n.bypass, len(n.inputs)) }

// Snapshot returns the node's table as [table.Table.Snapshot] published it last, or nil. It takes no
// lock.
func (n *Node) Snapshot() *table.Snapshot { return n.Table().Latest() }

// Inbox returns where network goroutines put what arrives; nil unless the operator is a [Decoder].
func (n *Node) Inbox() *Inbox { return n.inbox }

// Touch asks for the node to be cooked in the next frame, if it is wanted; before an engine has the
// node, in that engine's first frame. Any goroutine may call it: an operator that got something new by another way than an inbox, or whoever gave it that.
func (n *Node) Touch() {
	if !n.touched.Swap(true) {
		n.wake()
	}
}

func (n *Node) wake() { n.env.Load().Wake(n) }

// Recover is to be deferred by every goroutine that an operator starts. A panic there closes the
// node, which is opened again after a while; the other nodes go on.
func (n *Node) Recover() {
	if p := recover(); p != nil {
		n.crash.Store(panicError(p).(*PanicError))
		n.Touch()
	}
}

// Counter returns the node's counter of that name, made if there was none. It shows in
// [Stats.Counters].
func (n *Node) Counter(name string) *Counter { return n.counters.get(name) }

// Logger returns where the node logs; every record carries its path.
func (n *Node) Logger() *slog.Logger { return n.env.Load().Logger }

// Faults returns what the node failed at so far, one Fault for each kind that ever happened.
func (n *Node) Faults() []Fault {
	var out []Fault
	for _, f := range n.faults {
		if f.Count > 0 {
			out = append(out, f)
		}
	}
	return out
}

// Err returns the error of the first kind of fault that is active, as a [NodeError], or nil.
func (n *Node) Err() error {
	for i := range n.faults {
		if f := &n.faults[i]; f.Active {
			return &NodeError{Node: n.path, Op: f.Kind.String(), Err: f.LastError}
		}
	}
	return nil
}

// Failing reports whether a fault of the node is active.
func (n *Node) Failing() bool {
	for i := range n.faults {
		if n.faults[i].Active {
			return true
		}
	}
	return false
}

// Stats returns the node's counters.
func (n *Node) Stats() Stats {
	s := n.Tally()
	if n.inbox != nil {
		s.Inbox = n.inbox.Stats()
	}
	s.Counters = n.Counts()
	return s
}

// Counts returns the counters that the operator keeps itself, by their names.
func (n *Node) Counts() map[string]uint64 { return n.counters.all() }
