package main_test

import (
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// A lossy passes datagrams between one caller and a target, and loses a share of them each way.
type lossy struct {
	near, far *net.UDPConn
	loss      float64
	cut       atomic.Bool // nothing passes any more
	wg        sync.WaitGroup
}

// newLossy returns a relay to the UDP address target; addr is where to call it.
func newLossy(t *testing.T, target string, loss float64) *lossy {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", target)
	if err != nil {
		t.Fatal(err)
	}
	near, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	far, err := net.DialUDP("udp4", nil, to)
	if err != nil {
		t.Fatal(err)
	}
	r := &lossy{near: near, far: far, loss: loss}
	var caller atomic.Pointer[net.UDPAddr]
	r.wg.Go(func() {
		r.pass(near, func(b []byte, from *net.UDPAddr) {
			caller.Store(from)
			_, _ = far.Write(b)
		})
	})
	r.wg.Go(func() {
		r.pass(far, func(b []byte, _ *net.UDPAddr) { _, _ = near.WriteToUDP(b, caller.Load()) })
	})
	return r
}

func (r *lossy) addr() string { return r.near.LocalAddr().String() }

func (r *lossy) pass(from *net.UDPConn, on func(b []byte, from *net.UDPAddr)) {
	b := make([]byte, 1<<16)
	for {
		n, source, err := from.ReadFromUDP(b)
		switch {
		case err == nil && (r.cut.Load() || rand.Float64() < r.loss):
		case err == nil:
			on(b[:n], source)
		case errors.Is(err, net.ErrClosed):
			return
		}
	}
}

func (r *lossy) close() {
	r.near.Close()
	r.far.Close()
	r.wg.Wait()
}
