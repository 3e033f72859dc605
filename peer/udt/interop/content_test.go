package interop_test

import (
	"fmt"
	"hash/fnv"
	"io"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
	"linecook.dev/linecook/peer/udt/interop"
)

// content fills b with what byte at and those after it are; see peer.cpp.
func content(b []byte, at int) {
	for i := range b {
		b[i] = byte(uint64(at+i) * 2654435761 >> 13)
	}
}

// A sum is what an end says of what it sent or received.
type sum struct {
	bytes int
	sum   uint64
}

func (s sum) String() string { return fmt.Sprintf("%d %d", s.bytes, s.sum) }

func hashOf(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}

// sumOf is the sum of a stream of n bytes.
func sumOf(n int) sum {
	b := make([]byte, n)
	content(b, 0)
	return sum{n, hashOf(b)}
}

func config(k interop.Task) *udt.Config {
	c := &udt.Config{Linger: patience}
	if k.Mode != "stream" {
		c.Mode = udt.Messages
	}
	return c
}

func sendAll(c *udt.Conn, k interop.Task) (s sum, err error) {
	h, b := fnv.New64a(), make([]byte, k.Size)
	for s.bytes < k.Bytes && err == nil {
		p := b[:min(k.Size, k.Bytes-s.bytes)]
		content(p, s.bytes)
		if k.Mode == "stream" {
			h.Write(p)
			_, err = c.Write(p)
		} else {
			s.sum += hashOf(p)
			err = c.WriteMessage(p, udt.MessageOptions{AnyOrder: k.Mode == "anyorder"})
		}
		s.bytes += len(p)
	}
	if k.Mode == "stream" {
		s.sum = h.Sum64()
	}
	return s, err
}

func receiveAll(c *udt.Conn, k interop.Task) (s sum, err error) {
	if k.Mode == "stream" {
		h := fnv.New64a()
		n, err := io.CopyN(h, c, int64(k.Bytes))
		return sum{int(n), h.Sum64()}, err
	}
	var m []byte
	for s.bytes < k.Bytes && err == nil {
		m, err = c.ReadMessage(m[:0])
		s.bytes += len(m)
		s.sum += hashOf(m)
	}
	return s, err
}

// move does our side of k, which says what the library does, over c, and compares. The library does not read
// the last message if the end of the connection comes while it is waking up for it, which takes long on a
// busy machine, so that only streams are closed before it has all.
func move(t *testing.T, c *udt.Conn, l process, k interop.Task) {
	t.Helper()
	c.SetDeadline(time.Now().Add(patience))
	do := receiveAll
	if k.Work == "recv" {
		do = sendAll
	}
	got, err := do(c, k)
	if err != nil {
		t.Errorf("%+v: after %d bytes: %v\n%+v", k, got.bytes, err, c.Stats())
	}
	if k.Work == "recv" && k.Mode == "stream" {
		if err := c.Close(); err != nil {
			t.Errorf("%+v: %v\n%+v", k, err, c.Stats())
		}
	}
	if want := l.line("sum"); got.String() != want {
		t.Errorf("%+v: Go has %v, the library %s", k, got, want)
	}
	c.Close()
}
