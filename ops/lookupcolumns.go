package ops

import (
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// Matching is the parameters of operators that find rows of a second input by their keys.
type Matching struct {
	By      []string `required:"true" help:"columns of the first input whose cells together are the key"`
	On      []string `help:"columns of the second input that have the key, in the same order; without it those of by"`
	Columns []string `help:"names or patterns (* ? [abc], ^ excludes) of the columns to take from the second input; all but those of on without it"`

	keys columnKeys
}

// columnKeys is what Matching says, read.
type columnKeys struct {
	left, right  keyColumns
	keep, except []osc.Scope
}

func (m *Matching) check() error {
	m.keys = columnKeys{}
	m.keys.left.names, m.keys.right.names = m.By, m.on()
	errs := []error{checkKeys("by", m.By), checkKeys("on", m.On)}
	if len(m.On) > 0 && len(m.On) != len(m.By) {
		errs = append(errs, &graph.ParamError{Param: "on", Msg: "it has another number of columns than by"})
	}
	for _, p := range m.Columns {
		var s osc.Scope
		name, excluded := strings.CutPrefix(p, "^")
		errs = append(errs, ofParam("columns", s.Parse(name)))
		if excluded {
			m.keys.except = append(m.keys.except, s)
		} else {
			m.keys.keep = append(m.keys.keep, s)
		}
	}
	return checkAll(errs...)
}

func (m *Matching) on() []string {
	if len(m.On) > 0 {
		return m.On
	}
	return m.By
}

// takes reports whether a column of the second input is taken.
func (m *Matching) takes(name string) bool {
	match := func(s osc.Scope) bool { return s.Match([]byte(name)) }
	if len(m.keys.keep) == 0 && slices.Contains(m.on(), name) {
		return false
	}
	return (len(m.keys.keep) == 0 || slices.ContainsFunc(m.keys.keep, match)) && !slices.ContainsFunc(m.keys.except, match)
}

// A sideCopy copies the columns of two inputs to one table. A column of the second input that has the
// name of one of the first has _2 behind it.
type sideCopy struct {
	left        columnCopy
	rightSchema *table.Schema
	leftSchema  *table.Schema
	right       []int // of the table; -1 for one that is not taken
}

// change reports whether these are other columns than before.
func (s *sideCopy) change(left, right *table.Schema) bool {
	return s.leftSchema != nil && (left != s.leftSchema || right != s.rightSchema)
}

// update follows the columns of both inputs. Until the first has some there are none, so that they have the
// same order whichever input is the first to have rows.
func (s *sideCopy) update(m *Matching, left, right *table.Schema, w *table.Writer) {
	m.keys.left.update(left)
	m.keys.right.update(right)
	if left.Len() == 0 || left == s.leftSchema && right == s.rightSchema {
		return
	}
	s.leftSchema, s.rightSchema = left, right
	s.left.update(left, w)
	s.right = s.right[:0]
	for _, name := range right.Names() {
		to := -1
		if m.takes(name) {
			if left.Index(name) >= 0 {
				name += "_2"
			}
			to = w.Col(name)
		}
		s.right = append(s.right, to)
	}
}

// copyRight copies the cells of a row of the second input.
func (s *sideCopy) copyRight(w *table.Writer, row table.Row) {
	for from, to := range s.right {
		if to >= 0 {
			w.Copy(to, row, from)
		}
	}
}
