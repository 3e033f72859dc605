package ops

import (
	"fmt"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Sample passes on some of the rows.
type Sample struct {
	Every   int      `default:"1" min:"1" unit:"rows" help:"pass on the first row, and then every n-th"`
	Rate    float64  `default:"0" min:"0" unit:"rows per second" help:"pass on at most so many rows in a second, evenly spaced; 0: as many as come"`
	Key     []string `help:"columns whose cells together are a key, as address: each key is sampled by itself"`
	MaxKeys int      `default:"10000" min:"1" max:"1000000" help:"how many keys are remembered; a row of one more is an error, and is passed on"`

	linear
	keys  rowKeys
	state []sampled // of each key
	was   rowMap    // which rows were passed on before a Reset
	seen  uint64    // rows of the input below it were judged
}

// A sampled is what is known of a key.
type sampled struct {
	rows   uint64        // that came
	passed bool          // one was passed on
	last   time.Duration // when that was
}

// Describe implements [graph.Describer].
func (*Sample) Describe() graph.Description {
	return graph.Description{
		Name: "sample", Help: "Passes on every n-th row, or at most so many in a second.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Sample) Check() error {
	s.keys.limit = s.MaxKeys
	return nil
}

// Cook implements [graph.Operator]. Rows that are in the table again after a Reset have their verdict:
// time has passed since.
func (s *Sample) Cook(c *graph.Cook) error {
	s.cook(c, s)
	s.seen = c.In(0).Window().Hi
	return nil
}

func (s *Sample) renew(*table.Writer) { s.was, s.source = s.source, s.was }

func (s *Sample) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	s.copyAll(d, w)
	s.keys.follow(d.Schema(), s.Key)
}

func (s *Sample) pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32 {
	for i := range b.Len() {
		if row := b.First() + uint64(i); row < s.seen {
			if _, passed := s.was.find(row); passed {
				rows = append(rows, int32(i))
			}
			continue
		}
		key, isNew := s.keys.of(b, i)
		if key < 0 {
			c.Report(rowFailed(v.RowOf(b, i), fmt.Errorf("it has one key more than the %d of maxkeys", s.MaxKeys)))
			rows = append(rows, int32(i))
			continue
		}
		if isNew {
			s.state = append(s.state, sampled{})
		}
		if s.passes(&s.state[key], c.Time) {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// passes judges the next row of a key.
func (s *Sample) passes(k *sampled, now time.Duration) bool {
	k.rows++
	if (k.rows-1)%uint64(s.Every) != 0 {
		return false
	}
	if s.Rate > 0 && k.passed && (now-k.last).Seconds()*s.Rate < 1-1e-9 {
		return false
	}
	k.passed, k.last = true, now
	return true
}
