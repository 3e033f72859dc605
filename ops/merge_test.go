package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// merging is a merge of two sources, a and b.
type merging struct {
	*rig
	sources map[string]*graph.Node
	news    *[]string
}

func newMerging(t *testing.T, op *ops.Merge, limit int) *merging {
	r := newRig(t, func(e *graph.Edit) {
		n := e.Add("n", op)
		e.Wire(e.Add("a", &burst{columns: []string{"x", "y"}, Limit: limit}), n)
		e.Wire(e.Add("b", &burst{columns: []string{"y", "z"}, Limit: limit}), n)
	})
	m := &merging{rig: r, sources: map[string]*graph.Node{"a": r.g.Node("a"), "b": r.g.Node("b")}}
	m.news = r.watch("n")
	return m
}

// put has a source append rows, whose first cells are given.
func (m *merging) put(source string, cells ...int64) {
	b := m.sources[source].Operator().(*burst)
	b.todo = append(b.todo, func(w *table.Writer) {
		for _, n := range cells {
			w.Row()
			w.SetInt(0, n)
		}
	})
	m.sources[source].Touch()
}

func TestMergeInOrderOfArrival(t *testing.T) {
	m := newMerging(t, &ops.Merge{Source: "from"}, 2)
	m.put("b", 1)
	m.engine.Step()
	m.put("a", 2)
	m.engine.Step()
	m.put("a", 3)
	m.put("b", 4)
	m.engine.Step()
	expect(t, "in the first frames", content(m.g.Node("n").Table()), "from=b y=1", "from=a x=2", "from=a x=3", "from=b y=4")
	m.put("a", 5)
	m.engine.Step()
	expect(t, "when a row in the middle went", content(m.g.Node("n").Table()), "from=b y=1", "from=a x=3", "from=b y=4", "from=a x=5")
	m.put("b", 6, 7, 8, 9)
	m.engine.Step()
	expect(t, "after a burst", content(m.g.Node("n").Table()), "from=a x=3", "from=a x=5", "from=b y=8", "from=b y=9")
	expect(t, "new rows", *m.news, "b||1|", "a|2||", "a|3||", "b||4|", "a|5||", "b||6|", "b||7|", "b||8|", "b||9|")
}

func TestMergeStacked(t *testing.T) {
	m := newMerging(t, &ops.Merge{How: "row"}, 3)
	m.put("a", 1)
	m.put("b", 2)
	m.engine.Step()
	m.put("a", 3)
	m.engine.Step()
	m.put("b", 4)
	m.engine.Step()
	expect(t, "stacked", content(m.g.Node("n").Table()), "x=1", "x=3", "y=2", "y=4")
	expect(t, "new rows", *m.news, "1||", "|2|", "3||", "|4|")
}

func TestMergeByPosition(t *testing.T) {
	m := newMerging(t, &ops.Merge{ByName: graph.Off}, 0)
	m.put("a", 1)
	m.put("b", 2)
	m.engine.Step()
	expect(t, "by position", content(m.g.Node("n").Table()), "x=1", "x=2")
}

// Rows of a busy input go in the middle of those of a quiet one, whose table is not written again
// for each of them.
func TestMergeCopiesLittle(t *testing.T) {
	m := newMerging(t, &ops.Merge{}, 1000)
	for i := range int64(1000) {
		m.put("b", i)
	}
	m.engine.Step()
	before := m.g.Node("n").Table().Window().Hi
	const rows = 5000
	for i := range int64(rows) {
		m.put("a", i)
		m.engine.Step()
	}
	tab := m.g.Node("n").Table()
	if got := tab.NumRows(); got != 2000 {
		t.Errorf("NumRows() = %d, want 2000", got)
	}
	if written := tab.Window().Hi - before; written > 3*rows {
		t.Errorf("%d rows were written for %d that came", written, rows)
	}
}
