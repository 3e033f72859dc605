package graph

import (
	"fmt"
	"iter"
	"slices"
)

// A Change is something that was done to a graph, for whoever records it.
type Change struct {
	Kind  ChangeKind
	Node  Path
	Param string // of ChangeParam and ChangePulse
	Value string // of ChangeParam as [Param.Read] has it, of a flag and of ChangeWatch "on" or "off"
	Patch any    // of ChangePatch: what the one who changed the patch says of it
}

// A ChangeKind says what was done.
type ChangeKind uint8

// The kinds of changes.
const (
	ChangeParam  ChangeKind = iota // a parameter was set
	ChangeActive                   // a node was made to work or not
	ChangeBypass                   // a node was bypassed or not
	ChangePulse                    // a parameter that is a button was pressed
	ChangeWiring                   // nodes were added, removed, replaced or wired by a program
	ChangePatch                    // the graph is that of another patch
	ChangeWatch                    // a node came to be wanted by somebody outside of the graph, or is no more
)

// Changes walks what the edit does, in order. After a change of the patch nothing else is told.
func (e *Edit) Changes() iter.Seq[Change] { return slices.Values(e.changes) }

// Tell says that the edit makes the graph that of another patch, which what stands for: this is then all
// that [Edit.Changes] tells.
func (e *Edit) Tell(what any) { e.changes, e.told = []Change{{Kind: ChangePatch, Patch: what}}, true }

func (e *Edit) note(c Change) {
	if !e.told {
		e.changes = append(e.changes, c)
	}
}

func onOff(on bool) string {
	if on {
		return On.String()
	}
	return Off.String()
}

// valueText returns what a parameter of op was set to, as [Param.Read] reads it.
func valueText(p *Param, op Operator, v any) string {
	if x, ok := v.(Expression); ok {
		return fmt.Sprintf("=%v", x)
	}
	return p.Text(p.Get(op))
}
