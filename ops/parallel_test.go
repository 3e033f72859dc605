package ops_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A crowd is nodes of many operators beside each other, twins among them, that read the same inputs.
type crowd struct {
	g      *graph.Graph
	feeds  []*feed
	cases  []oracleCase // of the feeds
	serial int64
}

func newCrowd(t *testing.T, cases ...oracleCase) *crowd {
	t.Helper()
	c := &crowd{g: graph.New()}
	if err := c.g.Edit(func(e *graph.Edit) {
		for i, oc := range cases {
			c.add(e, fmt.Sprint("c", i), oc)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *crowd) add(e *graph.Edit, name string, oc oracleCase) {
	if oc.columns == nil {
		oc.columns = []string{"key", "n", "text"}
	}
	if oc.cell == nil {
		oc.cell = oracleCell
	}
	var inputs []*graph.Node
	for i := range max(1, oc.inputs) {
		f := &feed{Limit: 300, columns: append([]string{"id"}, oc.columns...)}
		c.feeds, c.cases = append(c.feeds, f), append(c.cases, oc)
		inputs = append(inputs, e.Add(fmt.Sprintf("%sin%d", name, i), f))
	}
	for i, op := range append(slices.Clone(oc.operators), oc.slow...) {
		for twin := range 2 {
			n := e.Add(fmt.Sprintf("%sop%d%c", name, i, 'a'+rune(twin)), likeness(op))
			for _, in := range inputs {
				e.Wire(in, n)
			}
		}
	}
}

// change has an input changed.
func (c *crowd) change(i int, r *rand.Rand) {
	f, oc := c.feeds[i], c.cases[i]
	var rows [][]table.Value
	for range r.IntN(20) {
		c.serial++
		row := []table.Value{table.IntValue(c.serial)}
		for _, name := range oc.columns {
			row = append(row, oc.cell(r, name))
		}
		rows = append(rows, row)
	}
	f.do(func(w *table.Writer) { putRows(w, f.columns, rows) })
	back := r.Uint64N(9)
	switch r.IntN(6) {
	case 0:
		f.do(func(w *table.Writer) { w.Expire(w.End() - min(w.End(), back)) })
	case 1:
		if !oc.logs && !oc.front {
			f.do(func(w *table.Writer) { w.Remove(w.End() - min(w.End(), back)) })
		}
	}
}

// cook returns what is in all tables after each frame.
func (c *crowd) cook(t *testing.T, workers int) (tables []string) {
	t.Helper()
	e, err := cook.New(c.g, cook.Config{Workers: workers, Grain: 1, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	for n := range c.g.Nodes() {
		e.Observe(n, func(int64, table.Delta) {})
	}
	e.Start(t.Context())
	r := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		for i := range c.feeds {
			c.change(i, r)
		}
		for n := range c.g.Nodes() {
			if _, ok := n.Operator().(*feed); ok {
				n.Touch()
			}
		}
		e.Step()
		for n := range c.g.Nodes() {
			tables = append(tables, fmt.Sprintf("%s: %q %v", n, content(n.Table()), n.Faults()))
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return tables
}

// Nodes that cook at the same time, of the same operator and of others, make the tables that they make one after
// the other.
func TestOperatorsCookBesideEachOther(t *testing.T) {
	var all []oracleCase
	groups := map[string][]oracleCase{}
	for name, oc := range maps.All(oracleCases) {
		groups[name] = []oracleCase{oc}
		all = append(all, oc)
	}
	groups["all"] = all
	for name, cases := range groups {
		t.Run(name, func(t *testing.T) {
			want := newCrowd(t, cases...).cook(t, 1)
			got := newCrowd(t, cases...).cook(t, 4)
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("with 4 workers:\n got %s\nwant %s", got[i], want[i])
				}
			}
		})
	}
}
