package patches_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/patches"
)

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("nodes=%d", n), func(b *testing.B) {
			src, reg := []byte(prelude+"  n0: {table: }\n"+chain(n-1, 1)), registry()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := patches.Parse(src, "p.yaml", nil, reg); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/node")
		})
	}
}

// Ten times the nodes must not cost more than ten times the work, with something to spare.
func TestParseIsLinear(t *testing.T) {
	reg := registry()
	allocs := func(n int) float64 {
		src := []byte(prelude + "  n0: {table: }\n" + chain(n-1, 1))
		return testing.AllocsPerRun(1, func() { patches.Parse(src, "p.yaml", nil, reg) })
	}
	if small, large := allocs(1000), allocs(10_000); large > 12*small {
		t.Errorf("Parse of 10,000 nodes: %.0f allocations, of 1,000 nodes: %.0f; want at most 12 times as many", large, small)
	}
}
