package bench

import (
	"slices"
	"strings"
)

const byHand = "by hand"

// experiments returns all of them, in the order of the table.
func experiments() []experiment {
	return []experiment{
		{Result{What: "TCP lines in, split, filter, append: processor time", Unit: "ns/line", By: byHand, Bound: 1.5}, linesOurs, linesByHand},
		{Result{What: "UDP in to UDP out on arrival, 2,000 a second: median", Unit: "us", By: byHand, Bound: 1.1}, forwardOurs, forwardByHand},
		{Result{What: "a leaf of a tree of 10,000 nodes changes, 13 cook", Unit: "ns", By: byHand, Bound: 2}, treeOurs, treeByHand},
		{Result{What: "a frame of 100,000 nodes in which nothing changes", Unit: "ns", Bound: 100}, idleOurs, nil},
		{Result{What: "100,000 messages a second, 10 operators, 60 fps: of a frame", Unit: "%", Bound: 10}, framesOurs, nil},
		{Result{What: "memory of a row of four numbers", Unit: "bytes", Bound: 64}, rowMemory, nil},
		{Result{What: "memory of an idle TCP peer", Unit: "bytes", Bound: 16 << 10}, peerMemory, nil},
	}
}

// Names returns what can be measured.
func Names() (out []string) {
	for _, x := range experiments() {
		out = append(out, x.What)
	}
	return out
}

func named(what string, parts []string) bool {
	return len(parts) == 0 || slices.ContainsFunc(parts, func(p string) bool {
		return strings.Contains(strings.ToLower(what), strings.ToLower(p))
	})
}
