package ops

import (
	"slices"
	"strings"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// A columnScope is which columns an operator is about, as names or patterns of TouchDesigner's kind
// say it. The zero columnScope has all of them.
type columnScope struct {
	keep   []osc.Scope // none for all columns
	except []osc.Scope
}

// compile reads names and patterns; those with a ^ take columns away.
func (m *columnScope) compile(param string, patterns []string) error {
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

// pick returns the columns of s that are in scope, in the order of the patterns.
func (m *columnScope) pick(s *table.Schema) []int {
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

// has reports whether a column is in scope.
func (m *columnScope) has(name string) bool {
	in := func(s osc.Scope) bool { return s.Match([]byte(name)) }
	return (len(m.keep) == 0 || slices.ContainsFunc(m.keep, in)) && !m.excludes(name)
}

func (m *columnScope) excludes(name string) bool {
	return slices.ContainsFunc(m.except, func(s osc.Scope) bool { return s.Match([]byte(name)) })
}
