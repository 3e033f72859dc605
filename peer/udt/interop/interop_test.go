package interop_test

import (
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
	"linecook.dev/linecook/peer/udt/interop"
)

// tasks are small enough for every way to open a connection.
var tasks = []interop.Task{
	{Mode: "stream", Bytes: 1, Size: 1},
	{Mode: "stream", Bytes: 1456, Size: 1456},
	{Mode: "stream", Bytes: 1457, Size: 1457},
	{Mode: "stream", Bytes: 300_000, Size: 777},
	{Mode: "stream", Bytes: 10_000_000, Size: 1 << 16},
	{Mode: "inorder", Bytes: 1, Size: 1},
	{Mode: "inorder", Bytes: 3_000_000, Size: 1200},
	{Mode: "inorder", Bytes: 10_000_000, Size: 100_000},
	{Mode: "anyorder", Bytes: 3_000_000, Size: 1457},
	{Mode: "anyorder", Bytes: 10_000_000, Size: 1_000_000},
}

var large = []interop.Task{
	{Mode: "stream", Bytes: 100_000_000, Size: 1 << 20},
	{Mode: "inorder", Bytes: 30_000_000, Size: 3_000_000},
}

// each runs a test of every task with the library as sender and as receiver, several at a time.
func each(t *testing.T, tasks []interop.Task, ip string, test func(t *testing.T, k interop.Task)) {
	for _, k := range tasks {
		for _, work := range []string{"send", "recv"} {
			k.Work, k.IP = work, ip
			k := k
			t.Run(fmt.Sprintf("%s/%d by %d/library %s", k.Mode, k.Bytes, k.Size, k.Work), func(t *testing.T) {
				t.Parallel()
				test(t, k)
			})
		}
	}
}

func TestLibraryListens(t *testing.T) { each(t, slices.Concat(tasks, large), "127.0.0.1", dial) }

func TestLibraryListensOverIPv6(t *testing.T) { each(t, tasks[4:8], "::1", dial) }

func dial(t *testing.T, k interop.Task) {
	k.Open = "listen"
	l := start(t, k)
	c, err := udt.Dial(t.Context(), "udp", l.Address(), config(k))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	move(t, c, l, k)
	l.wait()
}

func TestLibraryDials(t *testing.T) { each(t, slices.Concat(tasks, large), "127.0.0.1", accept) }

func TestLibraryDialsOverIPv6(t *testing.T) { each(t, tasks[4:8], "::1", accept) }

func accept(t *testing.T, k interop.Task) {
	ln, err := udt.Listen("udp", net.JoinHostPort(k.IP, "0"), config(k))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	k.Open, k.Peer = "dial", portOf(t, ln.Addr().String())
	l := start(t, k)
	c, err := ln.AcceptUDT()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	move(t, c, l, k)
	l.wait()
}

func TestRendezvousWithTheLibrary(t *testing.T) { each(t, tasks, "127.0.0.1", rendezvous) }

func TestRendezvousWithTheLibraryOverIPv6(t *testing.T) { each(t, tasks[4:5], "::1", rendezvous) }

func rendezvous(t *testing.T, k interop.Task) {
	port, err := udt.Open("udp", net.JoinHostPort(k.IP, "0"), config(k))
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	k.Open, k.Peer = "rendezvous", portOf(t, port.Addr().String())
	l := start(t, k)
	c, err := port.Rendezvous(t.Context(), l.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	move(t, c, l, k)
	l.wait()
}

// Both ways at once, over connections that share a port on either side.
var eight = interop.Task{Mode: "stream", IP: "127.0.0.1", Bytes: 2_000_000, Size: 10_000, Connections: 8}

func TestEightOfOurConnectionsFromOnePort(t *testing.T) {
	t.Parallel()
	k := eight
	k.Open, k.Work = "listen", "echo"
	l := start(t, k)
	port, err := udt.Open("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	var wg sync.WaitGroup
	for i := range k.Connections {
		wg.Go(func() {
			c, err := port.Dial(t.Context(), l.Address())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(patience))
			sent := make([]byte, k.Bytes)
			content(sent, i)
			wg.Go(func() { c.Write(sent) })
			got := make([]byte, k.Bytes)
			if _, err := io.ReadFull(c, got); err != nil || hashOf(got) != hashOf(sent) {
				t.Errorf("connection %d: the echo differs, %v", i, err)
			}
		})
	}
	wg.Wait()
	l.wait()
}

func TestEightOfTheLibrarysConnectionsFromOnePort(t *testing.T) {
	t.Parallel()
	ln, err := udt.Listen("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	k := eight
	k.Open, k.Work, k.Peer = "dial", "both", portOf(t, ln.Addr().String())
	l := start(t, k)
	var wg sync.WaitGroup
	from := map[string]bool{}
	for range k.Connections {
		c, err := ln.AcceptUDT()
		if err != nil {
			t.Fatal(err)
		}
		from[c.RemoteAddr().String()] = true
		wg.Go(func() {
			defer c.Close()
			c.SetDeadline(time.Now().Add(patience))
			if n, err := io.CopyN(c, c, int64(k.Bytes)); err != nil {
				t.Errorf("the echo ends after %d bytes: %v", n, err)
			}
		})
	}
	want := sumOf(k.Bytes).String()
	for range 2 * k.Connections { // sent and received
		if got := l.line("sum"); got != want {
			t.Errorf("the library has %s, want %s", got, want)
		}
	}
	wg.Wait()
	l.wait()
	if len(from) != 1 {
		t.Errorf("the library's connections come from %v, want one port", from)
	}
}
