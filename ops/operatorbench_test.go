package ops_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// benchRows is how many rows one benchmarked frame appends and expires.
const benchRows = 250

// A supply is an input of benchmarks: 64 keys, and n that counts, or text beside it.
type supply struct {
	Limit  int  `par:"limit" default:"0"`
	Text   bool `par:"text"`
	rows   int
	serial int64
	keys   []string
}

func (s *supply) Limits() table.Limits { return table.Limits{Rows: s.Limit, Bytes: 1 << 30} }

// Cook implements [graph.Operator].
func (s *supply) Cook(c *graph.Cook) error {
	w := c.Out()
	w.AddCols("id", "key", "n", "text")
	for len(s.keys) < 64 {
		s.keys = append(s.keys, fmt.Sprintf("/fader/%d", len(s.keys)))
	}
	for range s.rows {
		s.serial++
		w.Row()
		w.SetInt(0, s.serial)
		w.SetFloat64(2, float64(s.serial%128))
		if s.Text {
			w.SetString(1, s.keys[s.serial%64])
			w.SetString(3, "a message of the usual length")
		} else {
			w.SetInt(1, s.serial%64)
		}
	}
	s.rows = 0
	return nil
}

// A bench is an operator behind supplies, of which the first has a number of rows stored.
type bench struct {
	tb     testing.TB
	node   *graph.Node
	inputs []*graph.Node
	reader *table.Cursor
	frame  int64
	Spent  time.Duration // in the operator's cooks
}

// newBench stores rows in the first input, and at most 1000 in each of the others.
func newBench(tb testing.TB, op graph.Operator, inputs, stored int, text bool) *bench {
	var supplies []graph.Operator
	for i := range inputs {
		s := &supply{Limit: stored, Text: text}
		if i > 0 {
			s.Limit = min(stored, 1000)
		}
		supplies = append(supplies, s)
	}
	b := &bench{tb: tb}
	_, b.node, b.inputs = graphOf(tb, likeness(op), supplies)
	b.reader = b.node.Table().Reader()
	for i, s := range supplies {
		for left := s.(*supply).Limit; left > 0; left -= 10_000 {
			b.cook(min(left, 10_000), i)
		}
	}
	return b
}

// cook makes a frame in which an input has new rows, and counts the time that the operator takes.
func (b *bench) cook(rows, input int) {
	b.frame++
	at := oracleTime(b.frame)
	b.inputs[input].Operator().(*supply).rows = rows
	if _, _, err := b.inputs[input].Run(b.frame, at); err != nil {
		b.tb.Fatal(err)
	}
	start := time.Now()
	if _, _, err := b.node.Run(b.frame, at); err != nil {
		b.tb.Fatal(err)
	}
	b.Spent += time.Since(start)
	b.reader.Advance()
	b.node.Release()
	b.inputs[input].Release()
}

// eachBench gives every operator of oracleCases, with its parameters in the name.
func eachBench(f func(name string, c oracleCase, op graph.Operator)) {
	for _, name := range slices.Sorted(maps.Keys(oracleCases)) {
		c := oracleCases[name]
		for i, op := range c.operators {
			f(fmt.Sprintf("%s/%d", name, i), c, op)
		}
	}
}

func TestOperatorsAllocateNothing(t *testing.T) {
	eachBench(func(name string, c oracleCase, op graph.Operator) {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, op, max(1, c.inputs), 1000, true)
			for range 200 {
				b.cook(benchRows, 0)
			}
			if n := testing.AllocsPerRun(100, func() { b.cook(benchRows, 0) }); n != 0 {
				t.Errorf("%s of %+v: a frame with %d new rows allocates %v times, want 0", name, op, benchRows, n)
			}
		})
	})
}

// BenchmarkOperators is the time of an operator's cook for a row that its first input gained and one
// that it lost, with few and with many rows stored.
func BenchmarkOperators(b *testing.B) {
	eachBench(func(name string, c oracleCase, op graph.Operator) {
		for _, text := range []bool{false, true} {
			for _, stored := range []int{1_000, 1_000_000} {
				b.Run(fmt.Sprintf("%s/text=%t/stored=%d", name, text, stored), func(b *testing.B) {
					bench := newBench(b, op, max(1, c.inputs), stored, text)
					bench.Spent = 0
					for b.Loop() {
						bench.cook(benchRows, 0)
					}
					b.ReportMetric(float64(bench.Spent.Nanoseconds())/float64(b.N*benchRows), "ns/row")
				})
			}
		}
	})
}
