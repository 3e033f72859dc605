package interop_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
	"linecook.dev/linecook/peer/udt/interop"
)

// endless are tasks that only an end of the connection ends.
func endless(open, work string) interop.Task {
	return interop.Task{Open: open, Mode: "stream", Work: work, IP: "127.0.0.1", Bytes: 1 << 50, Size: 1 << 16}
}

// theirs is the idle time-out of the library.
const theirs = 46 * time.Second

// TestLibraryIsKilled: we say so after our idle time-out, whichever way data went and whoever dialled.
func TestLibraryIsKilled(t *testing.T) {
	const idle = 2 * time.Second
	cfg := &udt.Config{IdleTimeout: idle, Linger: patience}
	for _, work := range []string{"fill", "drain"} {
		t.Run("it listens/"+work, func(t *testing.T) {
			t.Parallel()
			l := start(t, endless("listen", work))
			c, err := udt.Dial(t.Context(), "udp", l.Address(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			survive(t, c, l, work == "drain", idle)
		})
		t.Run("it dials/"+work, func(t *testing.T) {
			t.Parallel()
			ln, err := udt.Listen("udp", "127.0.0.1:0", cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			k := endless("dial", work)
			k.Peer = portOf(t, ln.Addr().String())
			l := start(t, k)
			c, err := ln.AcceptUDT()
			if err != nil {
				t.Fatal(err)
			}
			survive(t, c, l, work == "drain", idle)
		})
	}
}

// survive kills the other end of c while data flows.
func survive(t *testing.T, c *udt.Conn, l process, weSend bool, idle time.Duration) {
	t.Helper()
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	use, b := c.Read, make([]byte, 1<<16)
	if weSend {
		use = c.Write
	}
	for moved := 0; moved < 4<<20; {
		n, err := use(b)
		if err != nil {
			t.Fatalf("after %d bytes: %v", moved, err)
		}
		moved += n
	}
	l.Kill()
	killed := time.Now()
	var err error
	for err == nil {
		_, err = use(b)
	}
	if took := time.Since(killed); !errors.Is(err, udt.ErrIdle) || took > theirs/2 {
		t.Errorf("with an idle time-out of %v, the end says %v after %v", idle, err, took)
	}
	closing := time.Now()
	if c.Close(); time.Since(closing) > patience/2 {
		t.Errorf("Close of a connection that is over takes %v", time.Since(closing))
	}
}

// TestWeAreKilled: the library gives up much later, and lets go of what it has not got across.
func TestWeAreKilled(t *testing.T) {
	t.Parallel()
	for _, work := range []string{"fill", "drain"} {
		t.Run(work, func(t *testing.T) {
			t.Parallel()
			ours := map[string]string{"fill": "drain", "drain": "fill"}[work]
			l := start(t, endless("listen", work))
			k := endless("dial", ours)
			k.Peer = portOf(t, l.Address())
			w := startOurs(t, k)
			w.line("begun")
			w.Kill()
			err := l.Wait()
			if err == nil || !strings.Contains(err.Error(), "broken") {
				t.Errorf("the library's end of a connection whose other end was killed: %v, want it broken", err)
			}
		})
	}
}
