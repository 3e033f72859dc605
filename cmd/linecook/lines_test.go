package main_test

import (
	"bufio"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// A lines keeps the lines of a stream, and hands out each once.
type lines struct {
	t    *testing.T
	name string

	mu    sync.Mutex
	all   []string
	left  []string      // not handed out yet
	news  chan struct{} // rings after a line
	ended chan struct{} // is closed at the end
}

func readLines(t *testing.T, name string, r io.Reader) *lines {
	l := &lines{t: t, name: name, news: make(chan struct{}, 1), ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		in := bufio.NewScanner(r)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			l.add(in.Text())
		}
	}()
	return l
}

func (l *lines) add(line string) {
	l.mu.Lock()
	l.all, l.left = append(l.all, line), append(l.left, line)
	l.mu.Unlock()
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// next returns the first line that matches and was not handed out yet.
func (l *lines) next(what string, match func(line string) bool) string {
	l.t.Helper()
	late := time.After(patience)
	for ended := false; ; {
		if line, ok := l.look(match); ok {
			return line
		}
		if ended {
			l.t.Fatalf("%s ended without %s; it was:\n%s", l.name, what, l)
		}
		select {
		case <-l.news:
		case <-l.ended:
			ended = true
		case <-late:
			l.t.Fatalf("%s had no %s within %v; it was:\n%s", l.name, what, patience, l)
		}
	}
}

func (l *lines) look(match func(string) bool) (line string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.left, match)
	if i < 0 {
		return "", false
	}
	line = l.left[i]
	l.left = slices.Delete(l.left, i, i+1)
	return line, true
}

// within reports whether a line with that text comes within the given time.
func (l *lines) within(d time.Duration, text string) bool {
	late := time.After(d)
	for {
		if _, ok := l.look(func(line string) bool { return strings.Contains(line, text) }); ok {
			return true
		}
		select {
		case <-l.news:
		case <-l.ended:
			return false
		case <-late:
			return false
		}
	}
}

// any returns the next line.
func (l *lines) any() string {
	l.t.Helper()
	return l.next("further line", func(string) bool { return true })
}

// String returns all lines so far.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, "\n")
}
