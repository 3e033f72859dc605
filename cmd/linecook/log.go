package main

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"linecook.dev/linecook/ops/spool"
)

// Limits of the log (reliability R68). Those of floods are in loglimit.go.
const (
	logText  = 1 << 10 // bytes of one value
	logQueue = 1 << 20 // bytes that wait to be written; beyond, records are lost
	logClose = 50 * time.Millisecond
)

// newLogger returns a logger that never blocks, escapes what could fool a reader, and holds back
// floods. end writes what waits, for logClose at most.
func newLogger(w io.Writer, format string) (log *slog.Logger, end func()) {
	out := spool.Open(w, spool.Config{Limit: logQueue, Lost: func(records uint64) []byte {
		var b bytes.Buffer
		slog.New(logHandler(&b, format)).Warn("log records were lost: nobody read them in time", "count", records)
		return b.Bytes()
	}})
	limits := &logLimits{kinds: map[string]*kindLimit{}}
	return slog.New(&limitHandler{Handler: logHandler(out, format), limits: limits}), func() {
		limits.tellAll()
		_ = out.Close(logClose) // there is nowhere left to say it
	}
}

func logHandler(w io.Writer, format string) slog.Handler {
	opts := &slog.HandlerOptions{ReplaceAttr: cleanAttr}
	if format == "text" {
		return slog.NewTextHandler(w, opts)
	}
	return slog.NewJSONHandler(w, opts)
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
