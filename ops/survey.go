package ops

import (
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A Survey is the parameters of operators that show, every now and then, how other nodes are.
type Survey struct {
	Op       []string      `default:"/*" help:"patterns of the nodes to look at, as /stage/* or in*; a name without / is in the network of this node, and ^ before a pattern excepts; a * stands for / too"`
	Interval time.Duration `default:"1" min:"0.001" unit:"seconds" help:"how often the table is made anew"`

	nodes  nodePattern
	node   *graph.Node // itself; nil before the first cook
	next   time.Duration
	report *table.Table // what was seen and is not shown yet
	w      *table.Writer
	ready  bool // report is to be shown
}

// Check implements [graph.Checker].
func (s *Survey) Check() (err error) {
	s.nodes, err = parseNodePattern(s.Op)
	return err
}

// look has write make rows of each of the nodes, if the time has come. It reports whether they are
// to be shown.
func (s *Survey) look(at graph.Sight, columns []string, write func(*table.Writer, *graph.Node)) bool {
	if s.node == nil || at.Time < s.next {
		return false
	}
	s.next += s.Interval * ((at.Time-s.next)/s.Interval + 1)
	s.report, s.w = table.New(table.Limits{}), table.NewWriter()
	s.w.AddCols(columns...)
	for _, n := range at.Nodes {
		if s.nodes.has(s.node.Path().Network(), n) {
			write(s.w, n)
		}
	}
	s.report.Commit(s.w)
	s.ready = true
	return true
}

// Outside implements [graph.Outsider].
func (*Survey) Outside() bool { return true }

// Cook implements [graph.Operator].
func (s *Survey) Cook(c *graph.Cook) error {
	if s.node == nil {
		s.node, s.next = c.Node(), c.Time
	}
	c.Wake(s.next)
	if !s.ready {
		return nil
	}
	s.ready = false
	showTable(c.Out(), s.report)
	s.report, s.w = nil, nil
	return nil
}

// showTable makes w's table the same as t.
func showTable(w *table.Writer, t *table.Table) {
	w.Reset()
	var from []int
	for _, name := range t.Schema().Names() {
		w.Col(name)
	}
	for _, name := range w.Schema().Names() {
		from = append(from, t.Schema().Index(name))
	}
	copyRows(w, &t.View, t.Window(), from)
}
