package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Switch passes on one of its inputs.
type Switch struct {
	Index  int    `default:"0" help:"which input, counted from 0"`
	Extend string `default:"clamp" menu:"clamp loop zigzag" help:"what an index means that no input has. clamp: the first or the last input; loop: counted from the first again; zigzag: back and forth"`

	linear
	at int // the input that is passed on, or was
}

// Describe implements [graph.Describer].
func (*Switch) Describe() graph.Description {
	return graph.Description{
		Name: "switch", Help: "Passes on one of its inputs. Columns of others that it passed on before stay, and are empty.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassLinear,
	}
}

// Cook implements [graph.Operator].
func (s *Switch) Cook(c *graph.Cook) error {
	at := extend(s.Index, c.NumInputs(), s.Extend)
	d := c.Changes(at)
	d.Reset = d.Reset || at != s.at
	s.at = at
	old, fresh := d.Renew()
	s.cookRows(c, s, d, old, fresh)
	return nil
}

// extend returns which of n inputs an index means.
func extend(i, n int, how string) int {
	switch how {
	case "loop":
		return ((i % n) + n) % n
	case "zigzag":
		if n == 1 {
			return 0
		}
		period := 2 * (n - 1)
		i = ((i % period) + period) % period
		return min(i, period-i)
	}
	return min(max(i, 0), n-1)
}

func (s *Switch) columns(_ *graph.Cook, d table.Delta, w *table.Writer) { s.copyAll(d, w) }
