package cook

import "linecook.dev/linecook/graph"

// A Tap is told what some nodes receive and send while the engine runs, as Config.Cut and Config.Sent are
// of all nodes from the start.
type Tap struct {
	Nodes func(n *graph.Node) bool // which; asked between two frames
	Cut   func(n *graph.Node, at graph.Moment, events, refused []graph.Event)
	Sent  func(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte)
}

// SetTap makes t the engine's tap, in place of the one it had; nil is none. Of messages that came before, it may
// be told without their bytes. It waits as Peek does.
func (e *Engine) SetTap(t *Tap) {
	e.Peek(func(Peek) {
		e.tap = t
		for _, n := range e.plan.nodes {
			n.Tap(e.ears(n))
		}
	})
}

type (
	cutFunc  = func(n *graph.Node, at graph.Moment, events, refused []graph.Event)
	sentFunc = func(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte)
)

// ears returns who is told what n receives and sends.
func (e *Engine) ears(n *graph.Node) (cut cutFunc, sent sentFunc) {
	cut, sent = e.config.Cut, e.config.Sent
	if t := e.tap; t != nil && t.Nodes(n) {
		cut, sent = bothCut(cut, t.Cut), bothSent(sent, t.Sent)
	}
	return cut, sent
}

func bothCut(a, b cutFunc) cutFunc {
	if a == nil {
		return b
	}
	return func(n *graph.Node, at graph.Moment, events, refused []graph.Event) {
		a(n, at, events, refused)
		b(n, at, events, refused)
	}
}

func bothSent(a, b sentFunc) sentFunc {
	if a == nil {
		return b
	}
	return func(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
		a(n, to, verb, payload)
		b(n, to, verb, payload)
	}
}
