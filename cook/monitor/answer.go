package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// Limits of questions to the engine.
const (
	maxAsking = 32                      // at once
	askTime   = 1500 * time.Millisecond // until an engine that does not answer is called stuck
)

// A httpError is why a request is refused, for a person.
type httpError struct {
	status int
	text   string
}

func (e *httpError) Error() string { return e.text }

func failf(status int, format string, args ...any) *httpError {
	return &httpError{status, fmt.Sprintf(format, args...)}
}

func (e *httpError) write(w http.ResponseWriter) {
	writeJSON(w, e.status, map[string]string{"error": e.text})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone
}

// answer makes a handler of a function that returns what is to be written as JSON.
func answer(f func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err == nil {
			writeJSON(w, http.StatusOK, v)
			return
		}
		refused, ok := errors.AsType[*httpError](err)
		if !ok {
			refused = failf(http.StatusUnprocessableEntity, "%v", err)
		}
		refused.write(w)
	}
}

// stuck is the answer of an engine that gives none.
func (m *Monitor) stuck() *httpError {
	if nodes := m.engine.Cooking(); len(nodes) > 0 {
		return failf(http.StatusServiceUnavailable, "stuck: the engine does not answer; what cooks is %s", strings.Join(paths(nodes), ", "))
	}
	return failf(http.StatusServiceUnavailable, "the engine does not answer: it is closing, or has only slow frames; try again")
}

// ask returns what f finds out between two frames. f may be called later than ask returns, so it must keep
// all that it finds in its result.
func ask[T any](ctx context.Context, m *Monitor, f func(p cook.Peek) (T, error)) (T, error) {
	return await(ctx, m, func() (v T, err error) {
		m.engine.Peek(func(p cook.Peek) { v, err = f(p) })
		return v, err
	})
}

// await calls f, which waits for the engine, in a goroutine of its own.
func await[T any](ctx context.Context, m *Monitor, f func() (T, error)) (none T, err error) {
	type result struct {
		v   T
		err error
	}
	timer := time.NewTimer(askTime)
	defer timer.Stop()
	select {
	case m.asking <- struct{}{}:
	case <-timer.C:
		m.gate.counts.add("busy")
		return none, m.stuck()
	case <-ctx.Done():
		return none, m.stuck()
	}
	done := make(chan result, 1)
	begun := m.begin(func() {
		defer func() { <-m.asking }()
		var r result
		if err := graph.Guard(func() error { r.v, r.err = f(); return nil }); err != nil {
			r.err = err
			m.config.Logger.Error("monitor", "err", err)
		}
		done <- r
	})
	if !begun {
		<-m.asking
		return none, m.stuck()
	}
	select {
	case r := <-done:
		return r.v, r.err
	case <-timer.C:
	case <-ctx.Done():
	}
	return none, m.stuck()
}

// cleanPath returns the path that a text names, "/loud" for "loud", or the text if it names none, or is so
// long that nothing is called that.
func cleanPath(text string) string {
	if len(text) >= maxPattern {
		return text
	}
	if p, err := graph.ParsePath(text); err == nil {
		return string(p)
	}
	return text
}

// nodeOf returns the node that a path names, and its index.
func nodeOf(p cook.Peek, path string) (*graph.Node, int, error) {
	path = cleanPath(path)
	for i, n := range p.Nodes {
		if n.String() == path {
			return n, i, nil
		}
	}
	return nil, 0, noNode(p.Nodes, path)
}

func noNode(nodes []*graph.Node, path string) error {
	paths := func(yield func(string) bool) {
		for _, n := range nodes {
			if !yield(n.String()) {
				return
			}
		}
	}
	return failf(http.StatusNotFound, "there is no node %.100q%s", path, graph.DidYouMean(path, paths))
}
