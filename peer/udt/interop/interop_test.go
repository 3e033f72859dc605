package interop_test

import (
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// content fills b with what byte at and those after it are; see peer.cpp.
func content(b []byte, at int) {
	for i := range b {
		b[i] = byte(uint64(at+i) * 2654435761 >> 13)
	}
}

// A sum is what peer.cpp says of what it sent or received.
type sum struct {
	bytes int
	sum   uint64
}

func (s sum) String() string { return fmt.Sprintf("sum %d %d", s.bytes, s.sum) }

func hashOf(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}

func config(k task) *udt.Config {
	if k.mode == "stream" {
		return nil
	}
	return &udt.Config{Mode: udt.Messages}
}

func sendAll(c *udt.Conn, k task) (s sum, err error) {
	h, b := fnv.New64a(), make([]byte, k.size)
	for s.bytes < k.bytes && err == nil {
		p := b[:min(k.size, k.bytes-s.bytes)]
		content(p, s.bytes)
		if k.mode == "stream" {
			h.Write(p)
			_, err = c.Write(p)
		} else {
			s.sum += hashOf(p)
			err = c.WriteMessage(p, udt.MessageOptions{AnyOrder: k.mode == "anyorder"})
		}
		s.bytes += len(p)
	}
	if k.mode == "stream" {
		s.sum = h.Sum64()
	}
	return s, err
}

func receiveAll(c *udt.Conn, k task) (s sum, err error) {
	h := fnv.New64a()
	if k.mode == "stream" {
		n, err := io.CopyN(h, c, int64(k.bytes))
		return sum{int(n), h.Sum64()}, err
	}
	var m []byte
	for s.bytes < k.bytes && err == nil {
		m, err = c.ReadMessage(m[:0])
		s.bytes += len(m)
		s.sum += hashOf(m)
	}
	return s, err
}

// move lets Go and the library move what k says over c, and compares.
func move(t *testing.T, c *udt.Conn, l *library, weSend bool, k task) {
	t.Helper()
	c.SetDeadline(time.Now().Add(patience))
	do := receiveAll
	if weSend {
		do = sendAll
	}
	got, err := do(c, k)
	if err != nil {
		t.Errorf("%+v: after %d bytes: %v\n%+v", k, got.bytes, err, c.Stats())
	}
	if weSend {
		c.Close()
	}
	if want := l.line(t, "sum "); got.String() != want {
		t.Errorf("%+v: Go has %v, the library %s", k, got, want)
	}
	c.Close()
}

// directions are who sends: the word for the library, and whether Go sends.
var directions = map[string]bool{"send": false, "recv": true}

var tasks = []task{
	{mode: "stream", bytes: 1, size: 1},
	{mode: "stream", bytes: 1456, size: 1456},
	{mode: "stream", bytes: 1457, size: 1457},
	{mode: "stream", bytes: 300_000, size: 777},
	{mode: "stream", bytes: 30_000_000, size: 1 << 16},
	{mode: "inorder", bytes: 1, size: 1},
	{mode: "inorder", bytes: 3_000_000, size: 1200},
	{mode: "inorder", bytes: 10_000_000, size: 100_000},
	{mode: "anyorder", bytes: 3_000_000, size: 1457},
	{mode: "anyorder", bytes: 10_000_000, size: 1_000_000},
}

func eachTask(t *testing.T, test func(t *testing.T, k task, what string, weSend bool)) {
	for _, k := range tasks {
		for what, weSend := range directions {
			t.Run(fmt.Sprintf("%s/%d by %d/library %s", k.mode, k.bytes, k.size, what), func(t *testing.T) {
				test(t, k, what, weSend)
			})
		}
	}
}

func TestLibraryListens(t *testing.T) {
	eachTask(t, func(t *testing.T, k task, what string, weSend bool) {
		l := start(t, "listen", what, "127.0.0.1", "", k)
		c, err := udt.Dial(t.Context(), "udp", "127.0.0.1:"+l.port, config(k))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		move(t, c, l, weSend, k)
		l.wait(t)
	})
}

func TestLibraryDials(t *testing.T) {
	eachTask(t, func(t *testing.T, k task, what string, weSend bool) {
		accept(t, "127.0.0.1", k, what, weSend)
	})
}

func accept(t *testing.T, ip string, k task, what string, weSend bool) {
	ln, err := udt.Listen("udp", net.JoinHostPort(ip, "0"), config(k))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	l := start(t, "dial", what, ip, ln.Addr().String(), k)
	for range max(1, k.connections) {
		c, err := ln.AcceptUDT()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		move(t, c, l, weSend, k)
	}
	l.wait(t)
}

func TestLibraryDialsOverIPv6(t *testing.T) {
	for what, weSend := range directions {
		accept(t, "::1", task{mode: "stream", bytes: 3_000_000, size: 10_000}, what, weSend)
	}
}

func TestRendezvousWithTheLibrary(t *testing.T) {
	eachTask(t, func(t *testing.T, k task, what string, weSend bool) {
		port, err := udt.Open("udp", "127.0.0.1:0", config(k))
		if err != nil {
			t.Fatal(err)
		}
		defer port.Close()
		l := start(t, "rendezvous", what, "127.0.0.1", port.Addr().String(), k)
		c, err := port.Rendezvous(t.Context(), "127.0.0.1:"+l.port)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		move(t, c, l, weSend, k)
		l.wait(t)
	})
}

// TestEightConnectionsOnOnePort: both ways at once, over connections that share our port and the
// library's listener.
func TestEightConnectionsOnOnePort(t *testing.T) {
	k := task{mode: "stream", bytes: 2_000_000, size: 1, connections: 8}
	l := start(t, "listen", "echo", "127.0.0.1", "", k)
	port, err := udt.Open("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	var wg sync.WaitGroup
	for i := range k.connections {
		wg.Go(func() {
			c, err := port.Dial(t.Context(), "127.0.0.1:"+l.port)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(patience))
			sent := make([]byte, k.bytes)
			content(sent, i)
			wg.Go(func() { c.Write(sent) })
			got := make([]byte, k.bytes)
			if _, err := io.ReadFull(c, got); err != nil || hashOf(got) != hashOf(sent) {
				t.Errorf("connection %d: the echo differs, %v", i, err)
			}
		})
	}
	wg.Wait()
	l.wait(t)
}
