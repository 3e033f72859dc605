package cook

import (
	"errors"
	"time"

	"linecook.dev/linecook/graph"
)

// Do calls f between two frames and returns when it has returned. Any goroutine may call it but the
// one that cooks: neither an operator, nor an observer, nor f may. A panic of f is Do's.
func (e *Engine) Do(f func(*graph.Graph)) {
	if err := e.do(f); err != nil {
		panic(err)
	}
}

func (e *Engine) do(f func(*graph.Graph)) error {
	return e.reach(e.bell.call, func() error { return e.call(f) })
}

// reach has the goroutine that cooks call f, by a way that leads there, and waits; if none cooks it
// calls f itself.
func (e *Engine) reach(way func(func()), f func() error) error {
	e.life.Lock()
	if !e.running {
		defer e.life.Unlock()
		return f()
	}
	done := make(chan error, 1)
	way(func() { done <- f() })
	e.life.Unlock()
	return <-done
}

// ErrNoPulse is the error of a Pulse of a parameter that is none.
var ErrNoPulse = errors.New("no such pulse")

// Pulse presses a parameter of n that is a button, as "clear", between two frames.
func (e *Engine) Pulse(n *graph.Node, param string) (err error) {
	e.Do(func(*graph.Graph) { err = e.pulse(n, param) })
	return err
}

func (e *Engine) pulse(n *graph.Node, param string) error {
	op, ok := n.Operator().(graph.Pulser)
	p := n.Type().Param(param)
	if !ok || p == nil || p.Type != graph.ParamPulse {
		return &graph.NodeError{Node: n.Path(), Op: "pulse " + param, Err: ErrNoPulse}
	}
	defer e.settle([]*graph.Node{n})() // a recording has what came before in this frame, and what came after in the next
	err := graph.Guard(func() error {
		op.Pulse(n, param)
		return nil
	})
	e.changed(graph.Change{Kind: graph.ChangePulse, Node: n.Path(), Param: param})
	e.want(n)
	if err != nil {
		return &graph.NodeError{Node: n.Path(), Op: "pulse " + param, Err: err}
	}
	return nil
}

// call calls f and follows what it did. A panic of f is the error.
func (e *Engine) call(f func(*graph.Graph)) error {
	version, shape, began := e.g.Version(), e.g.Shape(), time.Now()
	e.settling = 0
	err := graph.Guard(func() error {
		f(e.g)
		return nil
	})
	if e.started && e.g.Version() != version {
		if e.g.Shape() == shape && !e.plan.stale {
			e.refit()
		} else {
			e.replan()
		}
		e.stats.Edit = time.Since(began) - e.settling
	}
	return err
}

// setRunning says whether a goroutine cooks. Calls that came by the bell until then are answered.
func (e *Engine) setRunning(on bool) {
	e.life.Lock()
	defer e.life.Unlock()
	e.running = on
	if !on {
		for _, call := range e.bell.takeCalls() {
			call()
		}
		e.bell.answer()
	}
}
