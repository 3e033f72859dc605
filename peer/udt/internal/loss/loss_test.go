package loss_test

import (
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/peer/udt/internal/loss"
	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// TestListIsASet compares the list with a set of numbers, in a window across the wrap.
func TestListIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const window = 60
		base := seqno.Max.Add(-window / 2)
		var list loss.List
		set := map[int]bool{}
		span := func(t *rapid.T) (first, last int) {
			first = rapid.IntRange(0, window).Draw(t, "first")
			return first, rapid.IntRange(first, window).Draw(t, "last")
		}
		t.Repeat(map[string]func(*rapid.T){
			"Add": func(t *rapid.T) {
				first, last := span(t)
				want := 0
				for i := first; i <= last; i++ {
					if !set[i] {
						want++
					}
					set[i] = true
				}
				if got := list.Add(base.Add(first), base.Add(last)); got != want {
					t.Fatalf("Add(%d, %d) = %d, want %d", first, last, got, want)
				}
			},
			"Remove": func(t *rapid.T) {
				first, last := span(t)
				want := 0
				for i := first; i <= last; i++ {
					if set[i] {
						want++
					}
					delete(set, i)
				}
				if got, _ := list.Remove(base.Add(first), base.Add(last)); got != want {
					t.Fatalf("Remove(%d, %d) = %d, want %d", first, last, got, want)
				}
			},
			"RemoveBefore": func(t *rapid.T) {
				_, before := span(t)
				list.RemoveBefore(base.Add(before))
				for i := range before {
					delete(set, i)
				}
			},
			"": func(t *rapid.T) {
				if list.Len() != len(set) {
					t.Fatalf("Len() = %d, want %d", list.Len(), len(set))
				}
				listed, end := 0, -2
				for _, r := range list.Ranges() {
					first, last := r.First.Sub(base), r.Last.Sub(base)
					if first <= end || first > last {
						t.Fatalf("ranges are out of order: %+v", list.Ranges())
					}
					for i := first; i <= last; i++ {
						if !set[i] {
							t.Fatalf("%d is listed and not lost", i)
						}
						listed++
					}
					end = last
				}
				if listed != len(set) {
					t.Fatalf("%d are listed, want %d", listed, len(set))
				}
			},
		})
	})
}
