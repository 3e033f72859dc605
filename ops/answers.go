package ops

import "linecook.dev/linecook/graph"

// Answers is the parameters of operators that send datagrams or OSC, about what comes back. Unless somebody
// asks for that, it is not even read.
type Answers struct {
	Replies bool `help:"make a row of each reply; without it, and without callbacks, replies are not read"`
	Extras
	Window
	Hooks
}

// wanted reports whether replies are read.
func (a *Answers) wanted() bool { return a.Replies || a.Hooks.any() }

// check reports parameters of op about replies that are not read, by the names that they have in every
// such operator and in others.
func (a *Answers) check(op graph.Operator, callbacks []string, others ...string) error {
	err := a.Hooks.check(callbacks...)
	if err == nil && !a.wanted() {
		err = misplaced(op, "replies: on", append(others, "bytes", "peer", "time", "clamp", "maxlines")...)
	}
	return err
}
