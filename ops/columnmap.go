package ops

import (
	"slices"
	"strings"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// A columnMap says from which column of the input each column of an operator's table is taken.
type columnMap struct {
	keep   []osc.Scope // names or patterns; none for all columns
	except []osc.Scope
	schema *table.Schema
	from   []int // -1 for a column that the input has no longer
}

// compile reads names and patterns of TouchDesigner's kind; those with a ^ take columns away.
func (m *columnMap) compile(param string, patterns []string) error {
	m.keep, m.except = nil, nil
	for _, p := range patterns {
		var s osc.Scope
		name, excluded := strings.CutPrefix(p, "^")
		if err := s.Parse(name); err != nil {
			return ofParam(param, err)
		}
		if excluded {
			m.except = append(m.except, s)
		} else {
			m.keep = append(m.keep, s)
		}
	}
	return nil
}

// update follows the input's columns. It adds those that are new to w.
func (m *columnMap) update(d table.Delta, w *table.Writer) {
	s := d.Schema()
	if s == m.schema && !d.Reset {
		return
	}
	m.schema, m.from = s, m.from[:0]
	for _, col := range m.pick(s) {
		to := w.Col(s.Name(col))
		for len(m.from) <= to {
			m.from = append(m.from, -1)
		}
		if to >= 0 {
			m.from[to] = col
		}
	}
}

// pick returns the columns of s that are kept, in the order of the patterns.
func (m *columnMap) pick(s *table.Schema) []int {
	var cols []int
	taken := make([]bool, s.Len())
	for k := range max(1, len(m.keep)) {
		for i, name := range s.Names() {
			if !taken[i] && (len(m.keep) == 0 || m.keep[k].Match([]byte(name))) && !m.excludes(name) {
				taken[i] = true
				cols = append(cols, i)
			}
		}
	}
	return cols
}

func (m *columnMap) excludes(name string) bool {
	return slices.ContainsFunc(m.except, func(s osc.Scope) bool { return s.Match([]byte(name)) })
}
