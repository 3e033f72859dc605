package cook_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// A fussy fails at rows with odd values, and panics at those over 1000.
type fussy struct{}

func (fussy) Effect() bool { return true }

func (fussy) Cook(c *graph.Cook) error {
	d := c.In(0)
	c.EachNew(d, func(row table.Row) error {
		switch v := row.Cell(0).Int(); {
		case v > 1000:
			panic("too large")
		case v%2 != 0:
			return errors.New("odd")
		}
		return nil
	})
	return nil
}

// A spectator keeps what it sees fail.
type spectator struct {
	seen  map[*graph.Node]uint64
	looks int
	cooks int
	saw   []string
}

func (*spectator) Effect() bool { return true }

func (s *spectator) Cook(*graph.Cook) error {
	s.cooks++
	return nil
}

// Look implements [graph.Looker].
func (s *spectator) Look(at graph.Sight) bool {
	s.looks++
	for _, n := range at.Failed {
		for f := range n.FailuresSince(s.seen[n]) {
			s.seen[n] = f.Seq
			s.saw = append(s.saw, fmt.Sprintf("%d %s %s %d %v %d %s", f.Frame, n, f.Kind, f.Count, f.Err, f.Row, f.Sample))
		}
	}
	return len(at.Failed) > 0
}

// A row that fails is kept with its error, and seen at the end of its frame; who saw it cooks in the next.
func TestLookersSeeRowsThatFailed(t *testing.T) {
	look := &spectator{seen: map[*graph.Node]uint64{}}
	var src *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		e.Add("a", look) // before the others
		src = e.Add("src", &graphtest.Source{})
		e.Wire(src, e.Add("fussy", fussy{}))
	})
	e.Step()
	feed(src, 2, 3, 1001)
	e.Step()
	cooks := look.cooks
	feed(src, 5)
	e.Step()
	want := []string{
		`2 /fussy row 1 row 1: odd 1 {"value":3}`, `2 /fussy row 1 panic: too large 2 {"value":1001}`, `3 /fussy row 1 row 3: odd 3 {"value":5}`,
	}
	if !slices.Equal(look.saw, want) {
		t.Errorf("a looker saw\n%q, want\n%q", look.saw, want)
	}
	if look.looks != 3 || look.cooks != cooks+1 {
		t.Errorf("in 3 frames it looked %d times, and in the one after the first failure it cooked %d times; want 3 and once", look.looks, look.cooks-cooks)
	}
}

// However many rows fail, the first hundred of a frame are kept, and the count is of all.
func TestFailuresAreBounded(t *testing.T) {
	var src, n *graph.Node
	e, _ := start(t, func(e *graph.Edit) {
		src, n = e.Add("src", &graphtest.Source{}), e.Add("fussy", fussy{})
		e.Wire(src, n)
	})
	for range 3 {
		for range 1000 {
			feed(src, 1)
		}
		e.Step()
	}
	var rows []uint64
	total := uint64(0)
	for f := range n.FailuresSince(0) {
		rows, total = append(rows, f.Row), total+f.Count
	}
	if len(rows) != 100 || rows[0] != 2000 || rows[99] != 2099 || total != 1000 {
		t.Errorf("of three frames with 1000 failures each %d are kept, of rows %v, and count %d; want 100, from 2000 to 2099, and 1000", len(rows), rows, total)
	}
}
