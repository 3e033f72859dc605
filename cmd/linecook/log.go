package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"linecook.dev/linecook/ops/spool"
)

// Limits of the log (reliability R68).
const (
	logLines = 10       // records of one kind (message and node) a second; the rest is counted
	logKinds = 4096     // kinds told apart; beyond, all others count as one
	logText  = 1 << 10  // bytes of one value
	logQueue = 64 << 10 // bytes that wait to be written; beyond, records are lost
	logClose = 50 * time.Millisecond
)

// newLogger returns a logger that never blocks, escapes what could fool a reader, and holds back
// floods. close writes what waits, for logClose at most.
func newLogger(w io.Writer, format string) (log *slog.Logger, close func()) {
	out := spool.New(w, logQueue)
	opts := &slog.HandlerOptions{ReplaceAttr: cleanAttr}
	var h slog.Handler = slog.NewJSONHandler(out, opts)
	if format == "text" {
		h = slog.NewTextHandler(out, opts)
	}
	h = &limitHandler{Handler: h, state: &limitState{kinds: map[string]*kindLimit{}}}
	return slog.New(h), func() { _ = out.Close(logClose) } // there is nowhere left to say it
}

// logFormat returns what --log-format says, or what fits standard error.
func logFormat(flag string) string {
	if flag != "" {
		return flag
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return "text"
	}
	return "json"
}

// cleanAttr makes what others sent fit to be shown.
func cleanAttr(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString, slog.KindAny:
		a.Value = slog.StringValue(cleanText(a.Value.String()))
	}
	return a
}

// cleanText cuts s after logText bytes and escapes what is not printable, newlines excepted.
func cleanText(s string) string {
	if cut := logText; len(s) > cut {
		for cut > logText-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "..."
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == '\n' || unicode.IsPrint(r) && r != utf8.RuneError {
			b.WriteString(s[:size])
		} else {
			quoted := strconv.Quote(s[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}

// A limitHandler holds back records of one kind that come too often.
type limitHandler struct {
	slog.Handler
	node  string
	state *limitState
}

type limitState struct {
	mu    sync.Mutex
	kinds map[string]*kindLimit
}

type kindLimit struct {
	second     int64
	lines      int
	suppressed int
}

func (h *limitHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	node := h.node
	for _, a := range attrs {
		if a.Key == "node" {
			node = a.Value.String()
		}
	}
	return &limitHandler{h.Handler.WithAttrs(attrs), node, h.state}
}

func (h *limitHandler) Handle(ctx context.Context, r slog.Record) error {
	if h.state.admit(r.Message+"\x00"+h.node, r.Time.Unix(), func(count int) {
		note := slog.NewRecord(time.Now(), slog.LevelWarn, "suppressed", 0)
		note.AddAttrs(slog.String("what", r.Message), slog.Int("count", count))
		_ = h.Handler.Handle(context.Background(), note) // the output keeps its own error
	}) {
		return h.Handler.Handle(ctx, r)
	}
	return nil
}

// admit reports whether a record of that kind may pass. A second after it began to hold records
// back, it tells how many they were.
func (s *limitState) admit(kind string, second int64, tell func(count int)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kind(kind)
	if k.second != second {
		k.second, k.lines = second, 0
	}
	if k.lines++; k.lines <= logLines {
		return true
	}
	if k.suppressed++; k.suppressed == 1 {
		time.AfterFunc(time.Second, func() { tell(s.reset(k)) })
	}
	return false
}

func (s *limitState) kind(name string) *kindLimit {
	if len(s.kinds) >= logKinds && s.kinds[name] == nil {
		name = ""
	}
	if s.kinds[name] == nil {
		s.kinds[name] = &kindLimit{}
	}
	return s.kinds[name]
}

func (s *limitState) reset(k *kindLimit) (suppressed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	suppressed, k.suppressed = k.suppressed, 0
	return suppressed
}
