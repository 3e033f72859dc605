package interop_test

import (
	"errors"
	"hash/fnv"
	"io"
	"os"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
	"linecook.dev/linecook/peer/udt/interop"
)

// slow is more than the buffers of both ends take.
var slow = interop.Task{Open: "listen", Mode: "stream", IP: "127.0.0.1", Bytes: 40_000_000, Size: 1 << 16}

// buffers are what the ends of a connection hold at most, in bytes.
const buffers = 2 * 8192 * 1456

func TestLibraryThatDoesNotRead(t *testing.T) {
	t.Parallel()
	k := slow
	k.Work = "hold"
	l := start(t, k)
	c, err := udt.Dial(t.Context(), "udp", l.Address(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sent := make([]byte, k.Bytes)
	content(sent, 0)
	c.SetWriteDeadline(time.Now().Add(time.Second))
	n, err := c.Write(sent)
	if !errors.Is(err, os.ErrDeadlineExceeded) || n > buffers {
		t.Errorf("Write to an end that does not read = %d, %v, want at most %d bytes and a time-out", n, err, buffers)
	}
	l.Tell()
	c.SetWriteDeadline(time.Now().Add(patience))
	if _, err := c.Write(sent[n:]); err != nil {
		t.Error(err)
	}
	c.Close()
	if got, want := l.line("sum"), (sum{k.Bytes, hashOf(sent)}); got != want.String() {
		t.Errorf("the library has %s, want %v", got, want)
	}
	l.wait()
}

func TestLibraryThatReadsSlowly(t *testing.T) {
	for _, mode := range []string{"stream", "inorder"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k := slow
			k.Work, k.Mode, k.Pause = "recv", mode, 2*time.Millisecond
			dial(t, k)
		})
	}
}

func TestWeReadSlowly(t *testing.T) {
	t.Parallel()
	k := slow
	k.Work = "send"
	l := start(t, k)
	c, err := udt.Dial(t.Context(), "udp", l.Address(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	h, b := fnv.New64a(), make([]byte, 1<<16)
	pace := time.NewTicker(2 * time.Millisecond)
	defer pace.Stop()
	for got := 0; got < k.Bytes; got += len(b) {
		<-pace.C
		b = b[:min(len(b), k.Bytes-got)]
		if _, err := io.ReadFull(c, b); err != nil {
			t.Fatalf("after %d bytes: %v; %+v", got, err, c.Stats())
		}
		h.Write(b)
	}
	if got, want := (sum{k.Bytes, h.Sum64()}), l.line("sum"); got.String() != want {
		t.Errorf("Go has %v, the library %s", got, want)
	}
	c.Close()
	l.wait()
}
