package top

import (
	"bytes"
	"slices"
	"sync"
)

// Limits of a Log.
const (
	logLines = 1000
	logLine  = 4 << 10 // bytes
)

// A Log keeps the newest lines that are written to it. The zero Log is empty; any goroutine may use it.
type Log struct {
	mu      sync.Mutex
	lines   []string
	rest    []byte // of a line that has not ended
	written uint64 // lines, ever
}

// Write implements [io.Writer].
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for rest := p; ; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		l.rest = append(l.rest, line[:min(len(line), logLine-len(l.rest))]...)
		if !ended {
			return len(p), nil
		}
		l.lines = append(l.lines, string(l.rest))
		if len(l.lines) > logLines {
			l.lines = slices.Delete(l.lines, 0, len(l.lines)-logLines)
		}
		l.rest, rest = l.rest[:0], after
		l.written++
	}
}

// newest returns the newest n lines at most, and how many there ever were.
func (l *Log) newest(n int) (lines []string, written uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines[max(0, len(l.lines)-n):]), l.written
}
