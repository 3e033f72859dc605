package udt_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"linecook.dev/linecook/peer/udt"
)

func TestConnIsANetConn(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		p := connect(t, &udt.Config{Linger: 3 * time.Second}) // one test leaves much unread
		p.client.SetDeadline(time.Time{})
		p.server.SetDeadline(time.Time{})
		stop = func() {
			p.client.Close()
			p.server.Close()
			p.listener.Close()
		}
		return p.client, p.server, stop, nil
	})
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestStreamArrivesIntact(t *testing.T) {
	for _, size := range []int{1, 1456, 1457, 100_000, 20_000_000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			p, data := connect(t, nil), randomBytes(size)
			var wg sync.WaitGroup
			wg.Go(func() {
				if n, err := p.client.Write(data); n != size || err != nil {
					t.Errorf("Write of %d bytes = %d, %v", size, n, err)
				}
				if err := p.client.Close(); err != nil {
					t.Error(err)
				}
			})
			got, err := io.ReadAll(p.server)
			wg.Wait()
			if err != nil || sha256.Sum256(got) != sha256.Sum256(data) {
				t.Errorf("%d bytes arrived, %v; want the %d that were sent", len(got), err, size)
			}
			t.Logf("%+v", p.server.Stats())
		})
	}
}

func TestMessages(t *testing.T) {
	p := connect(t, &udt.Config{Mode: udt.Messages})
	const count = 2000
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range count {
			if err := p.client.WriteMessage(bytes.Repeat([]byte{byte(i)}, 1+i*7%5000), udt.MessageOptions{}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var m []byte
	for i := range count {
		var err error
		m, err = p.server.ReadMessage(m[:0])
		if want := bytes.Repeat([]byte{byte(i)}, 1+i*7%5000); err != nil || !bytes.Equal(m, want) {
			t.Fatalf("message %d has %d bytes, %v; want %d", i, len(m), err, len(want))
		}
	}
	wg.Wait()
	if err := p.client.WriteMessage(make([]byte, p.client.MaxMessage()+1), udt.MessageOptions{}); !errors.Is(err, udt.ErrTooLong) {
		t.Errorf("WriteMessage of more than MaxMessage: error %v, want ErrTooLong", err)
	}
}

func TestManyConnectionsOnTwoPorts(t *testing.T) {
	l, err := udt.Listen("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port, err := udt.Open("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	var wg sync.WaitGroup
	const count = 50
	wg.Go(func() {
		for range count {
			c, err := l.Accept()
			if err != nil {
				t.Error(err)
				return
			}
			wg.Go(func() {
				defer c.Close()
				if _, err := io.Copy(c, c); err != nil {
					t.Error(err)
				}
			})
		}
	})
	for i := range count {
		wg.Go(func() {
			c, err := port.Dial(t.Context(), l.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			want := bytes.Repeat([]byte{byte(i)}, 20_000)
			got := make([]byte, len(want))
			c.Write(want)
			if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("connection %d: the echo differs, %v", i, err)
			}
		})
	}
	wg.Wait()
}

func TestRendezvous(t *testing.T) {
	var ports [2]*udt.Port
	for i := range ports {
		p, err := udt.Open("udp", "127.0.0.1:0", &udt.Config{MSS: 1500 - 100*i})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		ports[i] = p
	}
	data := randomBytes(200_000)
	var wg sync.WaitGroup
	for i, p := range ports {
		wg.Go(func() {
			c, err := p.Rendezvous(t.Context(), ports[1-i].Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			got := make([]byte, len(data))
			var both sync.WaitGroup
			both.Go(func() { c.Write(data) })
			if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, data) {
				t.Errorf("end %d: what arrived differs, %v", i, err)
			}
			both.Wait()
		})
	}
	wg.Wait()
}

func TestDialWhereNobodyListens(t *testing.T) {
	pc, err := net.ListenPacket("udp", "127.0.0.1:0") // takes packets and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer pc.Close()
	_, err = udt.Dial(t.Context(), "udp", pc.LocalAddr().String(), &udt.Config{ConnectTimeout: 20 * time.Millisecond})
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Dial: error %v, want os.ErrDeadlineExceeded", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = udt.Dial(ctx, "udp", pc.LocalAddr().String(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial with a context that is done: error %v, want context.Canceled", err)
	}
}

func TestModesDiffer(t *testing.T) {
	l, err := udt.Listen("udp", "127.0.0.1:0", &udt.Config{Mode: udt.Messages})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := udt.Dial(t.Context(), "udp", l.Addr().String(), nil); !errors.Is(err, udt.ErrRefused) {
		t.Errorf("Dial of a stream to a listener for messages: error %v, want ErrRefused", err)
	}
}

func TestFullBacklog(t *testing.T) {
	cfg := &udt.Config{Backlog: 1}
	p := connect(t, cfg)
	second, err := udt.Dial(t.Context(), "udp", p.listener.Addr().String(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if _, err := udt.Dial(t.Context(), "udp", p.listener.Addr().String(), cfg); !errors.Is(err, udt.ErrRefused) {
		t.Errorf("Dial with a full backlog: error %v, want ErrRefused", err)
	}
	accepted, err := p.listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	accepted.Close()
}

func TestConnectionsOutliveTheListener(t *testing.T) {
	p := connect(t, nil)
	p.listener.Close()
	if _, err := p.listener.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept of a closed listener: error %v, want net.ErrClosed", err)
	}
	p.client.Write([]byte("still here"))
	b := make([]byte, 10)
	if _, err := io.ReadFull(p.server, b); string(b) != "still here" || err != nil {
		t.Errorf("after the listener was closed %q arrives, %v", b, err)
	}
}

func TestSilentPeerEndsTheConnection(t *testing.T) {
	l, err := udt.Listen("udp", "127.0.0.1:0", &udt.Config{IdleTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := udt.Dial(t.Context(), "udp", l.Addr().String(), &udt.Config{IdleTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	server.SetDeadline(time.Now().Add(patience))
	if _, err := server.Read(make([]byte, 1)); !errors.Is(err, udt.ErrIdle) {
		t.Errorf("Read from a peer that is silent: error %v, want ErrIdle", err)
	}
}
