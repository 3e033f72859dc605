package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/ops"
	starlark "linecook.dev/linecook/ops/script"
)

// rowsOf are the rows now in a node's table.
func (r *rig) rowsOf(name string) (rows []string) {
	t := r.g.Node(name).Table()
	for row := range t.Rows(t.Window()) {
		rows = append(rows, rowText(row))
	}
	return rows
}

func (r *rig) feed(name string, values ...int64) {
	n := r.g.Node(name)
	n.Operator().(*graphtest.Source).Ints(values...)
	n.Touch()
}

func TestRowExpressionsReadOtherNodes(t *testing.T) {
	sel := &ops.Select{Where: "value * param.gain > op('knob')[-1, 'value']"}
	sel.SetValues(graph.Values{"gain": int64(10)})
	eval := &ops.Eval{Expr: []string{"more = value + op('knob')[-1, 0]", "n = op('knob').numRows"}}
	r := newRig(t, func(e *graph.Edit) {
		data := e.Add("data", &graphtest.Source{})
		e.Add("knob", &graphtest.Source{})
		for name, op := range map[string]graph.Operator{"loud": sel, "eval": eval} {
			n := e.Add(name, op)
			e.Wire(data, n)
			e.Wire(n, e.Add("rec"+name, &graphtest.Recorder{}))
		}
	})
	r.feed("data", 1, 2, 3)
	r.engine.Step()
	expect(t, "rows above what is not there", r.rowsOf("loud"))
	expect(t, "a sum with what is not there", r.rowsOf("eval"), "1||0", "2||0", "3||0")
	r.feed("knob", 15)
	r.engine.Step()
	expect(t, "rows above 15", r.rowsOf("loud"), "2", "3")
	expect(t, "sums with 15", r.rowsOf("eval"), "1|16|1", "2|17|1", "3|18|1")
	cooked := r.g.Node("loud").Stats().Cooks
	r.engine.Step()
	r.feed("data", 0, 9)
	r.feed("knob", 25)
	r.engine.Step()
	expect(t, "rows above 25", r.rowsOf("loud"), "3", "9")
	if got := r.g.Node("loud").Stats().Cooks - cooked; got != 1 {
		t.Errorf("select cooked %d times for one change of what its expression reads, want once", got)
	}
}

func TestComputedParametersOfOperators(t *testing.T) {
	compile := func(param, text string) graph.Computed {
		x, err := starlark.Language{}.Compile(param, graph.Script{Text: text, File: "show.yaml", Line: 3, Indent: 4})
		if err != nil {
			t.Fatalf("Compile(%q) = %v", text, err)
		}
		return graph.Computed{Param: param, Value: x}
	}
	r := newRig(t, func(e *graph.Edit) {
		data, knob := e.Add("data", &graphtest.Source{}), e.Add("knob", &graphtest.Source{})
		newest := e.Add("newest", &ops.Select{}, compile("rowindexstart", "-op('knob')[-1, 'value']"))
		where := e.Add("where", &ops.Select{}, compile("where", "'value > %d' % op('knob')[-1, 0]"))
		which := e.Add("which", &ops.Switch{}, compile("index", "op('knob')[-1, 0] - 1"))
		rows := e.Add("rows", &ops.Table{}, compile("rows", "[[x] for x in op('knob').col('value')]"))
		for _, n := range []*graph.Node{newest, where} {
			e.Wire(data, n)
		}
		e.Wire(data, which)
		e.Wire(knob, which)
		for _, n := range []*graph.Node{newest, where, which, rows} {
			e.Wire(n, e.Add("rec"+n.Name(), &graphtest.Recorder{}))
		}
	})
	for _, step := range []struct {
		knob                       int64
		newest, where, which, rows []string
	}{
		{1, []string{"3"}, []string{"2", "3"}, []string{"1", "2", "3"}, []string{"1"}},
		{2, []string{"2", "3"}, []string{"3"}, []string{"1", "2"}, []string{"1", "2"}},
		{1, []string{"3"}, []string{"2", "3"}, []string{"1", "2", "3"}, []string{"1", "2", "1"}},
	} {
		if step.knob == 1 && len(r.rowsOf("data")) == 0 {
			r.feed("data", 1, 2, 3)
		}
		r.feed("knob", step.knob)
		r.engine.Step()
		expect(t, "rowindexstart", r.rowsOf("newest"), step.newest...)
		expect(t, "where", r.rowsOf("where"), step.where...)
		expect(t, "index", r.rowsOf("which"), step.which...)
		expect(t, "rows", r.rowsOf("rows"), step.rows...)
	}
	where := r.g.Node("where")
	r.feed("knob", -1)
	r.engine.Step()
	if err := where.Err(); err != nil {
		t.Errorf("Err() = %v, want nil", err)
	}
}
