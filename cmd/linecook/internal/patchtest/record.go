package patchtest

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/patches"
	"linecook.dev/linecook/peer"
)

// A record is what was seen of the nodes so far.
type record struct {
	rows   map[*graph.Node][]row
	sends  []sending
	errors map[*graph.Node][]error
	failed []*graph.Node // those with errors, in order of their first
}

// A row is one that a node's table got, as it was then.
type row []cell

type cell struct {
	column string
	table.Value
}

// A sending is something that a node sent to a peer, or wrote.
type sending struct {
	from *graph.Node
	to   *peer.Peer // nil for a file
	verb graph.Verb
	data string
}

func newRecord() *record {
	return &record{rows: map[*graph.Node][]row{}, errors: map[*graph.Node][]error{}}
}

// sent implements Sent of [cook.Config].
func (r *record) sent(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
	p, isPeer := to.(*peer.Peer)
	isMessage := verb == peer.VerbRaw || isPeer && (verb == peer.VerbOSC || verb == peer.VerbClose)
	if !isMessage {
		return
	}
	r.sends = append(r.sends, sending{n, p, verb, string(payload)})
}

// fail implements Failed of [cook.Config].
func (r *record) fail(n *graph.Node, _ graph.FaultKind, err error) {
	if r.errors[n] == nil {
		r.failed = append(r.failed, n)
	}
	r.errors[n] = append(r.errors[n], err)
}

// observe makes all nodes cook, and keeps the rows of those that something is claimed about.
func (r *run) observe() {
	keep := map[*graph.Node]bool{}
	for _, c := range r.test.Claims {
		if c.Subject == patches.RowsOf {
			keep[r.graph.Node(c.Of)] = true
		}
	}
	for n := range r.graph.Nodes() {
		r.engine.Observe(n, func(_ int64, d table.Delta) {
			if !keep[n] {
				return
			}
			for x := range d.NewRows() {
				r.seen.rows[n] = append(r.seen.rows[n], rowOf(x))
			}
		})
	}
}

func rowOf(x table.Row) (out row) {
	for name, v := range x.Cells() {
		out = append(out, cell{name, v.Clone()})
	}
	return out
}
