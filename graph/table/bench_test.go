package table_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/graph/table"
)

// frameRows is how many rows one benchmarked frame appends and expires.
const frameRows = 100

// filled returns a source whose table has the given number of rows of numbers, and of text if so
// wanted.
func filled(rows int, write func(*source, int)) *source {
	s := newSource(table.Limits{Rows: rows, Bytes: 1 << 30})
	for s.t.NumRows() < rows {
		write(s, min(rows, 10_000))
		s.t.Commit(s.w)
	}
	return s
}

// benchmark runs frame at two sizes of tables and reports the time for a row.
func benchmark(b *testing.B, write func(*source, int), frame func(*source, *table.Cursor) int) {
	for _, rows := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			s := filled(rows, write)
			cur := s.t.Reader()
			cur.Advance()
			sum := 0
			b.ReportAllocs()
			for b.Loop() {
				write(s, frameRows)
				s.t.Commit(s.w)
				sum += frame(s, cur)
				cur.Advance()
			}
			if sum < 0 {
				b.Fatal(sum)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*frameRows), "ns/row")
		})
	}
}

func none(*source, *table.Cursor) int { return 0 }

func BenchmarkAppendNumbers(b *testing.B) { benchmark(b, (*source).numbers, none) }
func BenchmarkAppendStrings(b *testing.B) { benchmark(b, (*source).strings, none) }

func BenchmarkDeltaColumn(b *testing.B) {
	benchmark(b, (*source).numbers, func(s *source, cur *table.Cursor) (sum int) {
		d := cur.Delta()
		for block := range d.Blocks(d.Appended) {
			kinds, nums := block.Column(s.num)
			for i, k := range kinds {
				if k == table.KindInt {
					sum += int(nums[i])
				}
			}
		}
		return sum
	})
}

func BenchmarkDeltaRows(b *testing.B) {
	benchmark(b, (*source).numbers, func(s *source, cur *table.Cursor) (sum int) {
		d := cur.Delta()
		for row := range d.Rows(d.Appended) {
			sum += int(row.Cell(s.num).Int())
		}
		return sum
	})
}

// BenchmarkCommit commits one row at a time; BenchmarkSnapshot publishes each commit too.
func BenchmarkCommit(b *testing.B)   { benchmarkCommit(b, func(*table.Table) {}) }
func BenchmarkSnapshot(b *testing.B) { benchmarkCommit(b, func(t *table.Table) { t.Snapshot() }) }

func benchmarkCommit(b *testing.B, then func(*table.Table)) {
	for _, rows := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			s := filled(rows, (*source).numbers)
			b.ReportAllocs()
			for b.Loop() {
				s.numbers(1)
				s.t.Commit(s.w)
				then(s.t)
			}
		})
	}
}
