package cook

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"linecook.dev/linecook/graph"
)

// closeTime is how long Close waits for sockets and files, in all.
const closeTime = 1800 * time.Millisecond

// ErrCloseTime is the error of a Close that did not wait any longer for sockets or files. The error
// that wraps it names the nodes.
var ErrCloseTime = errors.New("sockets or files did not close in time")

// Close ends what Start opened. What has arrived is cooked first, then the listeners close, the ends
// of their connections are cooked, and what was sent goes out.
func (e *Engine) Close() error {
	e.life.Lock()
	defer e.life.Unlock()
	return e.close(e.step)
}

// close ends what open began. It cooks two more frames by calling step, and a third if what sends had
// connections that ended.
func (e *Engine) close(step func()) error {
	defer func() {
		e.started = false
		e.parallel.end()
	}()
	deadline := time.NewTimer(closeTime)
	defer deadline.Stop()
	e.ending, e.unstarted = true, 0
	step()
	for _, n := range e.plan.nodes {
		if n.Active() {
			n.End(e.moment())
		}
	}
	err := e.stopAll(deadline.C, func(n *graph.Node) bool { return n.Inbox() != nil && len(n.Inputs()) == 0 })
	step()
	if err == nil {
		err = e.stopAll(deadline.C, func(*graph.Node) bool { return true })
	}
	if e.bell.any.Load() {
		step()
	}
	e.logLosses()
	return err
}

// stopAll closes the nodes that which names, and waits for all that is closing.
func (e *Engine) stopAll(deadline <-chan time.Time, which func(*graph.Node) bool) error {
	for _, n := range e.plan.nodes {
		if which(n) {
			e.stop(n, nil)
		}
	}
	done := make(chan struct{})
	go func() { e.closing.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-deadline:
		return e.closeTimeError()
	}
}

func (e *Engine) closeTimeError() error {
	var paths []string
	for _, n := range e.plan.nodes {
		if n.Stopping() {
			paths = append(paths, string(n.Path()))
		}
	}
	return fmt.Errorf("%w: %s", ErrCloseTime, strings.Join(paths, ", "))
}
