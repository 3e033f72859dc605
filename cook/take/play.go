package take

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A Remote stands in for the remote end of a recorded peer.
type Remote interface {
	table.Peer
	End(reason error) // is called before the Close event is put
}

// A Player cooks a take again.
type Player struct {
	Engine  *cook.Engine // of the graph; offline, and not started yet
	Graph   *graph.Graph
	NewPeer func(n *graph.Node, p *Peer) Remote
	Own     bool // the graph is of the take's own patch
	Check   bool // compare the hashes of the take; only of use if Own

	// Parted is the frame from which on the graph is not what it was when the take was recorded, since its patch
	// was exchanged then and Swap is nil, or since a program has changed it; 0 if there is none.
	Parted int64

	Language graph.Language                    // of expressions that parameters were set to; may be nil
	Swap     func(d cook.Desk, to *Info) error // makes the take's own graph that of another patch; nil cannot

	sums    sums
	next    int64 // the frame that is going to be cooked
	last    graph.Moment
	nodes   map[graph.Path]*graph.Node
	peers   map[peerKey]Remote
	fed     map[*graph.Node]*fed
	watched map[graph.Path]bool
	failed  error             // of a change
	seen    map[Seen]string   // what the frame's cooks see, by node and key
	known   map[string]string // names of hosts as a cook saw them last, by key
	skipped map[graph.Path]int
}

type peerKey struct {
	owner graph.Path
	Peer
}

// Start starts the engine. The watched nodes were when the take began.
func (p *Player) Start(ctx context.Context, watched ...graph.Path) {
	p.nodes, p.peers, p.skipped = map[graph.Path]*graph.Node{}, map[peerKey]Remote{}, map[graph.Path]int{}
	p.fed, p.seen, p.known = map[*graph.Node]*fed{}, map[Seen]string{}, map[string]string{}
	p.watched = map[graph.Path]bool{}
	for _, path := range watched {
		p.watched[path] = true
	}
	p.feed()
	p.Engine.Start(ctx)
}

// A Difference is the error of a node that did not make what it made when the take was recorded.
type Difference struct {
	Frame int64
	Node  graph.Path
	Sent  bool // what it sent differs, and not its table
}

func (d *Difference) Error() string {
	what := "its table"
	if d.Sent {
		what = "what it sent until then"
	}
	return fmt.Sprintf("frame %d: %s: %s is not what it was when the take was recorded", d.Frame, d.Node, what)
}

// Sent is for the Engine's [cook.Config]: without it what is sent is not compared.
func (p *Player) Sent(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
	if p.sums == nil {
		p.sums = sums{}
	}
	p.sums.add(n, to, verb, payload)
}

// ErrOrder is the error of a frame that does not come after the one before.
var ErrOrder = errors.New("the take's frames are not in order")

// Step gives the nodes what a frame's cut took, and cooks the frame. A [Difference] is an error that does
// not keep the frames behind from being cooked.
func (p *Player) Step(f *Frame) error {
	at := graph.Moment{Frame: f.Number, Time: f.Time}
	switch {
	case at == p.last && len(f.Events) == 0: // only hashes
		return p.compare(f)
	case at.Frame <= p.last.Frame || at.Time < p.last.Time:
		return fmt.Errorf("%w: frame %d at %v comes after frame %d at %v", ErrOrder, at.Frame, at.Time, p.last.Frame, p.last.Time)
	}
	p.next = f.Number
	p.change(f)
	for i := range f.Events {
		if err := p.put(&f.Events[i]); err != nil {
			return fmt.Errorf("frame %d: %s: %w", f.Number, f.Events[i].Node, err)
		}
	}
	p.see(f)
	p.Engine.StepAt(at)
	p.last = at
	if p.failed != nil {
		return fmt.Errorf("frame %d: what was changed then: %w", f.Number, p.failed)
	}
	return p.compare(f)
}

// put gives an event to its node. One that cannot be decoded is shown on the node, as it would be live.
func (p *Player) put(e *Event) error {
	n := p.node(e.Node)
	if e.Kind == Rows {
		return p.putRows(n, e)
	}
	if n == nil || n.Inbox() == nil {
		p.skipped[e.Node]++
		return nil
	}
	ev := e.event()
	ev.Peer = p.peer(n, e, ev.Err)
	if err := n.Inbox().Put(*ev); errors.Is(err, graph.ErrInboxFull) {
		return err
	}
	return nil
}

func (p *Player) node(path graph.Path) *graph.Node {
	n, known := p.nodes[path]
	if !known {
		n = p.Graph.Node(string(path))
		p.nodes[path] = n
	}
	return n
}

// peer returns who an event is from. A connection is a peer from its beginning to its end.
func (p *Player) peer(n *graph.Node, e *Event, reason error) table.Peer {
	if e.Peer == (Peer{}) {
		return nil
	}
	key := peerKey{n.Path(), e.Peer}
	if e.Kind == graph.Connect {
		delete(p.peers, key)
	}
	r := p.remote(n, &e.Peer)
	if e.Kind == graph.Close {
		r.End(reason)
		delete(p.peers, key)
	}
	return r
}

// remote returns the stand-in for a peer of n.
func (p *Player) remote(n *graph.Node, q *Peer) Remote {
	key := peerKey{n.Path(), *q}
	r, known := p.peers[key]
	if !known {
		r = p.NewPeer(n, q)
		p.peers[key] = r
	}
	return r
}

// compare compares the tables with the frame's hashes.
func (p *Player) compare(f *Frame) error {
	if !p.Check {
		return nil
	}
	for _, h := range f.Hashes {
		n := p.node(h.Node)
		switch {
		case n == nil:
		case hashOf(&n.Table().View) != h.Table:
			return &Difference{f.Number, h.Node, false}
		case p.sums != nil && p.sums.of(n) != h.Sent:
			return &Difference{f.Number, h.Node, true}
		}
	}
	return nil
}

// A Skip is events that were given to nobody.
type Skip struct {
	Node   graph.Path // which the graph does not have, or which does not receive
	Events int
}

// Skipped returns what could be given to nobody so far, in order of the nodes.
func (p *Player) Skipped() (out []Skip) {
	for _, path := range slices.Sorted(maps.Keys(p.skipped)) {
		out = append(out, Skip{path, p.skipped[path]})
	}
	return out
}

// Hashes returns those of what all nodes have made that have cooked, in order of their paths.
func (p *Player) Hashes() (out []Hash) {
	for n := range p.Graph.Nodes() {
		if n.Stats().Cooks > 0 {
			out = append(out, Hash{n.Path(), hashOf(&n.Table().View), p.sums.of(n)})
		}
	}
	return out
}
