package ops

import (
	"maps"
	"slices"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Info has a row for each node: what it did since it was added, as of the end of the frame before.
type Info struct {
	Survey
	Times bool `help:"add the columns cookms, meanms and maxms: how long cooks took, the last one, on average and at most. They differ from run to run"`
}

// infoColumns are the columns that are there from the start; behind them come those of times, and one for
// each counter that a node has.
var infoColumns = []string{
	"time", "frame", "node", "operator", "error", "errors", "rows", "cooks", "rowsin", "rowsout", "expired", "missed", "sent",
}

// timeColumns are those of the parameter times.
var timeColumns = []string{"cookms", "meanms", "maxms"}

// Describe implements [graph.Describer].
func (*Info) Describe() graph.Description {
	return graph.Description{
		Name: "info", Class: graph.ClassSource,
		Help: "A row for each node: its error now, how many there were, the rows in its table, and what it did since it was added; with a column for each counter, as kerneldrops.",
	}
}

// Look implements [graph.Looker].
func (o *Info) Look(s graph.Sight) bool {
	columns := infoColumns
	if o.Times {
		columns = slices.Concat(infoColumns, timeColumns)
	}
	return o.look(s, columns, func(w *table.Writer, n *graph.Node) { o.write(w, s.Moment, n) })
}

func (o *Info) write(w *table.Writer, at graph.Moment, n *graph.Node) {
	s := n.Stats()
	w.Row()
	w.SetFloat64(0, at.Time.Seconds())
	w.SetInt(1, at.Frame)
	w.SetString(2, n.String())
	w.SetString(3, n.Type().Name)
	if err := faultOf(n); err != "" {
		w.SetString(4, err)
	}
	for i, v := range [...]uint64{s.Errors, uint64(n.Table().NumRows()), s.Cooks, s.RowsIn, s.RowsOut, s.Expired, s.Missed, s.Sent} {
		w.SetInt(5+i, int64(v))
	}
	if o.Times {
		for i, d := range [...]time.Duration{s.Last, s.Mean(), s.Max} {
			w.SetFloat64(len(infoColumns)+i, float64(d)/1e6)
		}
	}
	writeCounters(w, n, s)
}

// faultOf returns what a node fails at now, without its name.
func faultOf(n *graph.Node) string {
	for _, f := range n.Faults() {
		if f.Active {
			return f.Kind.String() + ": " + f.LastError.Error()
		}
	}
	return ""
}

// writeCounters sets the columns of what a node counts itself, and of its inbox.
func writeCounters(w *table.Writer, n *graph.Node, s graph.Stats) {
	if n.Inbox() != nil {
		for _, c := range [...]struct {
			name  string
			count uint64
		}{{"events", s.Inbox.Events}, {"eventbytes", s.Inbox.Bytes}, {"malformed", s.Inbox.Malformed}, {"inboxfull", s.Inbox.Dropped}, {"stalls", s.Inbox.Stalls}} {
			w.SetInt(w.Col(c.name), int64(c.count))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Counters)) {
		w.SetInt(w.Col(name), int64(s.Counters[name]))
	}
}
