package monitor

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// healthz says whether the engine cooks: it is asked, and answers between two frames or not at all.
func (m *Monitor) healthz(w http.ResponseWriter, r *http.Request) {
	at, err := ask(r.Context(), m, func(p cook.Peek) (graph.Moment, error) { return p.Moment, nil })
	if err != nil {
		writeText(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	writeText(w, http.StatusOK, fmt.Sprintf("ok: frame %d", at.Frame))
}

// readyz says whether all that the nodes open is open.
func (m *Monitor) readyz(w http.ResponseWriter, r *http.Request) {
	waiting, err := ask(r.Context(), m, func(p cook.Peek) ([]string, error) {
		waiting := []string{}
		for _, n := range p.Nodes {
			if n.Active() && !n.Started() {
				waiting = append(waiting, startText(n))
			}
		}
		if len(p.Nodes) == 0 && !isClosed(m.engine.Ready()) {
			waiting = append(waiting, "the engine has not begun")
		}
		return waiting, nil
	})
	switch {
	case err != nil:
		writeText(w, http.StatusServiceUnavailable, err.Error())
	case len(waiting) > 0:
		writeText(w, http.StatusServiceUnavailable, "not ready:\n"+strings.Join(waiting, "\n"))
	default:
		writeText(w, http.StatusOK, "ready")
	}
}

// startText says why a node has not opened what it needs.
func startText(n *graph.Node) string {
	if err := n.Err(); err != nil {
		return err.Error()
	}
	return n.String()
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the client has gone
}
