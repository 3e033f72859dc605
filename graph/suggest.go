package graph

import (
	"fmt"
	"iter"
	"strings"
)

// DidYouMean returns the end of an error message, `; did you mean "oscin"?`, with the nearest of
// the valid names, or nothing if none is near.
func DidYouMean(got string, valid iter.Seq[string]) string {
	best, nearest := "", len(got)/3+2
	for name := range valid {
		if d := distance(strings.ToLower(got), strings.ToLower(name), nearest); d < nearest {
			best, nearest = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance returns how many bytes must be put in, left out, replaced or swapped with their
// neighbour to turn a into b, or limit if it is at least that (optimal string alignment).
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 2*MaxName || len(b) > 2*MaxName {
		return limit
	}
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return min(last[len(b)], limit)
}
