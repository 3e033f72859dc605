package cook_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// newest is an expression: the newest cell of another node.
type newest struct{ node string }

func (x newest) Refs() []string { return []string{x.node} }
func (newest) Timed() bool      { return false }
func (newest) Place() string    { return "show.yaml:7:9" }
func (newest) Eval(c *graph.Cook, first int) (table.Value, error) {
	t := c.Ref(first)
	if t.NumRows() == 0 {
		return table.Value{}, errors.New("there is no row")
	}
	return t.Cell(t.Window().Hi-1, 0), nil
}

// halfFrame is an expression: half of the frame's number.
type halfFrame struct{}

func (halfFrame) Refs() []string { return nil }
func (halfFrame) Timed() bool    { return true }
func (halfFrame) Place() string  { return "" }
func (halfFrame) Eval(c *graph.Cook, _ int) (table.Value, error) {
	return table.IntValue(c.Frame / 2), nil
}

// A scale passes on its input times Factor. Each cook notes what it was given.
type scale struct {
	Factor int `default:"1" min:"1" max:"100"`

	effect bool
	got    []string
}

func (*scale) Describe() graph.Description {
	return graph.Description{Name: "scale", Inputs: graph.Arity{Max: 1}}
}

func (s *scale) Effect() bool { return s.effect }

func (s *scale) Check() error {
	if s.Factor == 13 {
		return &graph.ParamError{Param: "factor", Msg: "13 is unlucky"}
	}
	return nil
}

func (s *scale) Cook(c *graph.Cook) error {
	if c.NumInputs() == 0 {
		s.got = append(s.got, fmt.Sprint(s.Factor))
		return nil
	}
	d := c.In(0)
	rows := d.Appended
	if s.effect {
		rows = d.Fresh
	}
	var values []string
	for row := range d.Rows(rows) {
		values = append(values, fmt.Sprint(" ", row.Get("value").Int()*int64(s.Factor)))
	}
	s.got = append(s.got, fmt.Sprintf("reset %t:", d.Reset)+strings.Join(values, ""))
	return nil
}

// computedRig is a scale that is fed by one source and set by another.
func computedRig(t *testing.T, s *scale) (step func(), data, knob, scaled *graph.Node) {
	e, _ := start(t, func(e *graph.Edit) {
		data, knob = e.Add("data", &graphtest.Source{}), e.Add("knob", &graphtest.Source{})
		scaled = e.Add("scaled", s, graph.Computed{Param: "factor", Value: newest{"knob"}})
		e.Wire(data, scaled)
		e.Wire(scaled, e.Add("out", &graphtest.Recorder{}))
	})
	return e.Step, data, knob, scaled
}

func (s *scale) expect(t *testing.T, what string, want ...string) {
	t.Helper()
	if !slices.Equal(s.got, want) {
		t.Errorf("%s: cooks were given %q, want %q", what, s.got, want)
	}
	s.got = nil
}

func TestComputedParameterFollowsWhatItReads(t *testing.T) {
	s := &scale{}
	step, data, knob, scaled := computedRig(t, s)
	feed(data, 1, 2)
	step()
	s.expect(t, "before there is a value")
	if err := scaled.Err(); err == nil || err.Error() != "param /scaled: there is no row" {
		t.Errorf("Err() = %v, want that there is no row", err)
	}
	feed(knob, 10)
	feed(data, 3)
	step()
	s.expect(t, "with the first value", "reset true: 10 20 30")
	if err := scaled.Err(); err != nil {
		t.Errorf("Err() = %v with a value, want nil", err)
	}
	step()
	feed(knob, 10)
	step()
	s.expect(t, "without a change, and with the same value again")
	feed(data, 4)
	step()
	s.expect(t, "with a change of the input", "reset false: 40")
	feed(knob, 5)
	step()
	s.expect(t, "with a change of the value", "reset true: 5 10 15 20")
	if got := scaled.Stats().Missed; got != 0 {
		t.Errorf("%d rows were missed, want 0", got)
	}
}

func TestComputedParameterKeepsTheLastGoodValue(t *testing.T) {
	s := &scale{}
	step, data, knob, scaled := computedRig(t, s)
	feed(knob, 10)
	step()
	s.got = nil
	for i, want := range []string{
		"param /scaled: factor: show.yaml:7:9: 101 is not a whole number from 1 to 100",
		"param /scaled: factor: show.yaml:7:9: 13 is unlucky",
	} {
		feed(knob, []int64{101, 13}[i])
		feed(data, 1)
		step()
		if err := scaled.Err(); err == nil || err.Error() != want {
			t.Errorf("Err() = %v, want %s", err, want)
		}
	}
	s.expect(t, "with values that are no good", "reset false: 10", "reset false: 10")
	feed(knob, 10)
	step()
	s.expect(t, "back at the value it has")
	if err := scaled.Err(); err != nil {
		t.Errorf("Err() = %v, want nil", err)
	}
}

func TestEffectWithComputedParameterGetsNoRowTwice(t *testing.T) {
	s := &scale{effect: true}
	step, data, knob, _ := computedRig(t, s)
	feed(data, 1)
	step()
	feed(knob, 2)
	step()
	feed(knob, 3)
	step()
	feed(data, 2)
	step()
	s.expect(t, "an effect", "reset false: 2", "reset false:", "reset false: 6")
}

func TestTimedParameterIsComputedInEveryFrame(t *testing.T) {
	s, idle := &scale{}, &scale{}
	e, _ := start(t, func(e *graph.Edit) {
		out := e.Add("out", &graphtest.Recorder{})
		e.Wire(e.Add("scaled", s, graph.Computed{Param: "factor", Value: halfFrame{}}), out)
		e.Add("unwanted", idle, graph.Computed{Param: "factor", Value: halfFrame{}})
	})
	for range 7 {
		e.Step()
	}
	// 0, in frame 1, means the default.
	s.expect(t, "over 7 frames", "1", "2", "3")
	idle.expect(t, "what nothing wants")
}

func TestTimedParameterMakesNoFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) {
			scaled := e.Add("scaled", &scale{}, graph.Computed{Param: "factor", Value: halfFrame{}})
			e.Wire(scaled, e.Add("out", &graphtest.Recorder{}))
		}); err != nil {
			t.Fatal(err)
		}
		e, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := e.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if got := e.Stats().Frames; got > 5 {
			t.Errorf("%d frames in an hour in which nothing arrives, want those of the start and the end", got)
		}
	})
}
