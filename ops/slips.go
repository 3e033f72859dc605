package ops

import (
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// slips warn, once each, of columns that a parameter names and the input lacks. That is no error: a column
// may come later. But it may be a slip, which would pass unseen.
type slips struct {
	looked *table.Schema // of the input when it was looked for them
	warned map[string]bool
}

// differ reports whether the columns of in are others than when slips were looked for last, and there are rows.
func (s *slips) differ(in *table.View) bool {
	if in.Schema() == s.looked || in.NumRows() == 0 {
		return false
	}
	s.looked = in.Schema()
	return true
}

// look warns of those of a parameter's names that the input lacks. Patterns name nothing.
func (s *slips) look(c *graph.Cook, param, msg string, names ...string) {
	for _, name := range names {
		if s.looked.Index(name) >= 0 || s.warned[name] || strings.ContainsAny(name, "*?[^") {
			continue
		}
		if s.warned == nil {
			s.warned = map[string]bool{}
		}
		s.warned[name] = true
		c.Node().Logger().Warn(msg, "param", param, "column", name, "err", noColumn(s.looked, name))
	}
}

// lookIn is look for what no expression reads.
func (s *slips) lookIn(c *graph.Cook, param string, names ...string) {
	s.look(c, param, "a parameter names a column that the input does not have yet", names...)
}

// lookFor is lookIn for the names of one parameter, if the first input's columns have changed.
func (s *slips) lookFor(c *graph.Cook, param string, names ...string) {
	if s.differ(c.In(0).View) {
		s.lookIn(c, param, names...)
	}
}
