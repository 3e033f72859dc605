package graph

import (
	"slices"
	"time"
)

// Limits of nodes whose goroutines panic (reliability R4).
const (
	crashPause    = 100 * time.Millisecond // before the first restart; doubles with each
	maxCrashPause = 30 * time.Second
	crashWindow   = time.Minute
	maxCrashes    = 5 // within the window; then the node stays closed until it is edited
)

// crashes are the times of a node's latest crashes.
type crashes []time.Duration

// add notes a crash and returns when the node may be opened again, Never if it may not.
func (c *crashes) add(at time.Duration) time.Duration {
	*c = append(slices.DeleteFunc(*c, func(t time.Duration) bool { return t <= at-crashWindow }), at)
	if len(*c) > maxCrashes {
		return Never
	}
	return at + min(crashPause<<(len(*c)-1), maxCrashPause)
}

// Crashed reports whether a goroutine of the node has panicked since it was asked last, and when
// the node may be opened again. The panic is shown on the node. It is for engines.
func (n *Node) Crashed(at Moment) (crashed bool, restart time.Duration) {
	p := n.crash.Swap(nil)
	if p == nil {
		return false, 0
	}
	n.fail(FaultStart, at, 1, p)
	return true, n.crashes.add(at.Time)
}
