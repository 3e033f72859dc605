// Package spool lets a goroutine that must not wait write to something slow: a file, a pipe, a
// terminal.
package spool

import (
	"errors"
	"io"
	"sync"
	"time"
)

// Errors of a [Spool].
var (
	ErrFull     = errors.New("the writer behind is too slow: what waits has reached its limit")
	ErrDeadline = errors.New("not everything was written in time")
)

// A Spool hands what is written to it to a slow writer, from a goroutine of its own. Any goroutine
// may use it.
type Spool struct {
	w     io.Writer
	limit int
	wake  chan struct{}
	done  chan struct{}

	mu      sync.Mutex
	buf     []byte
	lost    uint64
	err     error // of w; nothing is written after it
	closing bool
}

// New returns a Spool in front of w in which at most limit bytes wait, or one write that is larger.
func New(w io.Writer, limit int) *Spool {
	s := &Spool{w: w, limit: limit, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go s.run()
	return s
}

// Write keeps a copy of p to be written later. It never waits: what finds no room is lost, whole,
// counted, and refused with [ErrFull]; so is everything after w has failed, with w's error.
func (s *Spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		s.lost++
		return 0, s.err
	}
	if len(s.buf)+len(p) > s.limit && len(s.buf) > 0 {
		s.lost++
		return 0, ErrFull
	}
	s.buf = append(s.buf, p...)
	s.ring()
	return len(p), nil
}

// State returns how many writes were lost, and the error of the writer behind.
func (s *Spool) State() (lost uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost, s.err
}

// Close writes what waits and ends the Spool. It returns after the given time at the latest, with
// [ErrDeadline] if something was not written by then. It does not close the writer behind.
func (s *Spool) Close(within time.Duration) error {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	s.ring()
	select {
	case <-s.done:
		_, err := s.State()
		return err
	case <-time.After(within):
		return ErrDeadline
	}
}

func (s *Spool) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Spool) run() {
	defer close(s.done)
	var spare []byte
	for range s.wake {
		s.mu.Lock()
		buf, closing := s.buf, s.closing
		s.buf = spare[:0]
		s.mu.Unlock()
		s.put(buf)
		if closing {
			return
		}
		if spare = buf; cap(spare) > s.limit/16 {
			spare = nil // a burst's memory is not kept
		}
	}
}

func (s *Spool) put(buf []byte) {
	if len(buf) == 0 {
		return
	}
	if _, err := s.w.Write(buf); err != nil {
		s.mu.Lock()
		s.err = err
		s.mu.Unlock()
	}
}
