package monitor

import (
	"slices"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// whyAnswer says why a node cooks, or does not.
type whyAnswer struct {
	Wanted   bool      `json:"wanted"`
	WantedBy []string  `json:"wantedBy"`
	Dirty    bool      `json:"dirty"`
	LastCook *lastCook `json:"lastCook,omitempty"`
}

type lastCook struct {
	Frame  int64   `json:"frame"`
	Time   float64 `json:"time"`
	Reason string  `json:"reason,omitempty"`
}

func whyOf(p cook.Peek, n *graph.Node, i int) whyAnswer {
	a := whyAnswer{Wanted: p.Wanted(i), WantedBy: wantedBy(p, n, i), Dirty: p.Dirty(i)}
	if s := n.Tally(); s.Cooks > 0 {
		a.LastCook = &lastCook{Frame: s.Cooked.Frame, Time: s.Cooked.Time.Seconds()}
	}
	return a
}

// wantedBy returns what asks for node i: its own effect, who watches it, and the nodes that read it.
func wantedBy(p cook.Peek, n *graph.Node, i int) []string {
	by := []string{}
	if n.IsEffect() {
		by = append(by, "effect")
	}
	if p.Watched(i) {
		by = append(by, "watched")
	}
	// Who reads it in two ways, by a wire and by op('a'), is there twice in a row.
	for _, reader := range slices.Compact(slices.Clone(p.Readers(i))) {
		if p.Wanted(reader) {
			by = append(by, p.Nodes[reader].String())
		}
	}
	return by
}
