package take

import (
	"encoding/json"
	"fmt"

	"linecook.dev/linecook/graph"
)

// A Change is something that was done to the graph from outside, as [graph.Change] has it. The Patch of a
// ChangePatch is what an Info says of one: Patch, Files, Set and Params.
type Change struct {
	Kind  graph.ChangeKind
	Node  graph.Path
	Param string
	Value string
	Patch *Info
}

// The fields of a change.
const (
	changeKind  = 1
	changeNode  = 2
	changeParam = 3
	changeValue = 4
	changePatch = 5
)

// Changed records a change, which the next frame sees first. What it says of a patch is an *[Info].
func (r *Recorder) Changed(_ graph.Moment, c graph.Change) {
	change := Change{Kind: c.Kind, Node: c.Node, Param: c.Param, Value: c.Value}
	if c.Kind == graph.ChangePatch || c.Kind == graph.ChangeWiring {
		change.Patch, _ = c.Patch.(*Info)
		r.tables = nil // another node may have the path of one that has gone
		clear(r.cooked)
	}
	r.frame.Changes = append(r.frame.Changes, change)
}

func (c *Change) append(b []byte) []byte {
	m := appendUint(nil, changeKind, uint64(c.Kind))
	m = appendField(m, changeNode, c.Node)
	m = appendField(m, changeParam, c.Param)
	m = appendField(m, changeValue, c.Value)
	if c.Patch != nil {
		text, _ := json.Marshal(c.Patch) // texts and numbers
		m = appendField(m, changePatch, text)
	}
	return appendField(b, frameChanges, m)
}

func (c *Change) parse(b []byte) error {
	for f, err := range fields(b) {
		if err != nil {
			return err
		}
		switch f.number {
		case changeKind:
			if c.Kind = graph.ChangeKind(f.num); f.num > uint64(graph.ChangeWatch) {
				return fmt.Errorf("a change of the kind %d, which is unknown", f.num)
			}
		case changeNode:
			c.Node = graph.Path(f.bytes)
		case changeParam:
			c.Param = string(f.bytes)
		case changeValue:
			c.Value = string(f.bytes)
		case changePatch:
			c.Patch = &Info{}
			if err := json.Unmarshal(f.bytes, c.Patch); err != nil {
				return fmt.Errorf("a patch: %w", err)
			}
		}
	}
	return nil
}
