package monitor

import (
	"slices"
	"strconv"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// A count is a node's state and counters at one moment.
type count struct {
	active, bypassed, failing, wanted bool

	cooks, in, out, sent, errors uint64
	rows                         int
	end                          uint64 // of its table
	last, mean, max              time.Duration

	// What needs no goroutine that cooks.
	events, lost    uint64
	peers, watchers int
}

// countOf copies what belongs to the goroutine that cooks. It allocates nothing.
func countOf(p cook.Peek, i int, n *graph.Node) count {
	s, t := n.Tally(), n.Table()
	return count{
		active: n.Active(), bypassed: n.Bypassed(), failing: n.Failing(), wanted: p.Wanted(i),
		cooks: s.Cooks, in: s.RowsIn, out: s.RowsOut, sent: s.Sent, errors: s.Errors,
		rows: t.NumRows(), end: t.Window().Hi, last: s.Last, mean: s.Mean(), max: s.Max,
	}
}

// state says in a word how the node is that reads those inputs.
func (c *count) state(all []count, inputs []int) string {
	switch {
	case !c.active:
		return "inactive"
	case c.bypassed:
		return "bypassed"
	case c.failing:
		return "error"
	case !c.wanted:
		return "stale"
	case starved(all, inputs):
		return "starved"
	}
	return "ok"
}

// starved reports whether one of the inputs does not work, or none of them ever had a row.
func starved(all []count, inputs []int) bool {
	if slices.ContainsFunc(inputs, func(i int) bool { return !all[i].active || all[i].failing }) {
		return true
	}
	return len(inputs) > 0 && !slices.ContainsFunc(inputs, func(i int) bool { return all[i].end > 0 })
}

// appendNode appends node i as the feed has it.
func (c *count) appendNode(b []byte, i int, state string) []byte {
	b = strconv.AppendInt(append(b, `{"i":`...), int64(i), 10)
	b = append(append(append(b, `,"s":"`...), state...), '"')
	for _, f := range [...]struct {
		name  string
		value uint64
	}{
		{`,"c":`, c.cooks}, {`,"in":`, c.in}, {`,"out":`, c.out}, {`,"n":`, uint64(c.rows)}, {`,"ns":`, uint64(c.last)},
		{`,"avg":`, uint64(c.mean)}, {`,"max":`, uint64(c.max)}, {`,"e":`, c.errors}, {`,"ev":`, c.events}, {`,"sent":`, c.sent},
		{`,"lost":`, c.lost}, {`,"p":`, uint64(c.peers)}, {`,"w":`, uint64(c.watchers)},
	} {
		b = strconv.AppendUint(append(b, f.name...), f.value, 10)
	}
	return append(b, '}')
}
