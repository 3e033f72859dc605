// Package spool lets a goroutine that must not wait write to something slow: a file, a pipe, a
// terminal.
package spool

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Errors of a [Spool].
var (
	ErrFull     = errors.New("the writer behind is too slow: what waits has reached its limit")
	ErrDeadline = errors.New("not everything was written in time")
	ErrClosed   = errors.New("the spool is closed")
)

// Config tunes a Spool.
type Config struct {
	Limit int           // bytes that wait at most, or one write that is larger
	Retry time.Duration // until the writer behind is tried again after an error; 0 means never

	// Changed is called, by the Spool's own goroutine, when the writer behind begins to fail, and when
	// it works again. It must not wait. nil is not called.
	Changed func(error)

	// Lost returns what is written, when all that waited has been, about the writes that were lost until
	// then and not told of. The Spool's own goroutine calls it. nil is not called.
	Lost func(writes uint64) []byte
}

// A Spool hands what is written to it to a slow writer, from a goroutine of its own. Any goroutine
// may use it.
type Spool struct {
	w      io.Writer
	cfg    Config
	wake   chan struct{}
	closed chan struct{}
	done   chan struct{}

	mu      sync.Mutex
	buf     []byte
	marks   []mark // in order of at
	going   int    // bytes that are being written
	lost    uint64
	told    uint64 // of lost
	err     error  // of w
	closing bool
}

// A mark is what is to be done once a number of bytes of the buffer has been written.
type mark struct {
	at int
	do func() error
}

// New returns a Spool in front of w in which at most limit bytes wait. It gives up at w's first error.
func New(w io.Writer, limit int) *Spool { return Open(w, Config{Limit: limit}) }

// Open returns a Spool in front of w.
func Open(w io.Writer, cfg Config) *Spool {
	s := &Spool{
		w: w, cfg: cfg, wake: make(chan struct{}, 1), closed: make(chan struct{}), done: make(chan struct{}),
	}
	go s.run()
	return s
}

// Write keeps a copy of p to be written later. It never waits: what finds no room is lost, whole,
// counted, and refused with [ErrFull]. Without Config.Retry everything is refused once w has failed,
// with w's error.
func (s *Spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refuse(len(p)); err != nil {
		s.lost++
		return 0, err
	}
	s.buf = append(s.buf, p...)
	s.ring()
	return len(p), nil
}

// Do has the Spool's own goroutine call f once all that was written before has been, and before what is
// written later. An error of f is treated as one of a write: f is called again if there is a Retry.
func (s *Spool) Do(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closing:
		return ErrClosed
	case s.err != nil && s.cfg.Retry == 0:
		return s.err
	}
	s.marks = append(s.marks, mark{len(s.buf), f})
	s.ring()
	return nil
}

// ring wakes the Spool's goroutine.
func (s *Spool) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Spool) refuse(size int) error {
	waiting := s.going + len(s.buf)
	switch {
	case s.closing:
		return ErrClosed
	case s.err != nil && s.cfg.Retry == 0:
		return s.err
	case waiting > 0 && waiting+size > s.cfg.Limit:
		return ErrFull
	}
	return nil
}

// State returns how many writes were lost, and the error of the writer behind while it fails.
func (s *Spool) State() (lost uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost, s.err
}

// Close writes what waits and ends the Spool. It returns after the given time at the latest, with
// [ErrDeadline] if something was not written by then, or with w's error. It does not close the
// writer behind.
func (s *Spool) Close(within time.Duration) error {
	s.mu.Lock()
	if !s.closing {
		s.closing = true
		close(s.closed)
	}
	s.mu.Unlock()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	select {
	case <-s.done:
	case <-deadline.C:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch left := s.going + len(s.buf); {
	case s.err != nil:
		return fmt.Errorf("%w; %d bytes were not written", s.err, left)
	case left > 0:
		return fmt.Errorf("%w: %d bytes were not", ErrDeadline, left)
	}
	return nil
}

// run writes until the Spool is closed, and then what is left.
func (s *Spool) run() {
	defer close(s.done)
	var spare []byte
	for open, ok := true, true; open && ok; {
		select {
		case <-s.wake:
		case <-s.closed:
			open = false
		}
		spare, ok = s.flush(spare)
		if ok {
			ok = s.tellLost()
		}
	}
}

// tellLost writes what is to be said of lost writes, and reports whether w goes on working.
func (s *Spool) tellLost() (ok bool) {
	s.mu.Lock()
	lost := s.lost - s.told
	drained := len(s.buf) == 0
	if s.cfg.Lost == nil || lost == 0 || !drained {
		s.mu.Unlock()
		return true
	}
	s.told = s.lost
	s.mu.Unlock()
	note := s.cfg.Lost(lost)
	s.mu.Lock()
	s.buf = append(note, s.buf...)
	for i := range s.marks {
		s.marks[i].at += len(note)
	}
	s.mu.Unlock()
	_, ok = s.flush(nil)
	return ok
}

// flush writes what waits, unless w fails for good. It returns memory for what comes meanwhile.
func (s *Spool) flush(spare []byte) (memory []byte, ok bool) {
	s.mu.Lock()
	buf, marks := s.buf, s.marks
	s.buf, s.marks, s.going = spare[:0], nil, len(buf)
	s.mu.Unlock()
	for done := 0; done < len(buf) || len(marks) > 0; {
		var n int
		var err error
		switch {
		case len(marks) == 0:
			n, err = s.w.Write(buf[done:])
		case marks[0].at > done:
			n, err = s.w.Write(buf[done:marks[0].at])
		default:
			if err = marks[0].do(); err == nil {
				marks = marks[1:]
			}
		}
		done += n
		if !s.wrote(n, err) {
			return nil, false
		}
	}
	if cap(buf) > s.cfg.Limit/16 {
		return nil, true // a burst's memory is not kept
	}
	return buf, true
}

// wrote notes what a write did, and waits after one that failed. It reports whether to go on.
func (s *Spool) wrote(n int, err error) bool {
	s.mu.Lock()
	changed := (err == nil) != (s.err == nil)
	s.err = err
	s.going -= n
	s.mu.Unlock()
	if changed && s.cfg.Changed != nil {
		s.cfg.Changed(err)
	}
	if err == nil {
		return true
	}
	if s.cfg.Retry == 0 {
		return false
	}
	retry := time.NewTimer(s.cfg.Retry)
	defer retry.Stop()
	select {
	case <-retry.C:
		return true
	case <-s.closed:
		return false
	}
}
