package cook

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"

	"linecook.dev/linecook/graph"
)

// held keeps what nodes log and fail at while branches cook at the same time, and tells it afterwards in the order
// of the plan. Any goroutine may log.
type held struct {
	mu     sync.Mutex
	on     bool
	things []heldThing
}

// A heldThing is a failure, or a record for a log if handler is not nil.
type heldThing struct {
	node *graph.Node
	kind graph.FaultKind
	err  error

	handler slog.Handler
	record  slog.Record
}

func (h *held) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.on = true
}

// hold keeps t, or reports that it is to be told at once.
func (h *held) hold(t heldThing) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.on {
		h.things = append(h.things, t)
	}
	return h.on
}

// end tells what was held, by node in plan order, and for each node in the order in which it happened.
func (h *held) end(e *Engine) {
	h.mu.Lock()
	things := h.things
	h.on, h.things = false, nil
	h.mu.Unlock()
	slices.SortStableFunc(things, func(a, b heldThing) int {
		return cmp.Compare(a.node.Place(), b.node.Place())
	})
	for _, t := range things {
		if t.handler == nil {
			e.tellFailure(t.node, t.kind, t.err)
		} else {
			_ = t.handler.Handle(context.Background(), t.record) // nobody is told of a log that fails
		}
	}
}

// logger returns the logger of a node.
func (h *held) logger(n *graph.Node, to *slog.Logger) *slog.Logger {
	return slog.New(&heldLog{to.Handler(), n, h})
}

// A heldLog is the log of a node, as long as it is not held.
type heldLog struct {
	slog.Handler
	node *graph.Node
	held *held
}

// Handle implements [slog.Handler].
func (l *heldLog) Handle(ctx context.Context, r slog.Record) error {
	if l.held.hold(heldThing{node: l.node, handler: l.Handler, record: r.Clone()}) {
		return nil
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l *heldLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &heldLog{l.Handler.WithAttrs(attrs), l.node, l.held}
}

// WithGroup implements [slog.Handler].
func (l *heldLog) WithGroup(name string) slog.Handler {
	return &heldLog{l.Handler.WithGroup(name), l.node, l.held}
}
