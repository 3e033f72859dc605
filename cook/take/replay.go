package take

import (
	"errors"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// change has the graph changed, when the engine begins the frame, as it was then.
func (p *Player) change(f *Frame) {
	if len(f.Changes) == 0 {
		return
	}
	p.Engine.AtCut(func(d cook.Desk) {
		was := p.feeds(f)
		for rest := f.Changes; len(rest) > 0 && p.failed == nil; {
			n := 1
			for n < len(rest) && ofEdit(rest[0].Kind) && ofEdit(rest[n].Kind) {
				n++
			}
			if err := p.changeAll(d, rest[:n]); p.Own {
				p.failed = err
			} else if err != nil {
				p.skipped[rest[0].Node]++
			}
			rest = rest[n:]
		}
		clear(p.nodes)
		p.feed()
		for i := range f.Events { // the others were put before
			if e := &f.Events[i]; e.Kind == Rows && p.fed[p.node(e.Node)] != was[e.Node] {
				p.failed = errors.Join(p.failed, p.putRows(p.node(e.Node), e))
			}
		}
	})
}

// feeds returns what the frame's rows were put into.
func (p *Player) feeds(f *Frame) map[graph.Path]*fed {
	feeds := map[graph.Path]*fed{}
	for i := range f.Events {
		if e := &f.Events[i]; e.Kind == Rows {
			feeds[e.Node] = p.fed[p.node(e.Node)]
		}
	}
	return feeds
}

// ofEdit reports whether changes of a kind that follow each other are one edit: they may be valid together only.
func ofEdit(k graph.ChangeKind) bool {
	return k == graph.ChangeParam || k == graph.ChangeActive || k == graph.ChangeBypass
}

// changeAll does one change, or several that are one edit.
func (p *Player) changeAll(d cook.Desk, changes []Change) error {
	switch c := &changes[0]; {
	case ofEdit(c.Kind):
		return p.editAll(d, changes)
	case c.Kind == graph.ChangePulse:
		n := d.Node(string(c.Node))
		if n == nil {
			return c.fails(errNoNode)
		}
		return d.Pulse(n, c.Param)
	case c.Kind == graph.ChangeWatch:
		p.watched[c.Node] = c.Value == graph.On.String()
	case c.Kind == graph.ChangePatch && p.Own && p.Swap != nil && c.Patch != nil:
		return p.swap(d, c.Patch)
	case p.Own: // what the graph is from now on is not what it was then
		p.Own, p.Check, p.Parted = false, false, p.next
	}
	return nil
}

// swap exchanges the patch. A node that is there in the place of one that was watched is not wanted for that: when
// it is watched, that is a change of its own.
func (p *Player) swap(d cook.Desk, to *Info) error {
	was := map[graph.Path]*graph.Node{}
	for path := range p.watched {
		was[path] = d.Node(string(path))
	}
	err := p.Swap(d, to)
	for path, n := range was {
		if d.Node(string(path)) != n {
			delete(p.watched, path)
		}
	}
	return err
}

var (
	errNoNode  = errors.New("there is no such node")
	errNoParam = errors.New("there is no such parameter")
)

func (c *Change) fails(err error) error {
	return &graph.NodeError{Node: c.Node, Op: "set " + c.Param, Err: err}
}

// editAll makes an edit of changes.
func (p *Player) editAll(d cook.Desk, changes []Change) error {
	does := make([]func(*graph.Edit), len(changes))
	for i := range changes {
		var err error
		if does[i], err = p.edit(d, &changes[i]); err != nil {
			return changes[i].fails(err)
		}
	}
	return d.Edit(func(e *graph.Edit) {
		for _, do := range does {
			do(e)
		}
	})
}

// edit returns what a change does in an edit.
func (p *Player) edit(d cook.Desk, c *Change) (func(*graph.Edit), error) {
	n, on := d.Node(string(c.Node)), c.Value == graph.On.String()
	switch {
	case n == nil:
		return nil, errNoNode
	case c.Kind == graph.ChangeActive:
		return func(e *graph.Edit) { e.SetActive(n, on) }, nil
	case c.Kind == graph.ChangeBypass:
		return func(e *graph.Edit) { e.SetBypass(n, on) }, nil
	}
	param := n.Type().Param(c.Param)
	if param == nil {
		return nil, errNoParam
	}
	v, err := param.Read(c.Value, p.Language)
	return func(e *graph.Edit) { e.Set(n, c.Param, v) }, err
}

// Wants is for the Engine's [cook.Config]: what was watched when the take was recorded was wanted for it.
func (p *Player) Wants(n *graph.Node) bool { return p.watched[n.Path()] }
