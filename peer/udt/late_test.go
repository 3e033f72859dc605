package udt_test

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// A recorder keeps what is written.
type recorder struct {
	*memory
	mu      sync.Mutex
	written [][]byte
}

func (r *recorder) WriteTo(b []byte, to net.Addr) (int, error) {
	r.mu.Lock()
	r.written = append(r.written, bytes.Clone(b))
	r.mu.Unlock()
	return r.memory.WriteTo(b, to)
}

// TestLateHandshakeOpensNothing: copies of the packets of a connection that is over, which the network held
// back, make no connection that nobody is at the other end of.
func TestLateHandshakeOpensNothing(t *testing.T) {
	peers := map[netip.AddrPort]*memory{}
	far := &recorder{memory: newMemory(peers, "192.0.2.1:1", 1000)}
	near := newMemory(peers, "192.0.2.2:2", 1000)
	client, err := udt.NewPort(far, &udt.Config{Linger: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := udt.NewPort(near, &udt.Config{Linger: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	l, err := server.Listen()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		ours, err := client.Dial(t.Context(), near.at.String())
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := l.AcceptUDT()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ours.Write([]byte("x")); err != nil {
			t.Error(err)
		}
		theirs.SetDeadline(time.Now().Add(patience))
		if _, err := theirs.Read(make([]byte, 1)); err != nil {
			t.Errorf("what was accepted is not what was dialled: %v", err)
		}
		ours.Close()
		theirs.Close()
		far.mu.Lock()
		for _, packet := range far.written {
			near.queue <- datagram{packet, far.at}
		}
		far.mu.Unlock()
	}
}

func TestSetLingerWhileClosing(t *testing.T) {
	p := connect(t, &udt.Config{RecvBuffer: 32, Linger: time.Hour})
	for n := 1; n > 0; {
		n, _ = p.client.TryWrite(make([]byte, 1<<16))
	}
	closed := make(chan error)
	go func() { closed <- p.client.Close() }()
	for err := error(nil); !errors.Is(err, net.ErrClosed); {
		runtime.Gosched()
		_, err = p.client.TryWrite([]byte{1})
	}
	p.client.SetLinger(10 * time.Millisecond)
	if err := <-closed; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Close with what nobody reads: error %v, want os.ErrDeadlineExceeded", err)
	}
}

// A troubled is a PacketConn of which each read fails, and passes.
type troubled struct {
	*memory
	reads int
}

func (c *troubled) ReadFrom([]byte) (int, net.Addr, error) {
	c.reads++
	select {
	case <-c.done:
		return 0, nil, net.ErrClosed
	default:
		return 0, nil, os.NewSyscallError("recvfrom", syscall.ENOMEM)
	}
}

func TestErrorsThatPassAreNotReadInALoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &troubled{memory: newMemory(map[netip.AddrPort]*memory{}, "192.0.2.1:1", 1)}
		port, err := udt.NewPort(c, nil)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		port.Close()
		if c.reads < 10 || c.reads > 30 {
			t.Errorf("%d reads in 10 s of errors, want one a second in the end", c.reads)
		}
	})
}
