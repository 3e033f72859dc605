package ops

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linecook.dev/linecook/graph"
)

// A measure is one column that an Aggregate computes.
type measure struct {
	name   string // of the column
	fn     string
	column string  // of the input; empty for count and rate of rows
	p      float64 // of a percentile

	at int // the column it is computed from, among those of the Aggregate
}

var measureNames = []string{"count", "sum", "mean", "min", "max", "first", "last", "median", "p95", "stddev", "rate"}

// parseMeasure reads "mean(arg1)" or "level=mean(arg1)".
func parseMeasure(text string) (measure, error) {
	name, rest, named := strings.Cut(strings.TrimSpace(text), "=")
	if !named {
		name, rest = "", name
	}
	fn, args, hasArgs := strings.Cut(strings.TrimSpace(rest), "(")
	m := measure{name: strings.TrimSpace(name), fn: strings.TrimSpace(fn)}
	if hasArgs {
		column, closed := strings.CutSuffix(args, ")")
		if !closed {
			return m, computeError("%q lacks the ) at its end", text)
		}
		m.column = strings.TrimSpace(column)
	}
	if named && m.name == "" {
		return m, computeError("%q has no name before the =", text)
	}
	if m.name == "" {
		m.name = m.fn
		if m.column != "" {
			m.name += "_" + m.column
		}
	}
	return m, m.check(text)
}

func (m *measure) check(text string) error {
	if digits, ok := strings.CutPrefix(m.fn, "p"); ok {
		if p, err := strconv.ParseFloat(digits, 64); err == nil {
			if !(p >= 0 && p <= 100) {
				return computeError("%q: a percentile is from p0 to p100", text)
			}
			m.fn, m.p = "percentile", p
		}
	}
	if m.fn == "median" {
		m.fn, m.p = "percentile", 50
	}
	if m.fn != "percentile" && (m.fn == "p95" || !slices.Contains(measureNames, m.fn)) {
		return computeError("%q: there is no function %q%s; write one of %s with a column, as mean(arg1)",
			text, m.fn, graph.DidYouMean(m.fn, slices.Values(measureNames)), strings.Join(measureNames, ", "))
	}
	if m.column == "" && m.fn != "count" && m.fn != "rate" {
		return computeError("%q: say of which column, as %s(arg1)", text, strings.TrimSpace(m.fn))
	}
	return nil
}

func computeError(format string, args ...any) error {
	return &graph.ParamError{Param: "compute", Msg: fmt.Sprintf(format, args...)}
}

// numeric reports whether it is computed from numbers.
func (m *measure) numeric() bool {
	return slices.Contains([]string{"sum", "mean", "min", "max", "percentile", "stddev"}, m.fn)
}
