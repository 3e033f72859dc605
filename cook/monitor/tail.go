package monitor

import (
	"encoding/json"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A tail is the newest rows of a node's table, as JSON, for all viewers that watch it.
type tail struct {
	path    string
	want    int         // rows
	node    *graph.Node // nil if there is none of that path
	stop    func()      // of the demand
	viewers int

	// What the table was like when it was looked at last. The goroutine that cooks writes it while the hub
	// waits.
	source  *table.Table
	version uint64
	voided  uint64
	seen    extent
	copied  rowCopy
	fresh   bool // something has changed
	void    bool // what was copied replaces all before

	// What viewers are told, guarded by the hub's lock.
	missing  bool // there is no such node
	shown    extent
	ring     ring
	columns  []byte // as JSON
	named    *table.Schema
	resets   uint64 // how often all before became void
	changed  uint64 // the sample in which it changed last
	columned uint64 // the sample in which columns changed last
}

// An extent is how much there is of a table.
type extent struct {
	base, end uint64 // first row, and that behind the last
	n         int    // rows
}

// take copies what is new. It is called between two frames, and allocates only when a table has other
// columns, or more in its rows than ever before.
func (t *tail) take(left *budget) {
	src := t.node.Table()
	if src == t.source && src.Version() == t.version && !t.void || left.cells <= 0 || left.text <= 0 {
		return
	}
	window := src.Window()
	t.void = t.void || src != t.source || src.Voided() != t.voided || window.Hi < t.seen.end
	from := max(window.Lo, newest(&src.View, window, t.want))
	if !t.void {
		from = max(from, t.seen.end)
	}
	t.copied.take(src, table.Range{Lo: from, Hi: window.Hi}, left)
	t.source, t.version, t.voided, t.fresh = src, src.Version(), src.Voided(), true
	t.seen = extent{window.Lo, window.Hi, src.NumRows()}
}

// newest returns the first of the newest n rows.
func newest(v *table.View, window table.Range, n int) uint64 {
	if v.NumRows() == window.Len() {
		return max(window.Hi, uint64(n)) - uint64(n)
	}
	return fromEnd(v, n)
}

// publish makes JSON of what was copied.
func (t *tail) publish(sample uint64) {
	if !t.fresh {
		return
	}
	if t.named != t.copied.schema {
		t.named, t.columns, t.columned = t.copied.schema, columnsJSON(t.copied.schema), sample
	}
	if t.void {
		t.resets++
	}
	if t.void || !t.ring.precedes(t.copied.first()) {
		t.ring.clear()
	}
	t.copied.publish(&t.ring)
	t.shown = t.seen
	t.ring.trim(t.want, t.shown.base)
	t.changed, t.fresh, t.void, t.missing = sample, false, false, false
}

// lose forgets what viewers are told: there is no such node any more.
func (t *tail) lose() {
	t.missing, t.changed, t.named, t.shown = true, 0, nil, extent{}
	t.ring.clear()
}

func columnsJSON(s *table.Schema) []byte {
	b, err := json.Marshal(columnNames(s))
	if err != nil {
		panic(err) // they are strings
	}
	return b
}

func columnNames(s *table.Schema) []string {
	names := make([]string, 0, s.Len())
	for _, name := range s.Names() {
		names = append(names, cutText(name, maxString))
	}
	return names
}

// meet makes n the node whose table is shown, and wanted; nil is none.
func (t *tail) meet(e *cook.Engine, n *graph.Node) {
	t.node, t.void = n, true
	if n != nil {
		t.stop = e.Want(n)
	}
}

// leave takes the demand back.
func (t *tail) leave() {
	if t.stop != nil {
		t.stop()
	}
	t.node, t.stop = nil, nil
}
