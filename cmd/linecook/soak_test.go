package main_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
)

var soakTime = flag.Duration("soak", 2*time.Second, "how long TestSoak has clients come and go")

const (
	soakClients = 50
	soakLoss    = 0.01
	soakPatch   = `
linecook: v1
timeline: {mode: arrival}
nodes:
  hub:
    udtin: {mode: server, port: 0, protocol: reliablemsging, maxlines: 10}
    callbacks: |
      def onReceive(dat, rowIndex, message, bytes, peer):
          peer.sendBytes(bytes)
  lines:
    udtin: {mode: server, port: 0, protocol: faststreaming, format: size, maxlines: 10}
    callbacks: |
      def onReceive(dat, rowIndex, message, bytes, peer):
          peer.sendBytes(bytes)
`
)

// TestSoak keeps 50 clients coming and going at a patch that echoes, half of them with messages and
// half with a stream, through relays that lose 1 % of the packets. A third of the visits end without
// a word. What comes back must be what was sent. It takes seconds; to see that nothing grows:
//
//	go test -v -run TestSoak -timeout 0 ./cmd/linecook -soak 1h
func TestSoak(t *testing.T) {
	s := startSoak(t)
	s.report()
	ctx, cancel := context.WithTimeout(t.Context(), *soakTime)
	defer cancel()
	var wg sync.WaitGroup
	for i := range soakClients {
		wg.Go(func() { s.visits(ctx, i%2 == 0) })
	}
	tick := time.NewTicker(min(time.Minute, *soakTime))
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			s.report()
		case <-ctx.Done():
		}
	}
	wg.Wait()
	s.report()
	s.drained()
	s.stop()
}

// A soak is a linecook with clients, and what they have seen.
type soak struct {
	live
	stdin     io.Writer
	addrs     [2]string // of hub and lines
	began     time.Time
	idle      int // goroutines without clients
	sent      atomic.Uint64
	back      atomic.Uint64
	visited   atomic.Uint64
	killed    atomic.Uint64
	connected atomic.Int64
}

func startSoak(t *testing.T) *soak {
	t.Helper()
	cmd := exec.Command("linecook-watched", "run", "--log-format", "json", writePatch(t, soakPatch))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &soak{live: live{spawn(t, cmd)}, stdin: stdin, began: time.Now()}
	s.addrs = [2]string{s.addr("/hub"), s.addr("/lines")}
	s.ready()
	s.idle, _ = s.watch()
	return s
}

// watch returns how many goroutines linecook has, and how many bytes are in use once all garbage is collected.
func (s *soak) watch() (goroutines, heap int) {
	s.t.Helper()
	if _, err := io.WriteString(s.stdin, "\n"); err != nil {
		s.t.Fatal(err)
	}
	line := s.out.any()
	if _, err := fmt.Sscan(line, &goroutines, &heap); err != nil {
		s.t.Fatalf("linecook-watched said %q: %v", line, err)
	}
	return goroutines, heap
}

func (s *soak) report() {
	s.t.Helper()
	goroutines, heap := s.watch()
	s.t.Logf("%8s  rss %6.1f MiB  needed %6.1f MiB  goroutines %3d  descriptors %3d  connected %2d  visits %d (%d without an end)  messages sent %d, echoed %d",
		time.Since(s.began).Round(time.Second), float64(s.rss())/(1<<20), float64(heap)/(1<<20), goroutines, s.descriptors(),
		s.connected.Load(), s.visited.Load(), s.killed.Load(), s.sent.Load(), s.back.Load())
}

func (s *soak) descriptors() int {
	s.t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	return len(open)
}

// otherGoroutines is how many goroutines may be there that are none of a client's: those that cook branches, and the
// runtime's own.
const otherGoroutines = 5

// drained waits until nothing is left of the clients.
func (s *soak) drained() {
	s.t.Helper()
	late := time.After(patience)
	for goroutines := -1; goroutines > s.idle+otherGoroutines || goroutines < 0; goroutines, _ = s.watch() {
		select {
		case <-late:
			s.report()
			s.t.Fatalf("%v after the last client linecook has more than the %d goroutines that it had before and %d", patience, s.idle, otherGoroutines)
		case <-time.After(100 * time.Millisecond):
		}
	}
	s.report()
}

// visits has one client after the other.
func (s *soak) visits(ctx context.Context, messages bool) {
	for ctx.Err() == nil {
		if err := s.visit(ctx, messages, rand.IntN(3) == 0); err != nil {
			s.t.Errorf("after %v: %v", time.Since(s.began).Round(time.Second), err)
			return
		}
	}
}

// visit is one client. What a stream brings back is without the length that was before it.
func (s *soak) visit(ctx context.Context, messages, kill bool) error {
	target, cfg, prefix := s.addrs[1], &udt.Config{Mode: udt.Stream}, 4
	if messages {
		target, cfg.Mode, prefix = s.addrs[0], udt.Messages, 0
	}
	r := newLossy(s.t, target, soakLoss)
	defer r.close()
	c, err := udt.Dial(context.WithoutCancel(ctx), "udp4", r.addr(), cfg)
	if err != nil {
		return err
	}
	s.visited.Add(1)
	s.connected.Add(1)
	defer s.connected.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, time.Duration(rand.Int64N(int64(15*time.Second))))
	defer cancel()
	err = s.talk(ctx, c, prefix)
	if kill {
		s.killed.Add(1)
		r.cut.Store(true)
		c.SetLinger(0)
	}
	return errors.Join(err, c.Close())
}

// talk sends until ctx ends, and then waits until all has come back.
func (s *soak) talk(ctx context.Context, c net.Conn, prefix int) error {
	sent, heard := make(chan []byte, 64), make(chan error, 1)
	go func() { heard <- s.hear(c, sent, prefix) }()
	var err error
	for ctx.Err() == nil && err == nil {
		m := soakMessage()
		if _, err = c.Write(m); err == nil {
			s.sent.Add(1)
			sent <- m
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(rand.Int64N(int64(40 * time.Millisecond)))):
		}
	}
	close(sent)
	return errors.Join(err, <-heard)
}

// hear compares what comes back with what was sent.
func (s *soak) hear(c net.Conn, sent <-chan []byte, prefix int) (err error) {
	b := make([]byte, 1<<16)
	for m := range sent {
		if err != nil {
			continue
		}
		want := m[prefix:]
		_ = c.SetReadDeadline(time.Now().Add(patience))
		_, err = io.ReadFull(c, b[:len(want)])
		if err == nil && !bytes.Equal(b[:len(want)], want) {
			err = fmt.Errorf("%d bytes came back with another content than was sent", len(want))
		}
		s.back.Add(1)
	}
	return err
}

// soakMessage returns random bytes, with their length before them.
func soakMessage() []byte {
	m := make([]byte, 5+rand.IntN(4000))
	for i := range m {
		m[i] = byte(rand.Uint32())
	}
	binary.BigEndian.PutUint32(m, uint32(len(m)-4))
	return m
}
