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

// An adder passes on its input, Plus added. It goes on where one before it was, unless Plus is negative.
type adder struct {
	Plus  int    `min:"-10" max:"10"`
	Like  string `help:"not taken over"`
	Sum   func() `par:"-"`
	heirs int
	rows  int
}

func (*adder) Describe() graph.Description {
	return graph.Description{Name: "adder", Inputs: graph.Arity{Max: 1}}
}

var errNegative = errors.New("plus is negative")

func (a *adder) Adopt(old graph.Operator) error {
	was := old.(*adder)
	if a.Plus < 0 {
		return errNegative
	}
	a.heirs, a.rows = was.heirs+1, was.rows
	return nil
}

func (a *adder) Check() error {
	if a.Plus == 7 && a.Like != "lucky" {
		return &graph.ParamError{Param: "plus", Msg: "7 is for the lucky"}
	}
	return nil
}

func (a *adder) Cook(c *graph.Cook) error {
	w := c.Out()
	for row := range c.In(0).NewRows() {
		a.rows++
		w.Row()
		w.SetInt(w.Col("value"), row.Get("value").Int()+int64(a.Plus))
	}
	return nil
}

// adding returns a source, an adder that reads it, and a recorder that reads that.
func adding(t *testing.T) (g *graph.Graph, src *graphtest.Source, n *graph.Node, got *graphtest.Recorder) {
	t.Helper()
	g, src, got = graph.New(), &graphtest.Source{}, &graphtest.Recorder{}
	edit(t, g, func(e *graph.Edit) {
		n = e.Add("adder", &adder{Plus: 1, Sum: func() {}})
		e.Wire(e.Add("src", src), n)
		e.Wire(n, e.Add("out", got))
	})
	return g, src, n, got
}

func edit(t *testing.T, g *graph.Graph, f func(*graph.Edit)) {
	t.Helper()
	if err := g.Edit(f); err != nil {
		t.Fatal(err)
	}
	graphtest.Check(t, g)
}

func TestSetKeepsTheNodeAndWhatItsOperatorKnows(t *testing.T) {
	g, src, n, got := adding(t)
	src.Ints(1, 2)
	graphtest.Frame(g, 1)
	var changes []graph.Change
	edit(t, g, func(e *graph.Edit) {
		e.Set(n, "plus", "2")
		e.Set(n, "like", "==tea")
		changes = slices.Collect(e.Changes())
	})
	src.Ints(3)
	graphtest.Frame(g, 2)
	op := n.Operator().(*adder)
	if g.Node("adder") != n || op.Plus != 2 || op.Sum == nil || op.heirs != 1 || op.rows != 3 {
		t.Errorf("after Set(plus, 2) node %p has %+v, want node %p, its function, and what the one before knew", g.Node("adder"), op, n)
	}
	if want := []string{"2", "3", "5"}; !slices.Equal(got.Got, want) {
		t.Errorf("the effect was given %v, want %v", got.Got, want)
	}
	if rows := n.Table().NumRows(); rows != 3 || n.Stats().Cooks != 2 {
		t.Errorf("the table has %d rows and the node %d cooks, want 3 and 2", rows, n.Stats().Cooks)
	}
	want := []graph.Change{
		{Kind: graph.ChangeParam, Node: "/adder", Param: "plus", Value: "2"},
		{Kind: graph.ChangeParam, Node: "/adder", Param: "like", Value: "===tea"},
	}
	if !slices.Equal(changes, want) {
		t.Errorf("Changes() = %+v, want %+v", changes, want)
	}
}

func TestOperatorThatAdoptsNothingMakesItsTableAnew(t *testing.T) {
	g, src, n, got := adding(t)
	src.Ints(1, 2)
	graphtest.Frame(g, 1)
	edit(t, g, func(e *graph.Edit) { e.Set(n, "plus", -1) })
	src.Ints(3)
	graphtest.Frame(g, 2)
	if op := n.Operator().(*adder); op.heirs != 0 || op.rows != 1 {
		t.Errorf("after Set(plus, -1) the operator is %+v, want one that knows nothing", op)
	}
	if rows := n.Table().NumRows(); rows != 1 {
		t.Errorf("the table has %d rows, want those that the new operator wrote: 1", rows)
	}
	if want := []string{"2", "3", "2"}; !slices.Equal(got.Got, want) {
		t.Errorf("the effect was given %v, want %v", got.Got, want)
	}
}

