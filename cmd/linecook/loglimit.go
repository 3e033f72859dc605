package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// Limits of floods in the log (reliability R68).
const (
	logLines = 10   // records of one kind (message and node) a second; the rest is counted
	logKinds = 4096 // kinds told apart; beyond, all others count as one
)

// A limitHandler holds back records of one kind that come too often.
type limitHandler struct {
	slog.Handler
	node   string
	limits *logLimits
}

// WithAttrs implements [slog.Handler]. A node's records are a kind of their own.
func (h *limitHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	node := h.node
	for _, a := range attrs {
		if a.Key == "node" {
			node = a.Value.String()
		}
	}
	return &limitHandler{h.Handler.WithAttrs(attrs), node, h.limits}
}

// Handle implements [slog.Handler].
func (h *limitHandler) Handle(ctx context.Context, r slog.Record) error {
	if h.limits.admit(r.Message+"\x00"+h.node, r.Time.Unix(), func(count int) { h.suppressed(r.Message, count) }) {
		return h.Handler.Handle(ctx, r)
	}
	return nil
}

// unlimited returns a logger for records of which there cannot be many, and that must all be there.
func unlimited(log *slog.Logger) *slog.Logger {
	if h, ok := log.Handler().(*limitHandler); ok {
		return slog.New(h.Handler)
	}
	return log
}

// suppressed says how many records with that message were held back.
func (h *limitHandler) suppressed(message string, count int) {
	note := slog.NewRecord(time.Now(), slog.LevelWarn, "suppressed", 0)
	note.AddAttrs(slog.String("what", message), slog.Int("count", count))
	_ = h.Handler.Handle(context.Background(), note) // the output keeps its own error
}

// logLimits counts the records of each kind.
type logLimits struct {
	mu    sync.Mutex
	kinds map[string]*kindLimit
}

type kindLimit struct {
	second     int64 // since 1970, of the records counted in lines
	lines      int
	suppressed int
	tell       func(count int)
}

// admit reports whether a record of that kind may pass. A second after records began to be held
// back, tell is told how many they were.
func (l *logLimits) admit(kind string, second int64, tell func(count int)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kind(kind)
	if k.second != second {
		k.second, k.lines = second, 0
	}
	if k.lines++; k.lines <= logLines {
		return true
	}
	if k.suppressed++; k.suppressed == 1 {
		k.tell = tell
		time.AfterFunc(time.Second, func() { l.tell(k) })
	}
	return false
}

func (l *logLimits) kind(name string) *kindLimit {
	if len(l.kinds) >= logKinds && l.kinds[name] == nil {
		name = ""
	}
	if l.kinds[name] == nil {
		l.kinds[name] = &kindLimit{}
	}
	return l.kinds[name]
}

// tell says how many records of a kind were held back since it was said last.
func (l *logLimits) tell(k *kindLimit) {
	l.mu.Lock()
	count, tell := k.suppressed, k.tell
	k.suppressed = 0
	l.mu.Unlock()
	if count > 0 {
		tell(count)
	}
}

// tellAll says so of every kind.
func (l *logLimits) tellAll() {
	l.mu.Lock()
	kinds := slices.Collect(maps.Values(l.kinds))
	l.mu.Unlock()
	for _, k := range kinds {
		l.tell(k)
	}
}
