package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Substitute replaces text in cells.
type Substitute struct {
	Before  string       `help:"what to replace: text with * ? [abc], of which \\ takes the meaning"`
	After   string       `help:"what to put in its place"`
	Match   string       `default:"anywhere" menu:"anywhere exact start end" help:"where before must be: anywhere in a cell, each time; be all of it; at its start; or at its end"`
	Case    graph.Toggle `default:"on" help:"small and capital letters differ"`
	First   bool         `help:"anywhere: replace only the first in a cell"`
	Columns []string     `help:"names or patterns (* ? [abc], ^ excludes) of the columns to look at; all without it"`

	computing
	scope columnScope
	named slips
	own   *substitution // of before and after; nil without before
	read  bool          // rules are as the second input says
	rules []*substitution
	from  []int // columns that are looked at

	numbers    bool // a rule may find something in a number
	text, next []byte
}

// Describe implements [graph.Describer].
func (*Substitute) Describe() graph.Description {
	return graph.Description{
		Name: "substitute", Help: "Replaces text in cells. A second input has more pairs: columns before and after, or its first two. " +
			"Numbers are looked at as text; one in which something is replaced becomes text.",
		Inputs: graph.Arity{Min: 1, Max: 2}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Substitute) Check() (err error) {
	s.own, s.read = nil, false
	if s.Before != "" {
		s.own, err = s.rule(s.Before, s.After)
	}
	return checkAll(ofParam("before", err), s.scope.compile("columns", s.Columns))
}

func (s *Substitute) rule(before, after string) (*substitution, error) {
	return newSubstitution(before, after, s.Match, s.Case.On(), s.First)
}

// Cook implements [graph.Operator].
func (s *Substitute) Cook(c *graph.Cook) error {
	s.named.lookFor(c, "columns", s.Columns...)
	d := c.Changes(0)
	d.Reset = s.readPairs(c) || d.Reset
	old, fresh := d.Renew()
	s.cookRows(c, s, d, old, fresh)
	return nil
}

// readPairs finds out what is to be replaced, and reports whether that has changed.
func (s *Substitute) readPairs(c *graph.Cook) bool {
	paired := c.NumInputs() > 1
	if s.read && (!paired || c.In(1).Empty()) {
		return false
	}
	s.read, s.rules, s.numbers = true, nil, false
	if s.own != nil {
		s.add(s.own)
	}
	if !paired {
		return false
	}
	v := c.In(1).View
	before, after := v.Schema().Index("before"), v.Schema().Index("after")
	if before < 0 || after < 0 {
		before, after = 0, 1
	}
	for row := range v.Rows(v.Window()) {
		text := row.Cell(before).String()
		if text == "" {
			continue
		}
		rule, err := s.rule(text, row.Cell(after).String())
		if err != nil {
			c.Report(fmt.Errorf("second input, row %d: %w", row.Number(), err))
			continue
		}
		s.add(rule)
	}
	return true
}

func (s *Substitute) add(rule *substitution) {
	s.rules = append(s.rules, rule)
	s.numbers = s.numbers || rule.numbers
}

func (s *Substitute) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	s.copyAll(d, w)
	s.from = s.scope.pick(d.Schema())
	cells := s.computes(len(s.from))
	for k, col := range s.from {
		cells[k].to, cells[k].over = w.Col(d.Schema().Name(col)), true
	}
}

func (s *Substitute) pick(_ *graph.Cook, _ *table.View, b table.Block, rows []int32) []int32 {
	for k, col := range s.from {
		out := &s.cells[k]
		out.begin(b.Len())
		kinds, _ := b.Column(col)
		for i, kind := range kinds {
			if kind >= table.KindString || s.numbers {
				s.cell(out, int32(i), kind, b.Value(i, col))
			}
		}
	}
	return allRows(b, rows)
}

// cell sets cell i of out to what becomes of v, if something does.
func (s *Substitute) cell(out *cellColumn, i int32, k table.Kind, v table.Value) {
	switch k {
	case table.KindBytes, table.KindList, table.KindPeer, table.KindNil, table.KindInfinitum:
		return
	case table.KindString, table.KindSymbol:
		s.text = append(s.text[:0], v.Str()...)
	default:
		k = table.KindString
		s.text = v.AppendText(s.text[:0])
	}
	if !s.replace() {
		return
	}
	at := len(out.text)
	out.text = append(out.text, s.text...)
	out.setText(i, k, at)
}

// replace applies every rule to s.text, one after the other.
func (s *Substitute) replace() (changed bool) {
	for _, rule := range s.rules {
		var hit bool
		if s.next, hit = rule.apply(s.next[:0], s.text); hit {
			s.text, s.next = s.next, s.text
			changed = true
		}
	}
	return changed
}
