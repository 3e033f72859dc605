package udt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// TestTryWriteMessageDoesNotWait: what is taken is bounded by the buffers of both ends, and arrives.
func TestTryWriteMessageDoesNotWait(t *testing.T) {
	const buffer = 64
	p := connect(t, &udt.Config{Mode: udt.Messages, SendBuffer: buffer, RecvBuffer: buffer})
	number := func(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }
	var taken, read uint32
	for range 10 {
		for {
			ok, err := p.client.TryWriteMessage(number(taken), udt.MessageOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			taken++
		}
		if s := p.client.Stats(); s.Unacked > buffer || taken-read > 2*buffer+64 {
			t.Fatalf("%d packets are not acknowledged and %d messages not read, with buffers for %d", s.Unacked, taken-read, buffer)
		}
		for ; read < taken; read++ {
			if m, err := p.server.ReadMessage(nil); err != nil || !bytes.Equal(m, number(read)) {
				t.Fatalf("message %d is %x, %v", read, m, err)
			}
		}
		if err := p.client.WriteMessage(number(taken), udt.MessageOptions{}); err != nil {
			t.Fatal(err)
		}
		taken++
	}
}

func TestTryWrite(t *testing.T) {
	p := connect(t, &udt.Config{SendBuffer: 32, RecvBuffer: 32})
	data := randomBytes(1 << 20)
	var got []byte
	for sent := 0; len(got) < len(data); {
		n, err := p.client.TryWrite(data[sent:])
		if err != nil {
			t.Fatal(err)
		}
		if sent += n; sent == len(got) {
			continue
		}
		into := make([]byte, 1<<16)
		if n, err = p.server.Read(into); err != nil {
			t.Fatal(err)
		}
		got = append(got, into[:n]...)
	}
	if !bytes.Equal(got, data) {
		t.Error("what arrives differs from what TryWrite took")
	}
}

func TestTryWriteErrors(t *testing.T) {
	p := connect(t, &udt.Config{Mode: udt.Messages})
	p.client.SetWriteDeadline(time.Unix(1, 0))
	if n, err := p.client.TryWrite([]byte("late")); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("TryWrite after the deadline = %d, %v; want os.ErrDeadlineExceeded", n, err)
	}
	p.client.Close()
	if ok, err := p.client.TryWriteMessage([]byte("late"), udt.MessageOptions{}); ok || !errors.Is(err, net.ErrClosed) {
		t.Errorf("TryWriteMessage after Close = %t, %v; want net.ErrClosed", ok, err)
	}
}

func TestAllowIsAskedBeforeAccept(t *testing.T) {
	var allowed atomic.Uint32 // the port of the one
	l, err := udt.Listen("udp", "127.0.0.1:0", &udt.Config{
		Allow: func(client netip.AddrPort) bool { return client.Port() == uint16(allowed.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := udt.Dial(t.Context(), "udp", l.Addr().String(), nil); !errors.Is(err, udt.ErrRefused) {
		t.Errorf("Dial from an address that is not allowed: error %v, want ErrRefused", err)
	}
	port, err := udt.Open("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	allowed.Store(uint32(port.Addr().(*net.UDPAddr).Port))
	c, err := port.Dial(t.Context(), l.Addr().String())
	if err != nil {
		t.Fatalf("Dial from the address that is allowed: %v", err)
	}
	accepted, err := l.Accept()
	if err != nil || accepted.RemoteAddr().String() != port.Addr().String() {
		t.Fatalf("Accept = %v, %v; want the connection from %v", accepted, err, port.Addr())
	}
	accepted.Close()
	c.Close()
}

func TestSetLinger(t *testing.T) {
	p := connect(t, &udt.Config{RecvBuffer: 32, Linger: time.Hour})
	for n := 1; n > 0; {
		n, _ = p.client.TryWrite(make([]byte, 1<<16))
	}
	p.client.SetLinger(10 * time.Millisecond)
	if err := p.client.Close(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Close with what nobody reads: error %v, want os.ErrDeadlineExceeded", err)
	}
}
