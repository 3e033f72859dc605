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

// A trouble is what a goroutine of a node last said of what it cannot do.
type trouble struct {
	kind FaultKind
	err  error
}

// SetTrouble says what keeps the node from what it does outside the cooks, as [FaultConnect] or
// [FaultRead], and nil that nothing does. Any goroutine of the node may call it, always with the same
// kind; it is shown from the next frame on.
func (n *Node) SetTrouble(kind FaultKind, err error) {
	n.trouble.Store(&trouble{kind, err})
	n.Touch()
}

// showTrouble shows what SetTrouble said since the last frame.
func (n *Node) showTrouble(at Moment) {
	switch t := n.trouble.Swap(nil); {
	case t == nil:
	case t.err != nil:
		n.fail(t.kind, at, 1, t.err)
	default:
		n.faults[t.kind].Active = false
	}
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
