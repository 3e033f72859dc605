package take

import (
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A Seen is what a cook saw of the outside, by a key of its own ([graph.Cook.Saw]).
type Seen struct {
	Node       graph.Path
	Key, Value string
}

// The fields of a seen.
const (
	seenNode  = 1
	seenKey   = 2
	seenValue = 3
)

// maxSeen is how many of them a frame has at most.
const maxSeen = 10_000

// Saw records what a cook saw. Several goroutines may call it at the same time, for a node each.
func (r *Recorder) Saw(n *graph.Node, _ graph.Moment, key, value string) {
	r.seeing.Lock()
	defer r.seeing.Unlock()
	if len(r.seen) < maxSeen {
		r.seen = append(r.seen, Seen{n.Path(), key, value})
	}
}

// takeSeen returns what the cooks of a frame saw, in an order that does not depend on who cooked first.
func (r *Recorder) takeSeen() []Seen {
	r.seeing.Lock()
	defer r.seeing.Unlock()
	seen := r.seen
	r.seen = nil
	slices.SortStableFunc(seen, func(a, b Seen) int { return strings.Compare(string(a.Node), string(b.Node)) })
	return seen
}

func (s *Seen) append(b []byte) []byte {
	m := appendField(nil, seenNode, s.Node)
	m = appendField(m, seenKey, s.Key)
	return appendField(b, frameSeen, appendField(m, seenValue, s.Value))
}

func (s *Seen) parse(b []byte) error {
	for f, err := range fields(b) {
		if err != nil {
			return err
		}
		switch f.number {
		case seenNode:
			s.Node = graph.Path(f.bytes)
		case seenKey:
			s.Key = string(f.bytes)
		case seenValue:
			s.Value = string(f.bytes)
		}
	}
	return nil
}

// An outsider is a node whose table is recorded.
type outsider struct {
	*table.Cursor
	columns int // that are recorded
}

// addTable records what changed in the table of n, which shows something of the outside.
func (r *Recorder) addTable(n *graph.Node, at graph.Moment) {
	o := r.outsiders[n]
	if o == nil || o.Table() != n.Table() {
		o = &outsider{Cursor: n.Table().Reader()}
		r.outsiders[n] = o
	}
	d := o.Delta()
	defer o.Advance()
	rows := d.NewRows()
	if d.Reset {
		rows = d.Rows(d.Appended)
	}
	var b []byte
	if d.Reset {
		b, o.columns = appendUint(b, pieceReset, 1), 0
	}
	for i, name := range d.Schema().Names() {
		if i >= o.columns {
			b = appendField(b, pieceColumns, name)
		}
	}
	o.columns = d.Schema().Len()
	for row := range rows {
		if b = r.appendCells(b, row); len(b) > pieceSize {
			r.addPiece(n, at, b)
			b = b[:0]
		}
	}
	r.addPiece(n, at, b)
}

func (r *Recorder) addPiece(n *graph.Node, at graph.Moment, b []byte) {
	if len(b) == 0 {
		return
	}
	s := r.source(r.nodes, n, "")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(s, at, &graph.Event{Kind: Rows, Data: b}, false)
}
