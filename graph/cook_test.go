package graph_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// patch is source -> filter -> recorder.
type patch struct {
	g          *graph.Graph
	src        *graphtest.Source
	filter     *graphtest.Filter
	rec        *graphtest.Recorder
	s, f, r    *graph.Node
	frameCount int64
}

func newPatch(t *testing.T) *patch {
	t.Helper()
	p := &patch{g: graph.New(), src: &graphtest.Source{}, filter: &graphtest.Filter{}, rec: &graphtest.Recorder{}}
	if err := p.g.Edit(func(e *graph.Edit) {
		p.s, p.f, p.r = e.Add("src", p.src), e.Add("filter", p.filter), e.Add("rec", p.rec)
		e.Wire(p.s, p.f)
		e.Wire(p.f, p.r)
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *patch) frame(values ...int64) {
	p.frameCount++
	p.src.Ints(values...)
	graphtest.Frame(p.g, p.frameCount)
}

func ints(v ...int) (out []string) {
	for _, n := range v {
		out = append(out, fmt.Sprint(n))
	}
	return out
}

func (p *patch) want(t *testing.T, v ...int) {
	t.Helper()
	if !slices.Equal(p.rec.Got, ints(v...)) {
		t.Errorf("the recorder was given %v, want %v", p.rec.Got, v)
	}
}

// TestEachGivesEachRowOnce has an effect that fails and panics in the middle.
func TestEachGivesEachRowOnce(t *testing.T) {
	p := newPatch(t)
	p.rec.Fail = func(row table.Row) error {
		switch row.Get("value").Int() {
		case 2:
			return errors.New("two")
		case 3, 5:
			panic("odd")
		}
		return nil
	}
	p.frame(1, 2, 3, 4, 5)
	p.frame(6)
	p.want(t, 1, 2, 3, 4, 5, 6)
	f := p.r.Faults()
	if len(f) != 1 || f[0].Kind != graph.FaultRow || f[0].Count != 3 || f[0].First.Frame != 1 || f[0].FirstError.Error() != "row 1: two" {
		t.Fatalf("Faults() = %+v", f)
	}
	if _, ok := errors.AsType[*graph.PanicError](f[0].LastError); !ok {
		t.Errorf("last error %v, want a PanicError", f[0].LastError)
	}
	if f[0].Active || p.r.Err() != nil {
		t.Errorf("a good cook left the fault active: %v", p.r.Err())
	}
}

// TestFailureKeepsTheOutput has an operator in the middle that fails: its table stays, nothing else
// stops, and when it works again it is given everything.
func TestFailureKeepsTheOutput(t *testing.T) {
	for _, how := range []string{"error", "panic"} {
		t.Run(how, func(t *testing.T) {
			p := newPatch(t)
			p.frame(1)
			bad := errors.New("bad row")
			p.filter.Keep = func(table.Value) bool { panic(bad) }
			faulty := &graphtest.Faulty{Err: bad}
			if how == "panic" {
				faulty.Panic = bad
			}
			var n *graph.Node
			if err := p.g.Edit(func(e *graph.Edit) { n = e.Add("faulty", faulty); e.Wire(p.s, n) }); err != nil {
				t.Fatal(err)
			}
			p.frame(2)
			p.frame(3)
			if n.Table().NumRows() != 0 || n.Table().Schema().Len() != 0 || p.f.Table().NumRows() != 1 {
				t.Errorf("failed cooks left %d and %d rows", n.Table().NumRows(), p.f.Table().NumRows())
			}
			e, ok := errors.AsType[*graph.NodeError](n.Err())
			if !ok || e.Node != "/faulty" || e.Op != "cook" || n.Failures() != 2 || n.Panicked() != (how == "panic") {
				t.Errorf("Err() = %v, %d failures, panicked %t", n.Err(), n.Failures(), n.Panicked())
			}
			p.filter.Keep, faulty.Err, faulty.Panic = nil, nil, nil
			p.frame(4)
			if got := column(p.f.Table(), "value"); !slices.Equal(got, ints(1, 2, 3, 4)) {
				t.Errorf("after its errors the filter has %v", got)
			}
			p.want(t, 1, 2, 3, 4)
			if n.Err() != nil || n.Failures() != 0 || n.Faults()[0].Count != 2 || n.Stats().Errors != 2 {
				t.Errorf("Err() = %v, faults %+v", n.Err(), n.Faults())
			}
			graphtest.Check(t, p.g)
		})
	}
}

func TestBypassPassesTheInput(t *testing.T) {
	p := newPatch(t)
	p.filter.Keep = func(v table.Value) bool { return v.Int() > 10 }
	p.frame(1, 11)
	if err := p.g.Edit(func(e *graph.Edit) { e.SetBypass(p.f, true) }); err != nil {
		t.Fatal(err)
	}
	p.frame(2, 12)
	p.want(t, 11, 2, 12)
	if p.f.Table() != p.s.Table() {
		t.Error("a bypassed node does not have the table of its input")
	}
	graphtest.Check(t, p.g)
}

// TestBypassEnds checks that a node catches up with what passed it by.
func TestBypassEnds(t *testing.T) {
	p := newPatch(t)
	p.filter.Keep = func(v table.Value) bool { return v.Int() > 10 }
	p.frame(1, 11)
	bypass := func(on bool) {
		if err := p.g.Edit(func(e *graph.Edit) { e.SetBypass(p.f, on) }); err != nil {
			t.Fatal(err)
		}
	}
	bypass(true)
	p.frame(2, 12)
	bypass(false)
	p.frame(3, 13)
	if got := column(p.f.Table(), "value"); !slices.Equal(got, ints(11, 12, 13)) {
		t.Errorf("after its bypass the filter has %v, want [11 12 13]", got)
	}
	p.want(t, 11, 2, 12, 13)
}

// TestRewiredNodesStartAgain checks that nothing derived from an old input is left.
func TestRewiredNodesStartAgain(t *testing.T) {
	p := newPatch(t)
	p.frame(1, 2)
	other := &graphtest.Source{}
	if err := p.g.Edit(func(e *graph.Edit) { e.Rewire(p.f, e.Add("other", other)) }); err != nil {
		t.Fatal(err)
	}
	other.Ints(7, 8)
	p.frame(3)
	if got := column(p.f.Table(), "value"); !slices.Equal(got, ints(7, 8)) {
		t.Errorf("the rewired filter has %v, want [7 8]", got)
	}
	graphtest.Check(t, p.g)
}

// resets keeps which of its inputs were told 'all of it' when it cooked last.
type resets struct {
	Got []bool `par:"-"`
}

func (r *resets) Cook(c *graph.Cook) error {
	r.Got = nil
	for i := range c.NumInputs() {
		r.Got = append(r.Got, c.In(i).Reset)
	}
	return nil
}

// TestInputsExchanged changes what several inputs are. Each is told 'all of it' then, since what an
// operator made of one may depend on the others.
func TestInputsExchanged(t *testing.T) {
	tests := []struct {
		name string
		to   []int // of the nodes 0 to 2; 0 and 1 are wired before
		want []bool
	}{
		{"nothing new", []int{0, 1}, []bool{false, false}},
		{"the other order", []int{1, 0}, []bool{true, true}},
		{"one replaced", []int{0, 2}, []bool{true, true}},
		{"one more", []int{0, 1, 2}, []bool{true, true, true}},
		{"one less", []int{0}, []bool{true}},
		{"one twice", []int{0, 0}, []bool{true, true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, op := graph.New(), &resets{}
			var n *graph.Node
			var nodes, to []*graph.Node
			if err := g.Edit(func(e *graph.Edit) {
				for i := range 3 {
					nodes = append(nodes, e.Add(fmt.Sprint("src", i), &graphtest.Source{}))
				}
				n = e.Add("resets", op)
				e.Rewire(n, nodes[0], nodes[1])
			}); err != nil {
				t.Fatal(err)
			}
			if graphtest.Frame(g, 1); slices.Contains(op.Got, true) {
				t.Errorf("a new node was told 'all of it': %v", op.Got)
			}
			for _, i := range tt.to {
				to = append(to, nodes[i])
			}
			if err := g.Edit(func(e *graph.Edit) { e.Rewire(n, to...) }); err != nil {
				t.Fatal(err)
			}
			if graphtest.Frame(g, 2); !slices.Equal(op.Got, tt.want) {
				t.Errorf("Reset of each input = %v, want %v", op.Got, tt.want)
			}
			if graphtest.Frame(g, 3); slices.Contains(op.Got, true) {
				t.Errorf("told 'all of it' once more: %v", op.Got)
			}
			graphtest.Check(t, g)
		})
	}
}

// sink takes what is sent, and refuses what is said.
type sink struct {
	log    *[]string
	name   string
	refuse error
}

func (s sink) Accept(verb graph.Verb, payload []byte) error {
	*s.log = append(*s.log, fmt.Sprintf("%s %d %s", s.name, verb, payload))
	return s.refuse
}

// sender posts the "value" of each new row to both sinks.
type sender struct {
	A, B graph.Sink `par:"-"`
}

func (*sender) Describe() graph.Description {
	return graph.Description{Name: "sender", Inputs: graph.Arity{Min: 1, Max: 1}}
}
func (*sender) Effect() bool { return true }

func (s *sender) Cook(c *graph.Cook) error {
	buf := []byte{}
	for row := range c.In(0).NewRows() {
		buf = row.Get("value").AppendText(buf[:0])
		c.Post(s.A, 1, buf)
		c.Post(s.B, 2, buf)
	}
	return nil
}

// TestOutboxOrder checks that what two nodes post goes out node by node, in order, copied, and that
// an error keeps nothing back.
func TestOutboxOrder(t *testing.T) {
	p := newPatch(t)
	var log []string
	a, b := sink{&log, "a", nil}, sink{&log, "b", errors.New("refused")}
	var first, second *graph.Node
	if err := p.g.Edit(func(e *graph.Edit) {
		first, second = e.Add("out1", &sender{A: a, B: a}), e.Add("out2", &sender{A: b, B: a})
		e.Wire(p.s, second)
		e.Wire(p.s, first)
	}); err != nil {
		t.Fatal(err)
	}
	p.frame(1, 2)
	want := []string{"a 1 1", "a 2 1", "a 1 2", "a 2 2", "b 1 1", "a 2 1", "b 1 2", "a 2 2"}
	if !slices.Equal(log, want) {
		t.Errorf("sent %q, want %q", log, want)
	}
	if f := second.Faults(); len(f) != 1 || f[0].Kind != graph.FaultSend || f[0].Count != 2 || !f[0].Active || first.Err() != nil {
		t.Errorf("Faults() = %+v", f)
	}
	if got := second.Stats().Sent; got != 4 {
		t.Errorf("Sent = %d, want 4", got)
	}
	if log = nil; true {
		p.frame()
	}
	if len(log) != 0 {
		t.Errorf("an idle frame sent %q", log)
	}
}

// A sendQueue is what several destinations send by.
type sendQueue struct {
	waiting []string
	sends   [][]string
}

type destination struct {
	*sendQueue
	name string
}

func (d destination) Accept(_ graph.Verb, payload []byte) error {
	d.waiting = append(d.waiting, d.name+string(payload))
	return nil
}

func (d destination) Flush() {
	if len(d.waiting) > 0 {
		d.sends, d.waiting = append(d.sends, d.waiting), nil
	}
}

// TestOutboxFlushesOnce checks that what goes to destinations of one queue in turn is sent together.
func TestOutboxFlushesOnce(t *testing.T) {
	p, s := newPatch(t), &sendQueue{}
	if err := p.g.Edit(func(e *graph.Edit) {
		e.Wire(p.s, e.Add("out", &sender{A: destination{s, "a"}, B: destination{s, "b"}}))
	}); err != nil {
		t.Fatal(err)
	}
	p.frame(1, 2)
	p.frame(3)
	if got, want := fmt.Sprint(s.sends), "[[a1 b1 a2 b2] [a3 b3]]"; got != want {
		t.Errorf("two frames sent %s, want %s", got, want)
	}
}

func TestStats(t *testing.T) {
	p := newPatch(t)
	p.src.Max = 2
	p.s.Table().SetLimits(table.Limits{Rows: 2})
	p.frame(1, 2, 3)
	p.frame(4)
	if s := p.s.Stats(); s.Cooks != 2 || s.RowsOut != 4 || s.Expired != 2 {
		t.Errorf("source: %+v", s)
	}
	p.want(t, 1, 2, 3, 4)
	if s := p.f.Stats(); s.RowsIn != 4 || s.RowsOut != 4 || s.Expired != 2 || s.Missed != 0 {
		t.Errorf("filter: %+v", s)
	}
	p.f.Counter("seen").Add(1)
	p.f.Counter("seen").Add(2)
	if s := p.f.Stats(); s.Counters["seen"] != 3 {
		t.Errorf("Counters = %v", s.Counters)
	}
}

func TestReferences(t *testing.T) {
	p := newPatch(t)
	look := &graphtest.Looker{Nodes: []string{"filter", "/src"}}
	if err := p.g.Edit(func(e *graph.Edit) { e.Add("a_look", look) }); err != nil {
		t.Fatal(err)
	}
	if p.frame(1, 2, 3); !slices.Equal(look.Rows, []int{3, 3}) {
		t.Errorf("the references had %v rows, want [3 3]", look.Rows)
	}
	if err := p.g.Edit(func(e *graph.Edit) { e.Remove(p.s) }); err == nil {
		t.Error("a node that is referred to was removed")
	}
	graphtest.Check(t, p.g)
}

// Rows that were removed are none of those that an effect is given, and none is given twice.
func TestEachNewSkipsRemoved(t *testing.T) {
	g := graph.New()
	in := &remover{}
	out := &graphtest.Recorder{Fail: func(row table.Row) error {
		if row.Get("value").Int() == 3 {
			panic("three")
		}
		return nil
	}}
	if err := g.Edit(func(e *graph.Edit) { e.Wire(e.Add("in", in), e.Add("out", out)) }); err != nil {
		t.Fatal(err)
	}
	graphtest.Frame(g, 1)
	if _, _, err := g.Node("in").Run(2, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := g.Node("out").Run(2, 0); err != nil {
		t.Fatal(err)
	}
	if want := []string{"1", "3", "4"}; !slices.Equal(out.Got, want) {
		t.Errorf("an effect was given %q, want %q", out.Got, want)
	}
}

// A remover writes five rows, and takes out three of them before they are seen.
type remover struct{}

func (*remover) Cook(c *graph.Cook) error {
	if c.Frame != 2 {
		return nil
	}
	w := c.Out()
	for i := range 6 {
		w.Row()
		w.SetInt(w.Col("value"), int64(i))
	}
	for _, row := range []uint64{0, 2, 5} {
		w.Remove(row)
	}
	return nil
}
