package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Limit keeps some of the rows at one end of its input.
type Limit struct {
	MaxLines int    `default:"1000" min:"1" max:"10000000" unit:"rows" help:"how many rows the table has at most"`
	Keep     string `default:"last" menu:"last first" help:"last: the newest rows; all that come are passed on, the oldest go. first: the oldest rows of the input, and others when those go"`

	linear
	bounds rowBounds
}

// Describe implements [graph.Describer].
func (*Limit) Describe() graph.Description {
	return graph.Description{
		Name: "limit", Help: "Keeps the newest or the oldest rows.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Limits implements [graph.Limiter].
func (l *Limit) Limits() table.Limits {
	if l.Keep == "first" {
		return table.Limits{}
	}
	return table.Limits{Rows: l.MaxLines}
}

// Cook implements [graph.Operator]. A row that is removed lets an older one in again.
func (l *Limit) Cook(c *graph.Cook) error {
	if l.Keep == "first" {
		d, old, fresh := l.bounds.asked(c, 0, 0, l.MaxLines-1)
		l.cookRows(c, l, d, old, fresh)
		return nil
	}
	d := c.In(0)
	old, fresh := d.Renew()
	if more := d.NumRows() - l.MaxLines; more > 0 {
		old.Lo = min(d.At(more), old.Hi)
	}
	l.cookRows(c, l, d, old, fresh)
	return nil
}

func (l *Limit) columns(_ *graph.Cook, d table.Delta, w *table.Writer) { l.copyAll(d, w) }
