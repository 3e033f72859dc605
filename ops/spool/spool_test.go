package spool_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/ops/spool"
)

// A slow writer takes what it is given when it is let, but for its first writes, which fail.
type slow struct {
	let   chan struct{} // nil: at once
	got   bytes.Buffer
	fails int
	err   error // with which they fail
	cut   int   // bytes that one of them takes
}

func (w *slow) Write(p []byte) (int, error) {
	if w.let != nil {
		<-w.let
	}
	if w.fails > 0 {
		w.fails--
		n, _ := w.got.Write(p[:min(w.cut, len(p))])
		return n, w.err
	}
	return w.got.Write(p)
}

// write returns the error of writing text.
func write(s *spool.Spool, text string) error {
	_, err := s.Write([]byte(text))
	return err
}

func TestEverythingInOrder(t *testing.T) {
	var w slow
	s := spool.New(&w, 1<<20)
	var want strings.Builder
	for i := range 1000 {
		fmt.Fprintln(&want, i)
		if err := write(s, fmt.Sprintln(i)); err != nil {
			t.Fatalf("Write %d: %v", i, err)
		}
	}
	if err := s.Close(time.Minute); err != nil {
		t.Fatalf("Close() = %v", err)
	}
	if w.got.String() != want.String() {
		t.Error("what was written is not what was given")
	}
	if err := write(s, "late"); !errors.Is(err, spool.ErrClosed) {
		t.Errorf("Write after Close: %v, want ErrClosed", err)
	}
}

func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &slow{let: make(chan struct{})}
		s := spool.New(w, 10)
		for _, text := range []string{"12345", "67890"} {
			if err := write(s, text); err != nil {
				t.Fatalf("Write: %v", err)
			}
			synctest.Wait() // the first is being written, and counts
		}
		if err := write(s, "x"); !errors.Is(err, spool.ErrFull) {
			t.Errorf("Write of an 11th byte: %v, want ErrFull", err)
		}
		if lost, err := s.State(); lost != 1 || err != nil {
			t.Errorf("State() = %d, %v, want 1, nil", lost, err)
		}
		if err := s.Close(time.Second); !errors.Is(err, spool.ErrDeadline) {
			t.Errorf("Close() of a stuck writer = %v, want ErrDeadline", err)
		}
		close(w.let)
		synctest.Wait()
		if w.got.String() != "1234567890" {
			t.Errorf("written %q, want 1234567890", w.got.String())
		}
	})
}

// What was lost is told once, when the writer has caught up.
func TestLostIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &slow{let: make(chan struct{})}
		s := spool.Open(w, spool.Config{Limit: 4, Lost: func(writes uint64) []byte { return fmt.Appendf(nil, "[%d lost]", writes) }})
		for _, text := range []string{"1234", "lost", "lost", "lost"} {
			_ = write(s, text)
			synctest.Wait()
		}
		close(w.let)
		synctest.Wait()
		_ = write(s, "5678")
		if err := s.Close(time.Minute); err != nil {
			t.Errorf("Close() = %v", err)
		}
		if want := "1234[3 lost]5678"; w.got.String() != want {
			t.Errorf("written %q, want %q", w.got.String(), want)
		}
	})
}

func TestErrorIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		w := &slow{fails: 1, err: broken}
		s := spool.New(w, 100)
		_ = write(s, "abc")
		synctest.Wait()
		if err := write(s, "def"); !errors.Is(err, broken) {
			t.Errorf("Write after an error: %v, want it", err)
		}
		if err := s.Close(time.Second); !errors.Is(err, broken) || !strings.Contains(err.Error(), "3 bytes") {
			t.Errorf("Close() = %v, want the error, and 3 bytes", err)
		}
	})
}

// A disk that was full goes on where it stopped, within the line that it broke off in.
func TestRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("disk full")
		w := &slow{fails: 1, err: full, cut: 2}
		var changes []error
		s := spool.Open(w, spool.Config{Limit: 8, Retry: time.Second, Changed: func(err error) { changes = append(changes, err) }})
		_ = write(s, "12345\n")
		synctest.Wait()
		if err := write(s, "67\n"); err != nil {
			t.Errorf("Write while the disk is full and there is room: %v", err)
		}
		if err := write(s, "lost\n"); !errors.Is(err, spool.ErrFull) {
			t.Errorf("Write while the disk is full and there is no room: %v, want ErrFull", err)
		}
		if _, err := s.State(); !errors.Is(err, full) {
			t.Errorf("State() = %v, want disk full", err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if w.got.String() != "12345\n67\n" {
			t.Errorf("written %q, want both lines whole", w.got.String())
		}
		if len(changes) != 2 || !errors.Is(changes[0], full) || changes[1] != nil {
			t.Errorf("Changed was called with %v, want disk full, then nil", changes)
		}
		if err := s.Close(time.Second); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
}

func TestCloseWhileFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("disk full")
		s := spool.Open(&slow{fails: 1, err: full}, spool.Config{Limit: 100, Retry: time.Hour})
		_ = write(s, "12345")
		synctest.Wait()
		began := time.Now()
		if err := s.Close(time.Minute); !errors.Is(err, full) {
			t.Errorf("Close() = %v, want disk full", err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("Close() took %v, want no waiting for the next try", took)
		}
	})
}

// What is to be done is done between what was written before and what is written later, and again if it fails.
func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &slow{let: make(chan struct{}, 10)}
		s := spool.Open(w, spool.Config{Limit: 100, Retry: time.Second})
		fails := 2
		mark := func(text string) {
			err := s.Do(func() error {
				if fails--; fails >= 0 {
					return errors.New("not yet")
				}
				w.got.WriteString(text)
				return nil
			})
			if err != nil {
				t.Fatalf("Do: %v", err)
			}
		}
		mark("<")
		for _, text := range []string{"a", "b"} {
			if err := write(s, text); err != nil {
				t.Fatal(err)
			}
		}
		mark("|")
		mark("|")
		if err := write(s, "c"); err != nil {
			t.Fatal(err)
		}
		mark(">")
		for range 10 {
			w.let <- struct{}{}
		}
		synctest.Wait()
		if _, err := s.State(); err == nil {
			t.Error("State() shows no error while something fails")
		}
		time.Sleep(3 * time.Second)
		if err := s.Close(time.Minute); err != nil || w.got.String() != "<ab||c>" {
			t.Errorf("Close() = %v, and %q was written; want nil and <ab||c>", err, w.got.String())
		}
		if err := s.Do(func() error { return nil }); !errors.Is(err, spool.ErrClosed) {
			t.Errorf("Do after Close: %v, want %v", err, spool.ErrClosed)
		}
	})
}
