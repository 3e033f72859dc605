package ops_test

import (
	"testing"

	"linecook.dev/linecook/ops"
)

func TestReorder(t *testing.T) {
	expectBehind(t, &ops.Reorder{Order: []string{"z", "x*"}}, xyz(), "z x1 y1 ", "", "3|1|2")
	expectBehind(t, &ops.Reorder{Order: []string{"z", "x*"}, Delete: true}, xyz(), "z x1 ", "", "3|1")
	expectBehind(t, &ops.Reorder{Method: "specifyindex", Order: []string{"-1", "-1", "3"}}, xyz(), "z x1 y1 ", "", "3|1|2")
	expectBehind(t, &ops.Reorder{Method: "reverse"}, xyz(), "z y1 x1 ", "", "3|2|1")
	expectBehind(t, &ops.Reorder{Method: "swapnames", Before: []string{"x1"}, After: []string{"z"}}, xyz(), "z y1 x1 ", "", "3|2|1")
	expectBehind(t, &ops.Reorder{Method: "swapindices", Before: []string{"0"}, After: []string{"1"}}, xyz(), "y1 x1 z ", "", "2|1|3")
}

func TestReorderErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Reorder{}),
		"add /n: order: is missing; this method needs it", "wire /n: reorder has 0 inputs; it takes 1")
	expect(t, "mistakes", mistakes(&ops.Reorder{Method: "swapindices", Before: []string{"a"}, After: []string{"1", "2"}}),
		"add /n: after: there are 2 columns for the 1 of before; give one for each",
		`add /n: before: "a" is no whole number; columns are counted from 0`,
		"wire /n: reorder has 0 inputs; it takes 1")
}