func TestSetIsChecked(t *testing.T) {
	tests := []struct {
		param string
		value any
		want  string
	}{
		{"plus", "11", "set /adder: plus: 11 is not a whole number from -10 to 10"},
		{"plus", "many", `set /adder: plus: "many" is not a whole number from -10 to 10`},
		{"plus", 2.5, "set /adder: plus: 2.5 is not a whole number from -10 to 10"},
		{"plus", 7, "set /adder: plus: 7 is for the lucky"},
		{"pluss", 1, `set /adder: pluss: adder has no such parameter; did you mean "plus"?`},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.param, "=", tt.value), func(t *testing.T) {
			g, _, n, _ := adding(t)
			before, version := n.Operator(), g.Version()
			err := g.Edit(func(e *graph.Edit) {
				e.Set(n, "like", "tea")
				e.Set(n, tt.param, tt.value)
			})
			if err == nil || !containsLine(err, tt.want) {
				t.Errorf("Set(%s, %v) = %v, want %s", tt.param, tt.value, err, tt.want)
			}
			if n.Operator() != before || g.Version() != version || before.(*adder).Like != "" {
				t.Errorf("an edit that failed has changed the operator to %+v", n.Operator())
			}
		})
	}
	t.Run("several together", func(t *testing.T) {
		g, _, n, _ := adding(t)
		edit(t, g, func(e *graph.Edit) {
			e.Set(n, "plus", 7)
			e.Set(n, "like", "lucky")
		})
	})
}

func containsLine(err error, want string) bool {
	var texts []string
	for _, err := range each(err) {
		texts = append(texts, err.Error())
	}
	return slices.Contains(texts, want)
}

func each(err error) []error {
	if many, ok := err.(interface{ WrappedErrors() []error }); ok {
		return many.WrappedErrors()
	}
	return []error{err}
}

func TestInboxGoesOnWithAnotherOperator(t *testing.T) {
	g, got := graph.New(), &graphtest.Recorder{}
	var n *graph.Node
	edit(t, g, func(e *graph.Edit) {
		n = e.Add("net", &graphtest.Network{})
		e.Wire(n, e.Add("out", got))
	})
	put := func(text string) {
		if err := n.Inbox().Put(graph.Event{Data: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	put("a")
	graphtest.Frame(g, 1)
	put("b")
	edit(t, g, func(e *graph.Edit) {
		e.Set(n, "listening", graph.On)
		e.Set(n, "maxlines", 2)
	})
	put("c")
	graphtest.Frame(g, 2)
	if want := []string{"a", "b", "c"}; !slices.Equal(got.Got, want) {
		t.Errorf("the effect was given %v, want %v", got.Got, want)
	}
	if rows := n.Table().NumRows(); rows != 2 {
		t.Errorf("the table has %d rows, want 2", rows)
	}
	events := n.Operator().(*graphtest.Network).Got
	if len(events) != 3 || events[1].Data != nil || string(events[2].Data) != "c" || events[2].Seq != 3 {
		t.Errorf("events %+v, want three, the last one of which came after the operator began to listen", events)
	}
}

func TestReplaceByAnotherTypeMakesAnotherNode(t *testing.T) {
	g, src, n, got := adding(t)
	src.Ints(1)
	graphtest.Frame(g, 1)
	var to *graph.Node
	edit(t, g, func(e *graph.Edit) {
		e.SetBypass(n, true)
		e.SetBypass(n, false)
		to = e.Replace(n, &graphtest.Filter{Keep: func(v table.Value) bool { return v.Int() > 1 }})
	})
	if g.Node("adder") != to || to == n || !slices.Equal(g.Node("out").Inputs(), []*graph.Node{to}) || !slices.Equal(to.Inputs(), []*graph.Node{g.Node("src")}) {
		t.Errorf("Replace gave %v; out reads %v, and it reads %v", to, g.Node("out").Inputs(), to.Inputs())
	}
	src.Ints(5)
	graphtest.Frame(g, 2)
	if want := []string{"2", "5"}; !slices.Equal(got.Got, want) {
		t.Errorf("the effect was given %v, want %v", got.Got, want)
	}
}

func TestTextOfAValueIsReadAsIt(t *testing.T) {
	type all struct {
		graph.Operator `par:"-"`
		Switch         graph.Toggle
		Count          int
		Level          float64
		Text           string
		List           []string
		Rows           [][]any
	}
	d, err := graph.Describe(&all{Operator: &graphtest.Source{}})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]any{
		"switch": {graph.On, graph.Off},
		"count":  {0, -5},
		"level":  {0.1, 1e300},
		"text":   {"", "a b", "=", "=x", "==y", "[1]"},
		"list":   {[]string{"a", "b"}, []string{"a b", ""}, []string{"[a", "b]"}, []string{"=a"}},
		"rows":   {[][]any{{int64(1), 2.5, "a", nil, true}, {[]any{int64(2)}}}},
	}
	for name, list := range values {
		p := d.Param(name)
		for _, v := range list {
			if got, err := p.Read(p.Text(v), nil); err != nil || fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", v) {
				t.Errorf("%s: Read(Text(%#v)) = Read(%q) = %#v, %v", name, v, p.Text(v), got, err)
			}
		}
	}
}
