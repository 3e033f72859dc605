package patchtest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"linecook.dev/linecook/cmd/linecook/internal/osctext"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// An arrival is something that happens at a node's socket.
type arrival struct {
	at   time.Duration
	kind graph.EventKind
	to   *graph.Node
	from string
	data []byte
}

// newScript returns what happens in a test, in order of time.
func newScript(f *patches.TestFile, t *patches.Test, g *graph.Graph) ([]arrival, error) {
	var script []arrival
	for i := range t.Inputs {
		in := &t.Inputs[i]
		a, err := arrivalOf(in, g)
		if err != nil {
			return nil, mistake(f, in.Line, in.Col, "%v", err)
		}
		for range in.Times {
			script = append(script, a)
			a.at += in.Every
		}
	}
	slices.SortStableFunc(script, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
	return script, nil
}

func arrivalOf(in *patches.Input, g *graph.Graph) (a arrival, err error) {
	a = arrival{at: in.At, to: g.Node(in.To), from: in.From, kind: graph.Message}
	if a.to == nil {
		return a, fmt.Errorf("to: there is no node %q%s", in.To, graph.DidYouMean(in.To, names(g)))
	}
	if a.to.Inbox() == nil {
		return a, fmt.Errorf("to: %s is a %s, which receives nothing; give the input to a node that does", in.To, a.to.Type().Name)
	}
	switch in.Kind {
	case patches.OSCMessage:
		e := osctext.Encoder{Now: func() time.Time { return time.Unix(0, 0).Add(in.At) }}
		a.data, err = e.Line(nil, in.Text)
	case patches.TextMessage:
		a.data = []byte(in.Text)
	case patches.BytesMessage:
		a.data, err = osctext.Bytes(in.Text)
	case patches.Connected:
		a.kind = graph.Connect
	case patches.Closed:
		a.kind = graph.Close
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", in.Kind, err)
	}
	return a, err
}

func names(g *graph.Graph) func(func(string) bool) {
	return func(yield func(string) bool) {
		for n := range g.Nodes() {
			if !yield(string(n.Path()[1:])) {
				return
			}
		}
	}
}

// greet connects the clients to their servers.
func (r *run) greet() {
	for n := range r.graph.Nodes() {
		if l := linkOf(n); l.Host != "" && n.Inbox() != nil {
			r.happen(arrival{kind: graph.Connect, to: n})
		}
	}
}

// happen puts what arrives into its node's inbox. A connection begins when it is first needed.
func (r *run) happen(a arrival) {
	p := r.cast.peer(a.to, a.from)
	if connects(p) && !r.cast.open[p] {
		r.cast.open[p] = true
		r.put(a, graph.Event{Kind: graph.Connect, Peer: p})
		if a.kind == graph.Connect {
			return
		}
	}
	if a.kind == graph.Close {
		p.Close() // which puts the end into the inbox
		return
	}
	r.put(a, graph.Event{Kind: a.kind, Peer: p, Data: a.data})
}

func (r *run) put(a arrival, e graph.Event) {
	e.Time = int64(a.at)
	if err := a.to.Inbox().Put(e); errors.Is(err, graph.ErrInboxFull) {
		r.seen.fail(a.to, graph.FaultDecode, err)
	}
}
